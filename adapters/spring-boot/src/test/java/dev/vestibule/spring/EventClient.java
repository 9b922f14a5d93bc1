package dev.vestibule.spring;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Reads server-sent events, one after another. */
final class EventClient implements AutoCloseable {

  record Event(String name, String id, String data) {}

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final HttpResponse<InputStream> response;
  private final BufferedReader lines;

  EventClient(int port, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Accept", "text/event-stream")
            .build();
    response = HTTP.send(request, HttpResponse.BodyHandlers.ofInputStream());
    lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  int status() {
    return response.statusCode();
  }

  String type() {
    return response.headers().firstValue("content-type").orElse("");
  }

  /** The next event; heartbeats are none. */
  Event next() throws IOException {
    String name = "";
    String id = "";
    StringBuilder data = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.isEmpty() && !data.isEmpty()) {
        return new Event(name, id, data.substring(1));
      }
      if (line.startsWith("event: ")) {
        name = line.substring(7);
      } else if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("data: ")) {
        data.append('\n').append(line.substring(6));
      }
    }
    throw new AssertionError("the stream has ended");
  }

  /** Waits for the end; whether nothing more came before it. */
  boolean isOver() throws IOException {
    return lines.readLine() == null;
  }

  @Override
  public void close() throws IOException {
    response.body().close();
  }
}
