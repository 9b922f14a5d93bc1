package dev.vestibule.gateway.child;

import static dev.vestibule.gateway.upstream.UpstreamScene.await;

import dev.vestibule.Scheduler;
import dev.vestibule.gateway.config.ReadinessSettings;
import dev.vestibule.gateway.upstream.UpstreamScene;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A child and what became of it. Probes ask in real time, since real processes do not know of any
 * other; what is tested, restarts and grace, is turned by hand.
 */
final class ChildScene implements AutoCloseable, ChildListener {

  final List<String> events = new CopyOnWriteArrayList<>();
  final List<InetSocketAddress> addresses = new CopyOnWriteArrayList<>();
  final List<Long> pids = new CopyOnWriteArrayList<>();
  final UpstreamScene scene;
  final Child child;

  ChildScene(ChildSettings settings) {
    ReadinessSettings readiness =
        settings.notifies() ? new ReadinessSettings.Notify() : new ReadinessSettings.Tcp();
    scene = new UpstreamScene(null, readiness, null, new InReal());
    child =
        new Child(
            settings, scene.upstream, scene.loop, scene.probing, scene.time, scene.time, this);
  }

  /** Milliseconds pass by themselves; longer waits are of the manual time. */
  private static final class InReal implements Scheduler {
    @Override
    public Scheduled schedule(Runnable task, Duration delay) {
      return Scheduler.system().schedule(task, delay);
    }
  }

  static ChildSettings settings(ChildSettings.Restart restart, String... command) {
    return new ChildSettings(List.of(command), null, restart, 5, false, Duration.ofSeconds(30));
  }

  static String[] python(String script) {
    return new String[] {"python3", "-c", script};
  }

  int code() {
    await(() -> child.ended().toCompletableFuture().isDone());
    return child.ended().toCompletableFuture().join();
  }

  boolean isOver() {
    return child.ended().toCompletableFuture().isDone();
  }

  @Override
  public void started(long pid, InetSocketAddress at) {
    pids.add(pid);
    addresses.add(at);
    events.add("started");
  }

  @Override
  public void listensElsewhere(String ports, int told) {
    events.add("listens on " + ports);
  }

  @Override
  public void listensWider(String where) {
    events.add("listens on " + where);
  }

  @Override
  public void exited(int code, Duration ranFor, @Nullable Duration restartsIn) {
    events.add("exited " + code + " restarts in " + restartsIn);
  }

  @Override
  public void gaveUp(int code, String why) {
    events.add("gave up " + code);
  }

  @Override
  public void close() {
    child.close();
    scene.time.advance(Duration.ofMinutes(1));
    await(this::isOver);
    for (long pid : pids) {
      ProcessHandle.of(pid).ifPresent(left -> left.onExit().orTimeout(30, TimeUnit.SECONDS).join());
    }
    scene.close();
  }
}
