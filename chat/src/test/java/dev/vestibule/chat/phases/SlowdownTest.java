package dev.vestibule.chat.phases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vestibule.chat.signin.CookieKey;
import dev.vestibule.testkit.ManualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlowdownTest {

  private final ManualTime time = new ManualTime();
  private final List<Duration> rests = new ArrayList<>();

  private Slowdown slowdown(Duration atLeast) {
    return new Slowdown(
        atLeast,
        time,
        rest -> {
          rests.add(rest);
          time.advance(rest);
        });
  }

  @Test
  void workIsStretchedOverTheWholeTime() throws Exception {
    Slowdown.Course course = slowdown(Duration.ofSeconds(3)).begin(3);
    course.portion();
    time.advance(Duration.ofMillis(400));
    course.portion();
    time.advance(Duration.ofMillis(1_200));
    course.portion();

    assertThat(rests).containsExactly(Duration.ofSeconds(1), Duration.ofMillis(600));
  }

  @Test
  void workThatIsNotSlowedIsNotHeldUp() throws Exception {
    Slowdown.Course course = slowdown(Duration.ZERO).begin(2);
    course.portion();
    course.portion();
    assertThat(rests).isEmpty();
  }

  @Test
  void aDirectoryIsOneProcesssAlone(@TempDir Path data) throws Exception {
    DataDirectory first = new DataDirectory(data, new CookieKey());
    first.run(slowdown(Duration.ZERO));
    DataDirectory second = new DataDirectory(data, new CookieKey());

    assertThatThrownBy(() -> second.run(slowdown(Duration.ZERO)))
        .hasMessage("data directory: " + data + " (expected: not in use by another process)");
    first.close();
    second.run(slowdown(Duration.ZERO));
    second.close();
  }
}
