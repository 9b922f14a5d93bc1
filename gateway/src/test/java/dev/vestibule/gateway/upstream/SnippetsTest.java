package dev.vestibule.gateway.upstream;

import static dev.vestibule.gateway.upstream.UpstreamScene.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.gateway.config.ReadinessSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/readiness.md shows is what lies in docs/snippets, and works. */
@Timeout(120)
class SnippetsTest {

  private static final Path DOCS = Path.of("../docs").toAbsolutePath().normalize();
  private static final Path SNIPPETS = DOCS.resolve("snippets");

  @TempDir Path directory;

  @Test
  void thePageShowsThemAndTheyAreShort() throws Exception {
    String page = Files.readString(DOCS.resolve("readiness.md"));
    try (Stream<Path> files = Files.list(SNIPPETS)) {
      List<Path> all = files.filter(Files::isRegularFile).toList();
      assertThat(all).isNotEmpty();
      for (Path file : all) {
        String text = Files.readString(file);
        assertThat(text.lines().count()).as("%s", file).isLessThan(15);
        assertThat(page).as("%s", file).contains("\n" + text + "```\n");
      }
    }
  }

  private static Process run(String variable, String value, String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).directory(SNIPPETS.toFile()).inheritIO();
    builder.environment().put(variable, value);
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    return builder.start();
  }

  @Test
  void anAsgiServerSaysWhenItIsReadyAndWhenItStops() throws Exception {
    // What uvicorn does with a lifespan, in short.
    String server =
        "import asyncio, sys, asgi_ready\n"
            + "async def main():\n"
            + "  async with asgi_ready.lifespan(None):\n"
            + "    await asyncio.to_thread(sys.stdin.readline)\n"
            + "asyncio.run(main())";
    try (UpstreamScene scene = scene();
        NotifySocket socket = NotifySocket.open(scene.upstream, scene.loop)) {
      scene.upstream.start();
      ProcessBuilder builder = new ProcessBuilder("python3", "-c", server);
      builder.directory(SNIPPETS.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
      builder.environment().put("NOTIFY_SOCKET", socket.path().toString());
      builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
      Process process = builder.start();
      await(scene::isReady);
      process.getOutputStream().close();
      await(() -> !scene.isReady());
      assertThat(process.waitFor()).isZero();
    }
  }

  @Test
  void aNodeServerSaysWhenItIsReady() throws Exception {
    String server = "import('./ready.mjs').then((ready) => ready.notify('READY=1'))";
    try (UpstreamScene scene = scene();
        NotifySocket socket = NotifySocket.open(scene.upstream, scene.loop)) {
      scene.upstream.start();
      Process process = run("NOTIFY_SOCKET", socket.path().toString(), "node", "-e", server);
      await(scene::isReady);
      assertThat(process.waitFor()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"python3", "node"})
  void phasesArePushed(String program) throws Exception {
    Path path = directory.resolve("admin");
    String script =
        program.equals("node")
            ? "import('./phases.mjs').then((p) => p.push(process.env.ADMIN, 'database', 'READY'))"
                + ".then((status) => process.exit(status - 200))"
            : "import os, phases\n"
                + "exit(phases.push(os.environ['ADMIN'], 'database', 'READY') - 200)";
    try (ServerSocketChannel admin = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      admin.bind(UnixDomainSocketAddress.of(path));
      String flag = program.equals("node") ? "-e" : "-c";
      Process process = run("ADMIN", path.toString(), program, flag, script);
      try (var accepted = admin.accept()) {
        StringBuilder request = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        while (request.indexOf("}") < 0 && accepted.read(buffer) >= 0) {
          request.append(StandardCharsets.UTF_8.decode(buffer.flip()));
          buffer.clear();
        }
        assertThat(request.toString())
            .startsWith("POST /phases HTTP/1.1\r\n")
            .containsIgnoringCase("content-type: application/json");
        assertThat(request.substring(request.indexOf("{")).replace(" ", ""))
            .startsWith("{\"phase\":\"database\",\"state\":\"READY\"}");
        String answer = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
        assertThat(accepted.write(StandardCharsets.UTF_8.encode(answer))).isPositive();
      }
      assertThat(process.waitFor()).isEqualTo(4);
    }
  }

  private static UpstreamScene scene() {
    return new UpstreamScene(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 9), new ReadinessSettings.Notify());
  }
}
