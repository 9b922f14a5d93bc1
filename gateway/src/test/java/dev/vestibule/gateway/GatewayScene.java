package dev.vestibule.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Scheduler;
import dev.vestibule.Ticker;
import dev.vestibule.gateway.config.AdminSettings;
import dev.vestibule.gateway.config.GatewaySettings;
import dev.vestibule.gateway.config.Limits;
import dev.vestibule.gateway.config.ReadinessSettings;
import dev.vestibule.gateway.config.RouteSettings;
import dev.vestibule.gateway.config.RouteSettings.Holds;
import dev.vestibule.gateway.config.TlsSettings;
import dev.vestibule.gateway.config.UpstreamSettings;
import dev.vestibule.gateway.http.HeldBytes;
import dev.vestibule.gateway.upstream.Upstream;
import dev.vestibule.testkit.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/**
 * A gateway before one upstream at {@code /**}, whose readiness the test says. Whatever a test
 * does, when it ends nobody may be waiting and no connection open.
 */
public abstract class GatewayScene {

  protected static final String NAME = "server";

  protected final List<Passage> passages = new CopyOnWriteArrayList<>();
  protected final List<RawClient> clients = new ArrayList<>();
  protected final List<AutoCloseable> opened = new ArrayList<>();
  protected Limits limits = Limits.DEFAULTS;
  protected Holds holds = Holds.ALL;
  protected Set<String> origins = Set.of();
  protected int trustedHops;
  protected @Nullable TlsSettings tls;
  protected Duration answerTimeout = Duration.ofSeconds(10);
  protected int pace = UpstreamSettings.PACE;
  protected HeldBytes held = HeldBytes.ofHeap();
  protected Ticker ticker = Ticker.system();
  protected Scheduler scheduler = Scheduler.system();
  private @Nullable Gateway gateway;

  protected final Gateway start(InetSocketAddress backend) throws IOException {
    UpstreamSettings upstream =
        new UpstreamSettings(
            NAME,
            backend,
            new ReadinessSettings.Tcp(),
            null,
            Duration.ofSeconds(2),
            answerTimeout,
            pace);
    GatewaySettings settings =
        new GatewaySettings(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            tls,
            List.of(upstream),
            List.of(new RouteSettings("/**", NAME, holds, null, origins)),
            limits,
            trustedHops,
            Duration.ZERO,
            Duration.ofSeconds(5),
            AdminSettings.NONE);
    Gateway started =
        new Gateway(
            settings,
            Gateway.upstreams(settings, wait -> {}, ticker, scheduler),
            List.of(passages::add),
            ticker,
            scheduler,
            2,
            held);
    gateway = started;
    started.open();
    return started;
  }

  /** A gateway before a backend that is ready. */
  protected final Backend ready(Backend.Behaviour behaviour) throws IOException {
    Backend backend = backend(behaviour);
    start(backend.address());
    isReady();
    return backend;
  }

  protected final Backend backend(Backend.Behaviour behaviour) throws IOException {
    Backend backend = Backend.of(behaviour);
    opened.add(backend);
    return backend;
  }

  protected final Gateway gateway() {
    return Objects.requireNonNull(gateway);
  }

  protected final Upstream upstream() {
    return Objects.requireNonNull(gateway().upstream(NAME));
  }

  protected final void isReady() {
    if (upstream().startup().snapshot().phase(NAME).state() == dev.vestibule.PhaseState.PENDING) {
      upstream().start();
    }
    upstream().ready(upstream().startup());
  }

  protected final RawClient connect() throws IOException {
    RawClient client = RawClient.connect(gateway().address().getPort());
    clients.add(client);
    return client;
  }

  protected final RawClient open(String path) throws IOException {
    RawClient client = connect().send(RawClient.handshake(path));
    assertThat(client.read().status()).isEqualTo(101);
    return client;
  }

  protected final int waiting() {
    return upstream().gate().snapshot().waiting();
  }

  protected final Passage passage() {
    eventually("a passage is over", () -> !passages.isEmpty());
    return passages.getFirst();
  }

  /** Waits for what another thread is about to do. */
  public static void eventually(String what, BooleanSupplier condition) {
    for (int i = 0; i < 10_000; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      LockSupport.parkNanos(1_000_000);
    }
    throw new AssertionError("not in ten seconds: " + what);
  }

  /** Whether all sessions of a gateway are over in so much time. */
  protected static boolean sessionsEndWithin(Gateway gateway, Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    while (gateway.tunnels().count() > 0 && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(1_000_000);
    }
    return gateway.tunnels().count() == 0;
  }

  @AfterEach
  final void nothingIsLeftBehind() throws Exception {
    try {
      for (RawClient client : clients) {
        client.close();
      }
      for (AutoCloseable it : opened) {
        it.close();
      }
      Gateway started = gateway;
      if (started != null) {
        eventually("all clients are gone", () -> started.clients() == 0);
        eventually("all sessions are over", () -> started.tunnels().count() == 0);
        eventually("nobody waits", () -> waiting() == 0);
        assertThat(upstream().gate().snapshot().inFlight()).isZero();
      }
    } finally {
      if (gateway != null) {
        gateway.close();
      }
    }
  }
}
