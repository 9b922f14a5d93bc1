package dev.vestibule.gateway.upstream;

import static dev.vestibule.gateway.upstream.UpstreamScene.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Startup;
import dev.vestibule.gateway.config.ReadinessSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ProbingTest {

  private static final ReadinessSettings TCP = new ReadinessSettings.Tcp();
  private static final ReadinessSettings HTTP = new ReadinessSettings.Http("/up?x=1", 200);
  private static final Duration INTERVAL = Duration.ofMillis(5);
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private static InetSocketAddress closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
    }
  }

  /** Until the next question is due, the one before having been answered with no. */
  private static void awaitNo(UpstreamScene scene, int polls) {
    scene.time.advance(Duration.ZERO);
    await(
        () -> scene.probing.polls(scene.upstream) == polls && scene.probing.rests(scene.upstream));
  }

  @Test
  void asksAtTheIntervalUntilSomebodyListens() throws Exception {
    InetSocketAddress at = closedPort();
    try (UpstreamScene scene = new UpstreamScene(at, TCP);
        Waits waits = new Waits()) {
      scene.upstream.start();
      for (int polls = 1; polls < 10; polls++) {
        awaitNo(scene, polls);
        scene.time.advance(INTERVAL.minusNanos(1));
        scene.settle();
        assertThat(scene.probing.polls(scene.upstream)).isEqualTo(polls);
        scene.time.advance(Duration.ofNanos(1));
      }
      awaitNo(scene, 10);
      assertThat(scene.isReady()).isFalse();
      try (ServerSocket server = new ServerSocket(at.getPort(), 5, at.getAddress())) {
        scene.time.advance(INTERVAL);
        await(scene::isReady);
        try (var accepted = server.accept()) {
          assertThat(accepted.getInputStream().read()).isEqualTo(-1);
        }
      }
      await(() -> waits.lines.size() == 1);
      assertThat(waits.lines)
          .containsExactly(
              "Fixed-interval wait completed successfully: strategy=fixed phase=app outcome=ready"
                  + " elapsed=0.050 s polls=11");
      scene.settle();
      assertThat(scene.time.pending()).isZero();
    }
  }

  @Test
  void aFullQueueIsNotReadyAndIsAskedAgain() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress at = new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
      // A queue of 1 takes two connections; what comes then is dropped.
      List<SocketChannel> queued = new ArrayList<>();
      queued.add(SocketChannel.open(at));
      queued.add(SocketChannel.open(at));
      try (UpstreamScene scene = new UpstreamScene(at, TCP)) {
        scene.upstream.start();
        await(() -> scene.time.pending() == 1);
        scene.settle();
        scene.time.advance(Question.CONNECT_LOOPBACK.minusNanos(1));
        scene.settle();
        assertThat(scene.probing.rests(scene.upstream)).isFalse();
        scene.time.advance(Duration.ofNanos(1));
        awaitNo(scene, 1);
        assertThat(scene.isReady()).isFalse();
        server.accept().close();
        server.accept().close();
        scene.time.advance(INTERVAL);
        await(scene::isReady);
      } finally {
        for (SocketChannel socket : queued) {
          socket.close();
        }
      }
    }
  }

  @Test
  void whoAcceptsIsReadyByTcpWhateverComesThen() throws Exception {
    try (ScriptedServer server = new ScriptedServer()) {
      server.deeds.add(ScriptedServer.resets());
      server.deeds.add(ScriptedServer.keepsSilent());
      for (int i = 0; i < 2; i++) {
        try (UpstreamScene scene = new UpstreamScene(server.at(), TCP)) {
          scene.upstream.start();
          await(scene::isReady);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        OK,
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end",
        "HTTP/1.0 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK,
      })
  void theExpectedAnswerIsReady(String answer) throws Exception {
    try (ScriptedServer server = new ScriptedServer();
        UpstreamScene scene = new UpstreamScene(server.at(), HTTP)) {
      server.deeds.add(ScriptedServer.answers(answer));
      scene.upstream.start();
      await(scene::isReady);
      assertThat(server.lastRequest)
          .startsWith("GET /up?x=1 HTTP/1.1\r\n")
          .contains("host: localhost:" + server.at().getPort() + "\r\n")
          .contains("connection: close\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\n\r\nno",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "\u0000\u0001\u0002\u0003garbage\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\ntoo short",
        "HTTP/1.1 200 OK\r\nContent-",
        "",
      })
  void anyOtherAnswerIsNotAndItIsAskedAgain(String answer) throws Exception {
    try (ScriptedServer server = new ScriptedServer();
        UpstreamScene scene = new UpstreamScene(server.at(), HTTP)) {
      server.deeds.add(ScriptedServer.answers(answer));
      server.deeds.add(ScriptedServer.answers(OK));
      scene.upstream.start();
      awaitNo(scene, 1);
      assertThat(scene.isReady()).isFalse();
      scene.time.advance(INTERVAL);
      await(scene::isReady);
    }
  }

  @Test
  void endlessAnswersAndResetsAreNot() throws Exception {
    String line = "x".repeat(1000) + "\r\n";
    try (ScriptedServer server = new ScriptedServer();
        UpstreamScene scene = new UpstreamScene(server.at(), HTTP)) {
      server.deeds.add(ScriptedServer.answersForEver("HTTP/1.1 200 OK\r\n\r\n", line));
      server.deeds.add(ScriptedServer.answersForEver("HTTP/1.1 200 OK\r\n", "a: " + line));
      server.deeds.add(ScriptedServer.answersForEver("HTTP/1.1 200 ", line.strip()));
      server.deeds.add(
          ScriptedServer.answersForEver("", "HTTP/1.1 102 Processing\r\n\r\n".repeat(50)));
      server.deeds.add(ScriptedServer.resets());
      server.deeds.add(ScriptedServer.answers(OK));
      scene.upstream.start();
      for (int polls = 1; polls <= 5; polls++) {
        if (polls == 4) {
          // Interim answers have no end but that of the time.
          await(() -> server.asked.get() == 4);
          scene.time.advance(Question.ANSWER);
        }
        awaitNo(scene, polls);
        int done = polls;
        await(() -> server.finished.get() == done);
        assertThat(scene.isReady()).isFalse();
        scene.time.advance(INTERVAL);
      }
      await(scene::isReady);
    }
  }

  @Test
  void silenceIsNotAfterItsTime() throws Exception {
    try (ScriptedServer server = new ScriptedServer();
        UpstreamScene scene = new UpstreamScene(server.at(), HTTP)) {
      server.deeds.add(ScriptedServer.keepsSilent());
      server.deeds.add(ScriptedServer.answers(OK));
      scene.upstream.start();
      await(() -> !server.lastRequest.isEmpty());
      scene.time.advance(Question.ANSWER);
      awaitNo(scene, 1);
      await(() -> server.finished.get() == 1);
      scene.time.advance(INTERVAL);
      await(scene::isReady);
    }
  }

  @Test
  void aNewStartEndsTheQuestionBefore() throws Exception {
    try (ScriptedServer server = new ScriptedServer();
        UpstreamScene scene = new UpstreamScene(server.at(), HTTP);
        Waits waits = new Waits()) {
      for (int i = 0; i < 20; i++) {
        server.deeds.add(ScriptedServer.keepsSilent());
      }
      scene.upstream.start();
      for (int i = 0; i < 19; i++) {
        int before = i;
        await(() -> server.open.get() == 1);
        scene.upstream.lost(scene.upstream.startup(), new IllegalStateException("test"));
        await(() -> server.finished.get() == before + 1);
      }
      await(() -> server.open.get() == 1);
      scene.probing.close();
      await(() -> server.open.get() == 0);
      await(() -> waits.lines.size() == 20);
      assertThat(waits.lines).allMatch(line -> line.contains("outcome=cancelled"));
      scene.settle();
      assertThat(scene.time.pending()).isZero();
      Startup last = scene.upstream.startup();
      scene.probing.starts(scene.upstream, last);
      scene.settle();
      assertThat(scene.probing.rests(scene.upstream)).isTrue();
    }
  }

  @Test
  void nobodyIsAskedWhereItWasOnceItIsGone() throws Exception {
    try (ScriptedServer server = new ScriptedServer();
        UpstreamScene scene = new UpstreamScene(null, TCP)) {
      scene.upstream.starts(server.at());
      await(scene::isReady);
      scene.upstream.gone(new IllegalStateException("killed"));
      scene.settle();
      scene.time.advance(Duration.ofSeconds(10));
      scene.settle();
      assertThat(scene.isReady()).isFalse();
      assertThat(scene.upstream.address()).isNull();
      scene.upstream.starts(server.at());
      await(scene::isReady);
    }
  }

  @Test
  void aWaitThatIsGivenUpIsOver() throws Exception {
    try (UpstreamScene scene = new UpstreamScene(closedPort(), TCP);
        Waits waits = new Waits()) {
      scene.upstream.start();
      awaitNo(scene, 1);
      scene.upstream.gaveUp(new IllegalStateException("test"));
      await(() -> waits.lines.size() == 1);
      assertThat(waits.lines.getFirst()).contains("wait ended", "outcome=failed", "polls=1");
      assertThat(scene.time.pending()).isZero();
    }
  }

  /** How waits ended. */
  private static final class Waits extends Handler implements AutoCloseable {
    private final Logger logger = Logger.getLogger("dev.vestibule.wait");
    private final List<String> lines = new CopyOnWriteArrayList<>();

    Waits() {
      logger.addHandler(this);
    }

    @Override
    public void publish(LogRecord logged) {
      String line = new SimpleFormatter().formatMessage(logged);
      if (line.startsWith("Fixed")) {
        lines.add(line);
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      logger.removeHandler(this);
    }
  }
}
