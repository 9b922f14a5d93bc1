package dev.vestibule.gateway.upstream;

import static java.lang.System.Logger.Level.INFO;

import dev.vestibule.Gate;
import dev.vestibule.GateBuilder;
import dev.vestibule.GateListener;
import dev.vestibule.Pace;
import dev.vestibule.PhaseState;
import dev.vestibule.Scheduler;
import dev.vestibule.Startup;
import dev.vestibule.StartupBuilder;
import dev.vestibule.Ticker;
import dev.vestibule.gateway.config.Limits;
import dev.vestibule.gateway.config.ReadinessSettings;
import dev.vestibule.gateway.config.RouteSettings;
import dev.vestibule.gateway.config.UpstreamSettings;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A server behind the gateway: where it is, whether it is ready, and the gate before it. Each time
 * that it starts is a {@link Startup} of its own; the gate and those who wait at it outlive them.
 * Safe for use by many threads.
 */
public final class Upstream implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Upstream.class.getName());

  private final UpstreamSettings settings;
  private final Ticker ticker;
  private final Scheduler scheduler;
  private final List<UpstreamListener> listeners = new CopyOnWriteArrayList<>();
  private final Gate gate;
  // Changed under this.
  private volatile Startup startup;
  private volatile @Nullable InetSocketAddress address;
  private volatile boolean comesBack;
  private boolean closed;

  /**
   * An upstream that is not started yet: whoever arrives is held.
   *
   * @param settings what it is
   * @param routes those that lead to it, in order
   * @param limits bounds of its gate
   * @param ticker tells the time
   * @param scheduler ends waits
   * @param listener hears how arrivals fare
   */
  public Upstream(
      UpstreamSettings settings,
      List<RouteSettings> routes,
      Limits limits,
      Ticker ticker,
      Scheduler scheduler,
      GateListener listener) {
    this.settings = settings;
    this.address = settings.address();
    this.ticker = ticker;
    this.scheduler = scheduler;
    this.startup = define();
    this.gate = gate(startup, routes, limits, listener);
  }

  /** With a gate that is there already, and the start that it stands before. */
  Upstream(
      UpstreamSettings settings, Gate gate, Startup startup, Ticker ticker, Scheduler scheduler) {
    this.settings = settings;
    this.address = settings.address();
    this.ticker = ticker;
    this.scheduler = scheduler;
    this.startup = startup;
    this.gate = gate;
  }

  private Gate gate(
      Startup before, List<RouteSettings> routes, Limits limits, GateListener listener) {
    GateBuilder builder =
        Gate.before(before)
            .holdAtMost(limits.holdAtMost())
            .pace(settings.pace() == 0 ? Pace.allAtOnce() : Pace.inFlight(settings.pace()))
            .maxWaiting(limits.maxWaiting())
            .maxWaitingPerClient(limits.maxWaitingPerClient())
            .listener(listener)
            .ticker(ticker)
            .scheduler(scheduler);
    for (RouteSettings route : routes) {
      builder.route(
          route.pattern(),
          r -> {
            r.requiresAll();
            if (route.holdAtMost() != null) {
              r.holdAtMost(route.holdAtMost());
            }
          });
    }
    return builder.build();
  }

  /**
   * Adds someone who hears of starts from now on.
   *
   * @param listener must be quick and must not block
   */
  public void listen(UpstreamListener listener) {
    listeners.add(listener);
  }

  /**
   * Its name.
   *
   * @return as configured
   */
  public String name() {
    return settings.name();
  }

  /**
   * What it is.
   *
   * @return as configured
   */
  public UpstreamSettings settings() {
    return settings;
  }

  /**
   * The gate before it.
   *
   * @return always the same
   */
  public Gate gate() {
    return gate;
  }

  /**
   * The start that counts now.
   *
   * @return another one after each {@link #starts} and {@link #lost}
   */
  public Startup startup() {
    return startup;
  }

  /**
   * Where it listens.
   *
   * @return null while a child was not started yet, or is gone
   */
  public @Nullable InetSocketAddress address() {
    return address;
  }

  /**
   * Whether somebody is known to start it again when it is gone: decides between close codes 1012
   * and 1014.
   *
   * @return false unless said otherwise
   */
  public boolean comesBack() {
    return comesBack;
  }

  /**
   * Says whether somebody will start it again.
   *
   * @param comesBack see {@link #comesBack()}
   */
  public void comesBack(boolean comesBack) {
    this.comesBack = comesBack;
  }

  /** Begins to look for it where it was configured to be. */
  public void start() {
    begin(startup);
  }

  /**
   * It is being started, at an address: a new start begins, and newcomers wait for it.
   *
   * @param at where it will listen
   * @return the start
   */
  public Startup starts(InetSocketAddress at) {
    Startup next;
    synchronized (this) {
      address = at;
      next = replace();
    }
    begin(next);
    return next;
  }

  /**
   * All of it is ready.
   *
   * @param during the start that this was learned of; ignored if that is over
   */
  public void ready(Startup during) {
    for (String phase : phases()) {
      during.signal(phase).ready();
    }
  }

  /**
   * It is gone, or going: newcomers wait for its next start, which begins at once.
   *
   * @param during the start that this was learned of; ignored if that is over, so that many who
   *     notice the same begin one start
   * @param cause goes to the log
   */
  public void lost(Startup during, Throwable cause) {
    Startup next;
    synchronized (this) {
      if (during != startup || closed) {
        return;
      }
      next = replace();
    }
    LOG.log(INFO, "upstream {0} is away: {1}", name(), cause.getMessage());
    begin(next);
  }

  /**
   * Its process has ended: until the next {@link #starts} it is nowhere, and newcomers wait. Unlike
   * {@link #lost}, nobody looks for it where it was: something that it left behind may still listen
   * there.
   *
   * @param cause goes to the log
   */
  public void gone(Throwable cause) {
    Startup next;
    synchronized (this) {
      if (closed) {
        return;
      }
      address = null;
      next = replace();
    }
    LOG.log(INFO, "upstream {0} is gone: {1}", name(), cause.getMessage());
    begin(next);
  }

  /**
   * It will not be started again: who waits and whoever comes is refused.
   *
   * @param cause goes to the log and the admin side
   */
  public void gaveUp(Throwable cause) {
    comesBack = false;
    Startup last = startup;
    for (String phase : phases()) {
      last.signal(phase).failed(cause);
    }
  }

  /**
   * What it says of one of its phases.
   *
   * @param phase one of {@link #phases()}
   * @param state what it says
   * @param cause why, where it failed or is down
   * @throws IllegalArgumentException when there is no such phase
   */
  public void push(String phase, PushedState state, Throwable cause) {
    Startup now = startup;
    PhaseState before = now.snapshot().phase(phase).state();
    switch (state) {
      case READY -> now.signal(phase).ready();
      case FAILED -> now.signal(phase).failed(cause);
      case DOWN -> now.signal(phase).lost(cause);
      case RUNNING -> {
        if (before != PhaseState.PENDING && before != PhaseState.RUNNING) {
          lost(now, new IllegalStateException("it says that it starts again"));
        }
      }
    }
  }

  /**
   * Whether it says itself when it is ready, and is not asked.
   *
   * @return true for readiness by the notify protocol, or pushed
   */
  public boolean tells() {
    return settings.readiness() instanceof ReadinessSettings.Pushed
        || settings.readiness() instanceof ReadinessSettings.Notify;
  }

  /**
   * The phases of each of its starts.
   *
   * @return those that it pushes, else one with its own name
   */
  public List<String> phases() {
    return settings.readiness() instanceof ReadinessSettings.Pushed pushed
        ? pushed.phases()
        : List.of(name());
  }

  /** Ends the start that is under way. Who waits is not told by this, but by the gate's drain. */
  @Override
  public synchronized void close() {
    closed = true;
    startup.close();
  }

  private Startup define() {
    StartupBuilder builder = Startup.define();
    for (String phase : phases()) {
      builder.phase(phase, p -> p.signalled());
    }
    return builder.ticker(ticker).scheduler(scheduler).build();
  }

  /** Called under this. */
  private Startup replace() {
    Startup before = startup;
    Startup next = define();
    // The gate first: whoever finds it open was let in by the start that is named until then.
    gate.restart(next);
    startup = next;
    before.close();
    return next;
  }

  private void begin(Startup start) {
    start.start();
    for (UpstreamListener listener : listeners) {
      if (start != startup) {
        // Another has begun, and those who were told of that must not hear of this one last.
        return;
      }
      listener.starts(this, start);
    }
  }
}
