package dev.vestibule.bench.timing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;

/**
 * The process in which the clients live: Java's own WebSocket client, many at once. Reads {@code
 * open PORT COUNT} from its input and answers with a line {@code ASKED OPENED OUTCOME} a client,
 * then {@code done}. Times are readings of the machine's monotonic clock in nanoseconds, which all
 * processes of a machine share on Linux.
 */
final class Clients {

  private final HttpClient http =
      HttpClient.newBuilder().executor(Executors.newVirtualThreadPerTaskExecutor()).build();

  private Clients() {}

  public static void main(String[] args) throws IOException {
    Clients clients = new Clients();
    var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      String[] words = line.split(" ", -1);
      clients
          .open(Integer.parseInt(words[1]), Integer.parseInt(words[2]))
          .forEach(System.out::println);
      System.out.println("done");
    }
  }

  private List<Attempt> open(int port, int count) {
    URI uri = URI.create("ws://127.0.0.1:" + port + "/chat");
    List<Attempt> attempts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      attempts.add(new Attempt(http, uri));
    }
    attempts.forEach(Attempt::await);
    return attempts;
  }

  /** One client's wait for its handshake. */
  private static final class Attempt implements WebSocket.Listener {
    private final long asked = System.nanoTime();
    private final CompletableFuture<WebSocket> connection;
    private volatile long opened;
    private String outcome = "open";

    Attempt(HttpClient http, URI uri) {
      connection = http.newWebSocketBuilder().buildAsync(uri, this);
    }

    @Override
    public void onOpen(WebSocket webSocket) {
      opened = System.nanoTime();
    }

    void await() {
      try {
        connection.join().abort();
      } catch (CompletionException e) {
        outcome = String.valueOf(e.getCause()).replace(' ', '_');
        opened = System.nanoTime();
      }
    }

    @Override
    public String toString() {
      return asked + " " + opened + " " + outcome;
    }
  }
}
