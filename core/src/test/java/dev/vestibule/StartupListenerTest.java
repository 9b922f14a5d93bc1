package dev.vestibule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.testkit.ManualTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is heard of a startup: everything, once, in order, whoever listens beside. */
class StartupListenerTest {

  private final Logs logs = Logs.capture();
  private final ManualTime time = new ManualTime();
  private final List<String> seen = new ArrayList<>();

  @AfterEach
  void restoreLogging() {
    logs.close();
    assertThat(time.pending()).isZero();
  }

  private StartupBuilder define() {
    return Startup.define().ticker(time).scheduler(time);
  }

  @Test
  void listenersHearEverythingOnceAndInOrder() {
    List<StartupEvent> heard = new ArrayList<>();
    Startup startup =
        define().phase("a", p -> p.signalled()).phase("b", p -> p.signalled().after("a")).build();
    startup.listen(heard::add);
    startup.start();
    startup.signal("a").failed(new IOException("boom"));

    assertThat(heard.stream().map(StartupListenerTest::brief))
        .containsExactly("a RUNNING", "a FAILED", "startup FAILED", "b SKIPPED");
    assertThat(heard.stream().map(event -> event.snapshot().version()))
        .containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void aListenerThatThrowsIsLoggedAndOthersStillHear() {
    Startup startup = define().phase("a", p -> p.signalled()).build();
    startup.listen(event -> {
      throw StartupListenerTest.<RuntimeException>undeclared(new IOException("listener"));
    });
    startup.listen(event -> {
      throw new StackOverflowError("listener");
    });
    startup.listen(event -> seen.add(brief(event)));

    startup.start();

    assertThat(seen).containsExactly("a RUNNING");
    assertThat(logs.warnings()).hasSize(2).allMatch(line -> line.contains("listener threw"));
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> T undeclared(Throwable thrown) throws T {
    throw (T) thrown;
  }

  @Test
  void aListenerMaySignalAndEveryoneStillHearsInOrder() {
    Startup startup =
        define().phase("a", p -> p.signalled()).phase("b", p -> p.signalled().after("a")).build();
    startup.listen(event -> {
      if (brief(event).equals("a RUNNING")) {
        startup.signal("a").ready();
      } else if (brief(event).equals("b RUNNING")) {
        startup.signal("b").ready();
        startup.close();
      }
    });
    startup.listen(event -> seen.add(brief(event)));

    startup.start();

    assertThat(seen)
        .containsExactly(
            "a RUNNING", "a READY", "b RUNNING", "b READY", "startup COMPLETE", "startup CLOSED");
  }

  @Test
  void tasksMayRunOnTheCallersThread() {
    Startup startup =
        Startup.define()
            .phase("a", p -> p.run(() -> seen.add("a")))
            .phase("b", p -> p.run(() -> seen.add("b")).after("a"))
            .ticker(time)
            .scheduler(time)
            .executor(Runnable::run)
            .build();
    startup.listen(event -> seen.add(brief(event)));

    startup.start();

    assertThat(seen)
        .containsSubsequence("a", "b")
        .containsSubsequence("a RUNNING", "a READY", "b RUNNING", "b READY", "startup COMPLETE");
  }

  private static String brief(StartupEvent event) {
    if (event instanceof StartupEvent.PhaseChanged changed) {
      assertThat(changed.snapshot().phase(changed.phase()).state()).isEqualTo(changed.to());
      return changed.phase() + " " + changed.to();
    }
    StartupEvent.StartupChanged changed = (StartupEvent.StartupChanged) event;
    assertThat(changed.snapshot().state()).isEqualTo(changed.to());
    return "startup " + changed.to();
  }
}
