package dev.vestibule.jetty;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Gate;
import dev.vestibule.Pace;
import dev.vestibule.Startup;
import dev.vestibule.testkit.ManualTime;
import dev.vestibule.testkit.RawClient;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a request that was let in gives its permit back: there is one, and two who want it. */
class SettlingTest {

  private final ManualTime time = new ManualTime();
  private final Startup startup =
      Startup.define().phase("services", p -> p.signalled()).ticker(time).scheduler(time).build();
  private final Gate gate =
      Gate.before(startup)
          .route("/**", r -> r.requiresAll())
          .pace(Pace.inFlight(1))
          .holdAtMost(ofSeconds(60))
          .ticker(time)
          .scheduler(time)
          .build();
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);

  /** Requests that the application has begun with and whose end it leaves to the test. */
  private final BlockingQueue<Entered> entered = new LinkedBlockingQueue<>();

  private final List<RawClient> clients = new ArrayList<>();
  private volatile boolean schedulerFull;

  private record Entered(Response response, Callback callback) {}

  private final class Application extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      entered.add(new Entered(response, callback));
      return true;
    }
  }

  @BeforeEach
  void start() throws Exception {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    GateHandler handler =
        GateHandler.before(gate)
            .lanes(1)
            .scheduler((task, delay) -> {
              if (schedulerFull) {
                throw new RejectedExecutionException("full");
              }
              return time.schedule(task, delay);
            })
            .build();
    handler.setHandler(new Application());
    server.setHandler(handler);
    server.start();
    startup.start();
  }

  @AfterEach
  void stop() throws Exception {
    for (RawClient client : clients) {
      client.close();
    }
    entered.forEach(left -> left.callback.succeeded());
    startup.close();
    server.stop();
  }

  private Entered first() throws Exception {
    for (int waiting = 1; waiting <= 2; waiting++) {
      RawClient client = RawClient.connect(connector.getLocalPort());
      clients.add(
          client.send(RawClient.request("GET /" + waiting + " HTTP/1.1", "Host: localhost")));
      int expected = waiting;
      // The timer comes after the seat.
      eventually(() -> gate.snapshot().waiting() == expected && time.pending() == expected);
    }
    startup.signal("services").ready();
    return next();
  }

  private Entered next() throws Exception {
    Entered next = entered.poll(20, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return next;
  }

  private static void eventually(BooleanSupplier condition) {
    for (int i = 0; i < 10_000 && !condition.getAsBoolean(); i++) {
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(condition.getAsBoolean()).as("in ten seconds").isTrue();
  }

  private void expectNobodyElse() {
    assertThat(gate.snapshot().waiting()).isOne();
    assertThat(gate.snapshot().inFlight()).isOne();
    assertThat(entered).isEmpty();
  }

  @Test
  void aStreamGivesItBackWithItsHead() throws Exception {
    Entered stream = first();
    expectNobodyElse();
    stream.response.write(false, ByteBuffer.wrap(new byte[] {'x'}), Callback.NOOP);
    Entered second = next();
    assertThat(clients.get(0).hearsNothingFor(ofMillis(1))).isFalse();
    second.callback.succeeded();
    eventually(() -> gate.snapshot().inFlight() == 0);
    stream.callback.succeeded();
    assertThat(time.pending()).isZero();
  }

  @Test
  void aHintBeforeTheAnswerIsNoAnswer() throws Exception {
    Entered hinting = first();
    hinting.response.writeInterim(103, HttpFields.build()).get(20, TimeUnit.SECONDS);
    expectNobodyElse();
    hinting.callback.succeeded();
    next().callback.succeeded();
    eventually(() -> gate.snapshot().inFlight() == 0 && time.pending() == 0);
  }

  @Test
  void whoBreaksOffGivesItBack() throws Exception {
    first().callback.failed(new IllegalStateException("a mistake of the application"));
    next().callback.succeeded();
    eventually(() -> gate.snapshot().inFlight() == 0 && time.pending() == 0);
  }

  @Test
  void whoNeverAnswersKeepsItForItsTimeAndNotForGood() throws Exception {
    Entered never = first();
    time.advance(ofSeconds(29));
    expectNobodyElse();
    time.advance(ofSeconds(1));
    next().callback.succeeded();
    eventually(() -> gate.snapshot().inFlight() == 0);
    never.callback.succeeded();
  }

  @Test
  void aSchedulerThatTakesNoTasksKeepsNobodyOut() throws Exception {
    schedulerFull = true;
    Entered unwatched = first();
    next().callback.succeeded();
    unwatched.callback.succeeded();
    assertThat(gate.snapshot().inFlight()).isZero();
  }
}
