package dev.vestibule.bench.gateway;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;

/** Ready -> 101 where the server behind says itself that it is ready. Only our gateway hears it. */
final class PushedArrivals implements Measurement {

  private static final String PHASE = "services";

  private final LongSupplier moment;
  private final Figure p50 =
      Figure.percentile("ready.pushed.p50", "ready -> 101, p50, ms: readiness pushed", 0.50, null);
  private final Figure p99 =
      Figure.percentile(
          "ready.pushed.p99", "ready -> 101, p99, ms: readiness pushed", 0.99, Figure.Bar.value(3));
  private final Figure first50 =
      Figure.percentile(
          "ready.pushed.first.p50", "the same, first start of all, p50, ms", 0.50, null);
  private final Figure first99 =
      Figure.percentile(
          "ready.pushed.first.p99", "the same, first start of all, p99, ms", 0.99, null);

  /**
   * @param moment says how many milliseconds after the clients the server is ready
   */
  PushedArrivals(LongSupplier moment) {
    this.moment = moment;
  }

  @Override
  public List<Figure> measure(Setting setting) throws Exception {
    List<OurGateway> ours =
        setting.programs().stream()
            .filter(OurGateway.class::isInstance)
            .map(OurGateway.class::cast)
            .toList();
    int rounds = setting.quick() ? 2 : 8;
    for (OurGateway gateway : ours) {
      several(setting, gateway, rounds);
      for (int round = 0; round < rounds / 2; round++) {
        setting.progress().accept("ready, pushed, just started: round " + (round + 1));
        Path socket = socket();
        try (Running running = start(setting, gateway, socket)) {
          round(setting, running, socket, first50, first99);
        }
      }
    }
    return List.of(p50, p99, first50, first99);
  }

  private void several(Setting setting, OurGateway gateway, int rounds) throws Exception {
    Path socket = socket();
    try (Running running = start(setting, gateway, socket)) {
      setting.listen();
      push(socket, "READY");
      setting.exercise(running);
      setting.stop();
      for (int round = 0; round < rounds; round++) {
        push(socket, "DOWN");
        setting.progress().accept("ready, pushed: round " + (round + 1));
        round(setting, running, socket, p50, p99);
      }
    }
  }

  /** In a directory of its own with a short name: a Unix socket's path has at most 107 bytes. */
  private static Path socket() throws IOException {
    Path directory = Files.createTempDirectory("vestibule-bench");
    directory.toFile().deleteOnExit();
    return directory.resolve("admin");
  }

  private static Running start(Setting setting, OurGateway gateway, Path socket)
      throws IOException, InterruptedException {
    Running running =
        Running.start(
            gateway.told("--ready", "push:" + PHASE, "--admin-socket", socket.toString()),
            setting.places(),
            setting.serverPort());
    // The door opens before everything else.
    for (int i = 0; i < 2_000 && !Files.exists(socket); i++) {
      Thread.sleep(5);
    }
    return running;
  }

  private void round(Setting setting, Running running, Path socket, Figure half, Figure most)
      throws Exception {
    setting.load().ask("arrive " + running.port() + " " + Arrivals.clients());
    setting.load().say("answers 9000");
    Thread.sleep(moment.getAsLong());
    setting.listen();
    long told = push(socket, "READY");
    Arrivals.count(setting, running.program().name(), told, setting.load().hear(), half, most);
    setting.leave();
    setting.stop();
  }

  /** Says it, as a server would; returns when it began to. */
  private static long push(Path socket, String state) throws IOException {
    byte[] body =
        "{\"phase\":\"%s\",\"state\":\"%s\"}"
            .formatted(PHASE, state)
            .getBytes(StandardCharsets.UTF_8);
    String head =
        "POST /phases HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Connection: close\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    ByteBuffer request = ByteBuffer.allocate(head.length() + body.length);
    request.put(head.getBytes(StandardCharsets.US_ASCII)).put(body).flip();
    long began = System.nanoTime();
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      channel.write(request);
      ByteBuffer answer = ByteBuffer.allocate(4096);
      channel.read(answer);
      String said = new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
      if (!said.startsWith("HTTP/1.1 2")) {
        throw new IOException("the admin side says: " + said);
      }
    }
    return began;
  }
}
