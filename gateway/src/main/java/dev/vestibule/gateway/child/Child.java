package dev.vestibule.gateway.child;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import dev.vestibule.Scheduler;
import dev.vestibule.Startup;
import dev.vestibule.StartupState;
import dev.vestibule.Ticker;
import dev.vestibule.gateway.upstream.NotifySocket;
import dev.vestibule.gateway.upstream.Probing;
import dev.vestibule.gateway.upstream.Upstream;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The server that is the gateway's own child: started with a port of its own each time, watched,
 * and started again while clients wait. Safe for use by many threads.
 *
 * <p>Everything is decided on one event loop. What blocks (looking for a port, making files,
 * starting a process) happens on one thread of its own, which lives as long as the gateway: the
 * kernel's PR_SET_PDEATHSIG, which a child may have set for itself, goes by the thread that started
 * it (prctl(2)). No thread waits for the process to end.
 *
 * <p>An end goes like this, in one step of the loop: it is said whether somebody starts it again,
 * so that sessions that are cut off hear the truth; nothing that this start says counts any more;
 * newcomers wait; and the next start is scheduled, later each time in a row.
 */
public final class Child implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Child.class.getName());

  private static final int SIGKILL = 9;
  private static final int SIGTERM = 15;

  // However long the drain took.
  private static final Duration LEAST_GRACE = Duration.ofMillis(500);

  private final ChildSettings settings;
  private final Upstream upstream;
  private final EventLoop loop;
  private final Probing probing;
  private final Ticker ticker;
  private final Scheduler scheduler;
  private final ChildListener listener;
  private final ExecutorService starter;
  private final Whereabouts whereabouts;
  private final CompletableFuture<Integer> ended = new CompletableFuture<>();
  // Changed on the loop.
  private volatile @Nullable ChildRun run;
  private @Nullable Long deadline;
  private boolean stopping;
  private boolean underWay;
  private boolean announced;
  private int inARow;
  private int lastCode;
  private Scheduler.@Nullable Scheduled later;
  private Scheduler.@Nullable Scheduled killing;
  private @Nullable Runnable stop;

  /**
   * A child that is not started yet.
   *
   * @param settings how it is run
   * @param upstream what it is to the gateway; without an address of its own
   * @param loop where everything is decided; of epoll
   * @param probing asks it whether it is ready, where it does not tell
   * @param ticker tells the time
   * @param scheduler waits before restarts, and before it is killed
   * @param listener hears how it fares
   */
  public Child(
      ChildSettings settings,
      Upstream upstream,
      EventLoop loop,
      Probing probing,
      Ticker ticker,
      Scheduler scheduler,
      ChildListener listener) {
    this.settings = settings;
    this.upstream = upstream;
    this.loop = loop;
    this.probing = probing;
    this.ticker = ticker;
    this.scheduler = scheduler;
    this.listener = listener;
    this.starter =
        Executors.newSingleThreadExecutor(
            task -> Thread.ofPlatform().daemon().name("vestibule-child").unstarted(task));
    this.whereabouts = new Whereabouts(starter, scheduler, listener);
    upstream.listen(this::upstreamStarts);
  }

  /** Starts it, and returns at once. To be called once. */
  public void start() {
    loop.execute(this::launch);
  }

  /**
   * When it has ended for good.
   *
   * @return completes with the code with which the gateway should exit: its own, 128 and the
   *     signal's number where a signal ended it, 127 where the command was not found, 126 where it
   *     cannot be executed; never exceptionally
   */
  public CompletionStage<Integer> ended() {
    return ended.minimalCompletionStage();
  }

  /**
   * Passes a signal on. Does nothing while it does not run. May take some 100 ms the first time.
   *
   * @param signal its number
   */
  public void signal(int signal) {
    ChildRun now = run;
    Process process = now == null ? null : now.process();
    // A small race is left: it may end in between, and its number be given to another process.
    if (process == null || !process.isAlive()) {
      return;
    }
    switch (signal) {
      case SIGTERM -> process.destroy();
      case SIGKILL -> {
        Process _ = process.destroyForcibly();
      }
      default -> {
        if (!Kill.send(process.pid(), signal)) {
          LOG.log(WARNING, "signal {0} did not reach the child", signal);
        }
      }
    }
  }

  /**
   * Says that the end has begun: it may serve on until {@link #stop}, but if it ends by itself, it
   * is not started again. A terminal's Ctrl-C, for one, has reached it already.
   *
   * @param within it is killed after so long, whenever it is told to stop; more than zero
   */
  public void endsSoon(Duration within) {
    loop.execute(() -> {
      deadline = ticker.read() + within.toNanos();
      if (later != null) {
        later.cancel();
        later = null;
      }
    });
  }

  /**
   * Ends it for good: it is sent a signal, and killed if it is still there after its grace. Nothing
   * happens the second time; see {@link #kill()}.
   *
   * @param signal which one
   * @param delivered whether it has that signal already, from its terminal; it is then sent SIGTERM
   *     after half of its grace, in case it has not
   */
  public void stop(int signal, boolean delivered) {
    loop.execute(() -> stopOnLoop(signal, delivered));
  }

  /** Ends it for good and at once. */
  public void kill() {
    stop(SIGKILL, false);
    signal(SIGKILL);
  }

  /** The same as {@link #kill()}. */
  @Override
  public void close() {
    kill();
  }

  /**
   * What it said of itself last, by the notify protocol.
   *
   * @return see {@link NotifySocket#status()}; null as well while it does not run
   */
  public @Nullable String status() {
    ChildRun now = run;
    NotifySocket socket = now == null ? null : now.notifySocket();
    return socket == null ? null : socket.status();
  }

  // ---- On the loop, except where it says otherwise.

  private void launch() {
    later = null;
    if (stopping) {
      finish(lastCode);
      return;
    }
    if (deadline != null) {
      return;
    }
    underWay = true;
    starter.execute(this::prepare);
  }

  /** On the starter. */
  private void prepare() {
    try {
      Integer fixed = settings.innerPort();
      InetSocketAddress at = fixed == null ? InnerPort.find() : InnerPort.at(fixed);
      NotifySocket socket = settings.notifies() ? NotifySocket.open(upstream, loop) : null;
      loop.execute(() -> begin(new ChildRun(at, socket)));
    } catch (IOException e) {
      LOG.log(ERROR, "nothing can be made ready for a child", e);
      loop.execute(() -> giveUp(ChildRun.NOT_EXECUTABLE, e));
    }
  }

  private void begin(ChildRun next) {
    run = next;
    upstream.comesBack(settings.mostRestarts() > 0 && settings.restartsAfter(1));
    // Before there is a process, so that nothing that it says comes too early.
    upstream.starts(next.at());
    starter.execute(() -> spawn(next));
  }

  /** On the starter. */
  private void spawn(ChildRun next) {
    try {
      Process process = next.spawn(settings.command());
      // Here, not on the loop: a signal may come as soon as the process is there.
      next.started(process, ticker.read());
      loop.execute(() -> started(next, process));
      CompletableFuture<Void> _ =
          process.onExit().thenAccept(gone -> loop.execute(() -> exited(next, gone.exitValue())));
    } catch (IOException e) {
      loop.execute(() -> cannotStart(next, e));
    }
  }

  private void started(ChildRun now, Process process) {
    announced = true;
    listener.started(process.pid(), now.at());
    whereabouts.watch(now, process);
    if (stop != null) {
      stop.run();
    }
  }

  private void cannotStart(ChildRun now, IOException cause) {
    String program = settings.command().getFirst();
    int code = ChildRun.codeWithout(program, System.getenv("PATH"));
    String what = code == ChildRun.NOT_FOUND ? "not found" : "cannot be executed";
    var failure = new ChildFailure(program + ": " + what + ChildRun.reason(cause));
    LOG.log(INFO, "{0}: {1}", failure.getMessage(), cause.getMessage());
    now.close();
    run = null;
    giveUp(code, failure);
  }

  private void exited(ChildRun now, int code) {
    long at = ticker.read();
    Long readyAt = now.readyAt();
    if (readyAt != null && at - readyAt >= ChildSettings.SETTLED.toNanos()) {
      inARow = 0;
    }
    now.close();
    run = null;
    announced = false;
    lastCode = code;
    cancel();
    boolean wanted = !stopping && deadline == null && settings.restartsAfter(code);
    boolean restarts = wanted && inARow < settings.mostRestarts();
    var why = new ChildFailure("it ended with code " + code);
    upstream.comesBack(restarts || stopping || deadline != null);
    Duration delay = restarts ? settings.delay(inARow++) : null;
    listener.exited(code, Duration.ofNanos(at - now.startedAt()), delay);
    upstream.gone(why);
    if (delay != null) {
      later = scheduler.schedule(() -> loop.execute(this::launch), delay);
      underWay = false;
    } else if (wanted) {
      giveUp(code, ChildFailure.inARow(inARow + 1));
    } else {
      upstream.gaveUp(why);
      // Whoever is told to stop is mostly replaced: sessions that end with it hear what those heard
      // that the drain closed.
      upstream.comesBack(stopping || deadline != null);
      finish(code);
    }
  }

  private void giveUp(int code, Exception cause) {
    listener.gaveUp(code, String.valueOf(cause.getMessage()));
    upstream.gaveUp(cause);
    finish(code);
  }

  private void finish(int code) {
    underWay = false;
    stopping = true;
    cancel();
    starter.shutdown();
    ended.complete(code);
  }

  private void cancel() {
    if (later != null) {
      later.cancel();
      later = null;
    }
    if (killing != null) {
      killing.cancel();
      killing = null;
    }
    whereabouts.stop();
  }

  private void stopOnLoop(int signal, boolean delivered) {
    if (stopping) {
      return;
    }
    stopping = true;
    if (!underWay) {
      cancel();
      finish(lastCode);
      return;
    }
    stop = () -> tellToStop(signal, delivered);
    // Else it is being started, and told once it is.
    if (announced) {
      stop.run();
    }
  }

  private void tellToStop(int signal, boolean delivered) {
    Duration grace = settings.grace();
    if (deadline != null) {
      Duration left = Duration.ofNanos(deadline - ticker.read());
      grace = left.compareTo(LEAST_GRACE) < 0 ? LEAST_GRACE : left;
    }
    if (delivered) {
      Duration half = grace.dividedBy(2);
      Duration rest = grace.minus(half);
      killing = scheduler.schedule(() -> loop.execute(() -> insist(rest)), half);
    } else {
      starter.execute(() -> signal(signal));
      killing = scheduler.schedule(this::killNow, grace);
    }
  }

  private void killNow() {
    signal(SIGKILL);
  }

  private void insist(Duration rest) {
    signal(SIGTERM);
    killing = scheduler.schedule(this::killNow, rest);
  }

  // ---- What the upstream says.

  private void upstreamStarts(Upstream which, Startup startup) {
    ChildRun now = run;
    if (now == null || !now.at().equals(which.address())) {
      return;
    }
    startup
        .completion()
        .thenAccept(end -> {
          if (end.state() == StartupState.COMPLETE) {
            ready(now);
          }
        });
    NotifySocket socket = now.notifySocket();
    if (socket != null && socket.claimsReady()) {
      // It could not be reached, but lives, and will not say again what it has said.
      probing.asksForConnection(which, startup);
    }
  }

  private void ready(ChildRun now) {
    boolean first = now.readyAt() == null;
    now.ready(ticker.read());
    if (first) {
      whereabouts.stop();
      starter.execute(() -> whereabouts.warnOfWider(now.at().getPort()));
    }
  }
}
