package dev.vestibule.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Runs the packaged chat as {@code ./vestibule chat} does. */
final class Chat {

  static final String PASSWORD = "correct horse battery staple";

  private static final Path TARGET = Path.of("..", "chat", "target").toAbsolutePath().normalize();

  private Chat() {}

  static RunningProcess start(String... arguments) throws IOException {
    return start(Map.of(), arguments);
  }

  static RunningProcess start(Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-cp");
    boolean model = Stream.of(arguments).anyMatch(each -> each.startsWith("--model-url"));
    command.add(
        TARGET.resolve("vestibule-chat.jar")
            + (":" + TARGET.resolve("lib") + "/*")
            + (model ? ":" + TARGET.resolve("lib-model") + "/*" : ""));
    command.add("dev.vestibule.chat.ChatMain");
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return new RunningProcess(builder);
  }

  /**
   * Starts a chat whose services take until {@link RunningProcess#say} is called, with an admin
   * side.
   */
  static RunningProcess startHeld(Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--slow=services=30m");
    if (all.stream().noneMatch(each -> each.startsWith("--admin-port"))) {
      all.add("--admin-port=0");
    }
    return start(environment, all.toArray(String[]::new));
  }

  /** Returns when so many wait at its gate, as its admin side says. */
  static void awaitWaiting(RunningProcess server, int count)
      throws IOException, InterruptedException {
    String admin = server.await("the admin side is at (http://127\\.0\\.0\\.1:\\d+/\\w+)").group(1);
    HttpRequest request = HttpRequest.newBuilder(URI.create(admin)).build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      String seen = "";
      while (ChatUser.JSON.readTree(seen.isEmpty() ? "{}" : seen).path("waiting").asInt(0)
          != count) {
        if (!server.isAlive()) {
          throw new AssertionError(server.output());
        }
        seen = http.send(request, BodyHandlers.ofString()).body();
      }
    }
  }

  /** Adds a user whose password is {@link #PASSWORD}. */
  static void addUser(Path data, String name) throws IOException, InterruptedException {
    try (RunningProcess adding = start("user", "add", name, "--data", data.toString())) {
      adding.say(PASSWORD);
      if (adding.exitCode() != 0) {
        throw new AssertionError(adding.output());
      }
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Returns as soon as a connection is accepted, which is well before Spring is up. */
  static void awaitPort(int port, RunningProcess server) {
    while (true) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return;
      } catch (IOException e) {
        if (!server.isAlive()) {
          throw new AssertionError(server.output(), e);
        }
        Thread.onSpinWait();
      }
    }
  }
}
