package dev.vestibule.chat.model;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Speaks OpenAI's streaming protocol without being a model. Tests give it a part for each question.
 * By itself, {@code java StandInModel.java [PORT]}, it answers, and behaves as it is told by {@code
 * curl -d '' http://127.0.0.1:PORT/be/PART}. Needs the JDK alone.
 */
public final class StandInModel implements AutoCloseable {

  /** What happens to one question. */
  @FunctionalInterface
  public interface Part {
    void play(Stage stage) throws IOException, InterruptedException;
  }

  /** Where a part is played. */
  public static final class Stage {
    private final HttpExchange exchange;
    private final CountDownLatch curtain;
    public final String asked;
    public final String authorization;

    Stage(HttpExchange exchange, CountDownLatch curtain) throws IOException {
      this.exchange = exchange;
      this.curtain = curtain;
      this.asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      this.authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    }

    public void status(int status, String body, String... header) throws IOException {
      for (int i = 0; i < header.length; i += 2) {
        exchange.getResponseHeaders().set(header[i], header[i + 1]);
      }
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
      exchange.close();
    }

    public void raw(String text) throws IOException {
      if (exchange.getResponseCode() < 0) {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
      }
      OutputStream out = exchange.getResponseBody();
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    }

    private void chunk(String delta, String finish) throws IOException {
      raw(
          """
          data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"stand-in",\
          "choices":[{"index":0,"delta":%s,"finish_reason":%s}]}

          """
              .formatted(delta, finish));
    }

    public void say(String... words) throws IOException {
      for (String word : words) {
        chunk("{\"role\":\"assistant\",\"content\":\"" + word + "\"}", "null");
      }
    }

    public void call(String id, String tool, String arguments) throws IOException {
      String quoted = arguments.replace("\"", "\\\"");
      int half = quoted.length() / 2 - (quoted.charAt(quoted.length() / 2 - 1) == '\\' ? 1 : 0);
      String shape =
          "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"index\":0,%s\"function\":{%s\"arguments\":\"%s\"}}]}";
      String first = "\"id\":\"" + id + "\",\"type\":\"function\",";
      // In two pieces, as models do it.
      chunk(
          shape.formatted(first, "\"name\":\"" + tool + "\",", quoted.substring(0, half)), "null");
      chunk(shape.formatted("", "", quoted.substring(half)), "null");
    }

    /** The proper end: why it ends, how much it was, and the last word. */
    public void finish(String why) throws IOException {
      chunk("{}", '"' + why + '"');
      raw(
          """
          data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"stand-in",\
          "choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}

          data: [DONE]

          """);
      end();
    }

    /** Ends the response as if it were complete. */
    public void end() {
      exchange.close();
    }

    /** To be thrown: hangs up in the middle of the response. */
    public IOException cut() {
      return new IOException("cut on purpose");
    }

    /** Says nothing until the stand-in is closed or released. */
    public void stall() throws InterruptedException {
      curtain.await();
    }

    /** Returns when whoever asked has hung up. */
    public void awaitHangUp() {
      try {
        while (true) {
          raw(": is anybody there\n\n");
        }
      } catch (IOException e) {
        // Nobody is.
      }
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch curtain = new CountDownLatch(1);
  private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();
  public final List<Stage> played = new CopyOnWriteArrayList<>();
  private volatile Part otherwise = StandInModel::well;

  public StandInModel(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(threads);
    server.createContext("/v1/chat/completions", this::play);
    server.createContext("/be/", this::be);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  /** Plays these parts next, one for each question, and answers well after that. */
  public void next(Part... next) {
    parts.addAll(List.of(next));
  }

  /** Plays this part whenever there is no other. */
  public void otherwise(Part part) {
    otherwise = part;
  }

  private void play(HttpExchange exchange) throws IOException {
    Stage stage = new Stage(exchange, curtain);
    Part part = parts.poll();
    played.add(stage);
    try {
      (part == null ? otherwise : part).play(stage);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void well(Stage stage) throws IOException {
    boolean used = stage.asked.lastIndexOf("\"tool\"") > stage.asked.lastIndexOf("\"user\"");
    if (stage.asked.contains("\"startup_timeline\"") && !used) {
      stage.call("call-1", "startup_timeline", "{\"of\":\"this server\"}");
      stage.finish("tool_calls");
    } else {
      stage.say("I am ", "a stand-in ", "for a model. ", "Your server's startup ", "is above.");
      stage.finish("stop");
    }
  }

  private static final Map<String, Part> PARTS =
      Map.of(
          "well", StandInModel::well,
          "down", stage -> stage.status(500, "{\"error\":{\"message\":\"down on purpose\"}}"),
          "locked", stage -> stage.status(401, "{\"error\":{\"message\":\"wrong key\"}}"),
          "busy", stage -> stage.status(429, "{\"error\":{}}", "Retry-After", "2"),
          "silent", Stage::stall,
          "stalled",
              stage -> {
                stage.say("I begin, ", "and then ");
                stage.stall();
              },
          "cut",
              stage -> {
                stage.say("I begin, ", "and then ");
                throw stage.cut();
              },
          "nonsense", stage -> stage.raw("data: {\"this is\": no JSON\n\n"));

  private void be(HttpExchange exchange) throws IOException {
    String name = exchange.getRequestURI().getPath().substring("/be/".length());
    Part part = PARTS.get(name);
    if (part != null) {
      otherwise = part;
    }
    byte[] said =
        (part == null ? "expected: one of " + PARTS.keySet() + "\n" : "now " + name + "\n")
            .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(part == null ? 404 : 200, said.length);
    exchange.getResponseBody().write(said);
    exchange.close();
  }

  /** Lets everybody who stalls go on. */
  public void release() {
    curtain.countDown();
  }

  @Override
  public void close() {
    release();
    server.stop(0);
    threads.shutdownNow();
  }

  public static void main(String[] args) throws IOException {
    StandInModel model = new StandInModel(args.length > 0 ? Integer.parseInt(args[0]) : 11435);
    System.out.println("A stand-in for a model at " + model.url());
    System.out.println("It behaves as it is told: curl -d '' .../be/PART, PART one of");
    System.out.println("  " + String.join(", ", PARTS.keySet().stream().sorted().toList()));
  }
}
