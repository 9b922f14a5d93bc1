package dev.vestibule.gateway.child;

import dev.vestibule.Scheduler;
import dev.vestibule.Ticker;
import dev.vestibule.gateway.config.ReadinessSettings;
import dev.vestibule.gateway.upstream.UpstreamScene;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A process with a child, as {@code vestibule run} is; prints what happens, a line each. */
public final class SignalledProcess implements ChildListener {

  private SignalledProcess() {}

  /** Grace in milliseconds, then the command. */
  public static void main(String[] arguments) {
    List<String> command = List.of(arguments).subList(1, arguments.length);
    Duration grace = Duration.ofMillis(Long.parseLong(arguments[0]));
    ChildSettings settings =
        new ChildSettings(command, null, ChildSettings.Restart.ON_FAILURE, 0, false, grace);
    UpstreamScene scene =
        new UpstreamScene(null, new ReadinessSettings.Tcp(), Ticker.system(), Scheduler.system());
    Child child =
        new Child(
            settings,
            scene.upstream,
            scene.loop,
            scene.probing,
            Ticker.system(),
            Scheduler.system(),
            new SignalledProcess());
    Signals.install(
        child,
        atOnce -> {
          child.endsSoon(grace);
          say("draining");
          return CompletableFuture.completedFuture(null);
        });
    child.start();
    System.exit(child.ended().toCompletableFuture().join());
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  @Override
  public void started(long pid, InetSocketAddress at) {
    say("started " + pid);
  }

  @Override
  public void listensElsewhere(String ports, int told) {
    say("listens on " + ports);
  }

  @Override
  public void listensWider(String where) {
    say("listens on " + where);
  }

  @Override
  public void exited(int code, Duration ranFor, @Nullable Duration restartsIn) {
    say("exited " + code);
  }

  @Override
  public void gaveUp(int code, String why) {
    say("gave up " + code);
  }
}
