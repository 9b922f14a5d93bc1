package dev.vestibule.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.spring.EventStream.Frame;
import dev.vestibule.testkit.ManualTime;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams over real connections; when they are looked after is the test's to say. */
@Timeout(60)
class EventStreamsTest {

  private final ManualTime time = new ManualTime();
  private final EventStreams streams = new EventStreams(time, 3, 2);
  private final AtomicReference<Frame> now = new AtomicReference<>(new Frame(1, "one", false));
  private final AtomicInteger frames = new AtomicInteger();
  private volatile boolean throwing;
  private volatile InetAddress client = InetAddress.getLoopbackAddress();
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server, 1, 1);
  private int port;

  private final EventStream.Feed feed =
      new EventStream.Feed() {
        @Override
        public long version() {
          return now.get().version();
        }

        @Override
        public Frame frame() {
          if (throwing) {
            throw new IllegalStateException("thrown by the feed");
          }
          frames.incrementAndGet();
          return now.get();
        }
      };

  @BeforeEach
  void start() throws Exception {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            if (!streams.open(request, response, callback, feed, client)) {
              Response.writeError(request, response, callback, 503);
            }
            return true;
          }
        });
    server.start();
    port = connector.getLocalPort();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  private void look() {
    Client.until("a look is due", () -> time.pending() == 1);
    time.advance(EventStreams.LOOK);
  }

  @Test
  void eachChangeIsToldOnceInOrderUntilItIsOver() throws Exception {
    try (EventClient one = new EventClient(port, "/");
        EventClient two = new EventClient(port, "/")) {
      assertThat(one.next()).isEqualTo(new EventClient.Event("startup", "1", "one"));
      assertThat(two.next().data()).isEqualTo("one");
      now.set(new Frame(2, "two", false));
      now.set(new Frame(3, "three", false));
      int before = frames.get();
      look();
      assertThat(one.next()).isEqualTo(new EventClient.Event("startup", "3", "three"));
      assertThat(two.next().data()).isEqualTo("three");
      // Rendered once for both.
      assertThat(frames.get()).isEqualTo(before + 1);
      now.set(new Frame(4, "four", true));
      look();
      assertThat(one.next().data()).isEqualTo("four");
      assertThat(one.next().name()).isEqualTo("over");
      assertThat(one.isOver()).isTrue();
    }
    Client.until("none is left", () -> streams.count() == 0);
    Client.until(
        "nobody looks any more",
        () -> {
          time.advance(EventStreams.LOOK);
          return time.pending() == 0;
        });
  }

  @Test
  void whatChangesWithTimeAloneIsToldOnceASecond() throws Exception {
    try (EventClient one = new EventClient(port, "/")) {
      one.next();
      now.set(new Frame(1, "one, later", false));
      int before = frames.get();
      for (int i = 0; i < 3; i++) {
        look();
      }
      Client.until("a look is due", () -> time.pending() == 1);
      assertThat(frames.get()).isEqualTo(before);
      look();
      assertThat(one.next().data()).isEqualTo("one, later");
    }
  }

  @Test
  void thereAreBoundsInAllAndForEachClient() throws Exception {
    try (EventClient one = new EventClient(port, "/");
        EventClient two = new EventClient(port, "/");
        EventClient refused = new EventClient(port, "/")) {
      assertThat(one.status()).isEqualTo(200);
      assertThat(two.status()).isEqualTo(200);
      assertThat(refused.status()).isEqualTo(503);
      client = InetAddress.getByName("2001:db8::1");
      try (EventClient other = new EventClient(port, "/");
          EventClient beyond = new EventClient(port, "/")) {
        assertThat(other.status()).isEqualTo(200);
        assertThat(beyond.status()).isEqualTo(503);
      }
    }
    Client.until(
        "who left is noticed and makes room",
        () -> {
          now.updateAndGet(it -> new Frame(it.version() + 1, "more", false));
          time.advance(EventStreams.LOOK);
          return streams.count() == 0;
        });
    try (EventClient again = new EventClient(port, "/")) {
      assertThat(again.status()).isEqualTo(200);
    }
  }

  @Test
  void whoDoesNotReadIsCutOff() throws Exception {
    // More than all buffers on the way take.
    now.set(new Frame(1, "much ".repeat(4 << 20), false));
    connector.setIdleTimeout(200);
    try (Socket idle = new Socket(InetAddress.getLoopbackAddress(), port)) {
      idle.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
      Client.until("there is a stream", () -> frames.get() == 1);
      Client.until("it is cut off", () -> streams.count() == 0);
    }
  }

  @Test
  void onceClosedAllEndAndNoneBegins() throws Exception {
    try (EventClient one = new EventClient(port, "/")) {
      one.next();
      streams.close();
      assertThat(one.isOver()).isTrue();
      try (EventClient late = new EventClient(port, "/")) {
        assertThat(late.status()).isEqualTo(503);
      }
    }
  }

  @Test
  void aFeedThatThrowsEndsNobodyAndIsAskedAgain() throws Exception {
    try (EventClient one = new EventClient(port, "/")) {
      one.next();
      throwing = true;
      now.set(new Frame(2, "never told", false));
      look();
      Client.until("the next look is due", () -> time.pending() == 1);
      throwing = false;
      now.set(new Frame(3, "well again", false));
      look();
      assertThat(one.next().data()).isEqualTo("well again");
    }
  }
}
