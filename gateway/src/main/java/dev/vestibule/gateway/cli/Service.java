package dev.vestibule.gateway.cli;

import dev.vestibule.Door;
import dev.vestibule.Scheduler;
import dev.vestibule.Ticker;
import dev.vestibule.gateway.Gateway;
import dev.vestibule.gateway.Rehearsal;
import dev.vestibule.gateway.admin.Admin;
import dev.vestibule.gateway.child.Child;
import dev.vestibule.gateway.child.ChildSettings;
import dev.vestibule.gateway.child.Signals;
import dev.vestibule.gateway.config.Configuration;
import dev.vestibule.gateway.config.GatewaySettings;
import dev.vestibule.gateway.config.ReadinessSettings;
import dev.vestibule.gateway.config.RunSettings;
import dev.vestibule.gateway.upstream.Probing;
import dev.vestibule.gateway.upstream.Upstream;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The life of a process that serves: gateway, child, what they say, and how they end. */
final class Service {

  private static final System.Logger LOG = System.getLogger(Service.class.getName());

  // So long what is refused at the end may take to reach clients.
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);
  // So many handshakes make the first that counts as fast as it is worth the processor's time.
  private static final int REHEARSED = 20;
  private static final Duration GLANCE = Duration.ofMillis(10);
  // 128 and SIGINT, as shells have it.
  private static final int INTERRUPTED = 130;

  private final Serving.Read.Serve read;
  private final Lines lines;
  private final Console console;
  private final Gateway gateway;
  private final Probing probing;
  private final Admin admin;

  private Service(Serving.Read.Serve read, Lines lines) throws IOException {
    this.read = read;
    this.lines = lines;
    GatewaySettings settings = read.configuration().gateway();
    Ticker ticker = Ticker.system();
    Scheduler scheduler = Scheduler.system();
    this.console = new Console(Terminal.colours(), settings.routes(), ticker, scheduler, lines);
    this.admin = new Admin(settings, read.configuration().effective());
    this.gateway = new Gateway(settings, List.of(admin, console), console, ticker, scheduler);
    this.probing = new Probing(gateway.loops(), ticker, scheduler);
  }

  /** Begins to serve; an exit code if that is not possible, else {@link Serving#RUNNING}. */
  static int begin(Serving.Read.Serve read, @Nullable Door door) {
    Lines lines = new Lines(System.err);
    ConsoleLog.install(read.verbose(), lines);
    Service service = null;
    try {
      service = new Service(read, lines);
      service.open(door);
      return Serving.RUNNING;
    } catch (IOException e) {
      lines.accept("vestibule: cannot start: " + e.getMessage());
    }
    if (service != null) {
      service.close();
    }
    lines.close();
    return 1;
  }

  private void open(@Nullable Door door) throws IOException {
    Integer inherited = read.inherited();
    if (inherited != null) {
      gateway.open(inherited);
    } else if (door != null) {
      gateway.open(door.adopt());
    } else {
      gateway.open();
    }
    console.opened(gateway.address());
    Configuration configuration = read.configuration();
    admin.open(gateway);
    for (Upstream upstream : gateway.upstreams()) {
      upstream.listen(console);
      upstream.listen(probing);
    }
    RunSettings run = configuration.run();
    if (run == null) {
      Signals.install(
          atOnce -> aside("vestibule-end", () -> endOfGateway(atOnce)),
          () -> Runtime.getRuntime().halt(INTERRUPTED));
    } else {
      start(run);
    }
    for (Upstream upstream : gateway.upstreams()) {
      if (upstream.settings().address() != null) {
        upstream.start();
      }
    }
    aside(
        "vestibule-rehearsal",
        () -> Rehearsal.begin(gateway.loops(), gateway.settings(), REHEARSED));
  }

  private void start(RunSettings run) {
    Upstream upstream = Objects.requireNonNull(gateway.upstream(run.upstream()));
    ChildSettings settings =
        new ChildSettings(
            run.command(),
            run.innerPort() == 0 ? null : run.innerPort(),
            ChildSettings.Restart.ON_FAILURE,
            run.restarts(),
            run.restartDelay(),
            upstream.settings().readiness() instanceof ReadinessSettings.Notify,
            gateway.settings().grace());
    Child child =
        new Child(
            settings,
            upstream,
            gateway.loops().next(),
            probing,
            Ticker.system(),
            Scheduler.system(),
            new CountedChild(console, () -> admin.restarted(run.upstream())));
    Signals.install(
        child,
        atOnce -> {
          GatewaySettings all = gateway.settings();
          child.endsSoon(atOnce ? all.grace() : all.drainDelay().plus(all.grace()));
          return drainAside(atOnce);
        });
    child.ended().thenAccept(code -> aside("vestibule-end", () -> endOfRun(code)));
    child.start();
  }

  // ---- The end.

  private CompletableFuture<Void> drainAside(boolean atOnce) {
    CompletableFuture<Void> drained = new CompletableFuture<>();
    aside(
        "vestibule-drain",
        () -> {
          drain(atOnce);
          drained.complete(null);
        });
    return drained;
  }

  private static void aside(String name, Runnable task) {
    Thread.ofPlatform().daemon().name(name).start(task);
  }

  private void drain(boolean atOnce) {
    console.drains(gateway.tunnels().count(), atOnce);
    try {
      gateway.drain(atOnce);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "the drain ended early", e);
    }
  }

  /** Its server is gone for good: who waits has been refused, and shall hear of it. */
  private void endOfRun(int code) {
    try {
      answersReachClients();
      close();
    } finally {
      lines.close();
      System.exit(code);
    }
  }

  /** A process that was told to end and did so has not failed: 0, and not the JVM's 143. */
  private void endOfGateway(boolean atOnce) {
    try {
      drain(atOnce);
      answersReachClients();
      close();
    } finally {
      lines.close();
      Runtime.getRuntime().halt(0);
    }
  }

  private void answersReachClients() {
    try {
      for (EventExecutor loop : gateway.loops()) {
        // Behind whatever lets go of those who wait there.
        loop.submit(() -> {}).await(LAST_ANSWERS.toMillis());
      }
      long end = System.nanoTime() + LAST_ANSWERS.toNanos();
      while (gateway.clients() > 0 && System.nanoTime() < end) {
        TimeUnit.NANOSECONDS.sleep(GLANCE.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void close() {
    probing.close();
    admin.close();
    gateway.close();
  }
}
