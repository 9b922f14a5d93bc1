package dev.vestibule.chat.model;

import com.openai.core.RequestOptions;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpRequestBody;
import com.openai.core.http.HttpResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One request of the OpenAI library, sent by the JDK's client instead of the library's own: nothing
 * more to ship, and it can be cancelled before its answer begins. The key is put in here, so that
 * the library, and whatever it logs, never sees it. Safe for use by many threads.
 */
final class Transport implements HttpClient {

  /** An endless answer ends here. */
  static final long MOST_BYTES = 8L << 20;

  private static final int MOST_COMPLAINT = 4_096;

  // The JDK's client sets these itself, or refuses to send them.
  private static final Set<String> NOT_OURS =
      Set.of("authorization", "host", "content-length", "connection", "expect", "upgrade");

  private final java.net.http.HttpClient client;
  private final @Nullable ModelKey key;

  // Guarded by this.
  private boolean cancelled;
  private @Nullable CompletableFuture<?> sending;
  private @Nullable Answer answer;

  Transport(java.net.http.HttpClient client, @Nullable ModelKey key) {
    this.client = client;
    this.key = key;
  }

  @Override
  public CompletableFuture<HttpResponse> executeAsync(
      HttpRequest request, RequestOptions requestOptions) {
    CompletableFuture<java.net.http.HttpResponse<InputStream>> sent;
    synchronized (this) {
      if (cancelled) {
        return CompletableFuture.failedFuture(new IOException("cancelled"));
      }
      sent = client.sendAsync(translate(request), BodyHandlers.ofInputStream());
      sending = sent;
    }
    return sent.thenApply(this::begun);
  }

  private HttpResponse begun(java.net.http.HttpResponse<InputStream> response) {
    Answer begun = new Answer(response);
    boolean late;
    synchronized (this) {
      late = cancelled;
      answer = begun;
    }
    if (late) {
      begun.close();
    }
    return begun;
  }

  private java.net.http.HttpRequest translate(HttpRequest request) {
    java.net.http.HttpRequest.Builder builder =
        java.net.http.HttpRequest.newBuilder(URI.create(request.url()));
    for (String name : request.headers().names()) {
      if (!NOT_OURS.contains(name.toLowerCase(Locale.ROOT))) {
        request.headers().values(name).forEach(value -> builder.header(name, value));
      }
    }
    if (key != null) {
      builder.header("Authorization", key.authorization());
    }
    HttpRequestBody body = request.body();
    if (body == null) {
      return builder.method(request.method().name(), BodyPublishers.noBody()).build();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    body.writeTo(bytes);
    String type = body.contentType();
    if (type != null) {
      builder.setHeader("Content-Type", type);
    }
    return builder
        .method(request.method().name(), BodyPublishers.ofByteArray(bytes.toByteArray()))
        .build();
  }

  /** Ends the request wherever it stands. */
  void cancel() {
    CompletableFuture<?> before;
    Answer during;
    synchronized (this) {
      cancelled = true;
      before = sending;
      during = answer;
    }
    if (before != null) {
      before.cancel(true);
    }
    if (during != null) {
      during.close();
    }
  }

  /** Whether the answer ended with the protocol's own last word, {@code [DONE]}. */
  synchronized boolean saidDone() {
    return answer != null && answer.body.saidDone();
  }

  /** Whether the endpoint began to answer. */
  synchronized boolean answered() {
    return answer != null;
  }

  @Override
  public HttpResponse execute(HttpRequest request, RequestOptions requestOptions) {
    throw new UnsupportedOperationException("a model is only asked for streams");
  }

  /** Nothing: the library closes this once it is garbage, while its answer may still be read. */
  @Override
  public void close() {}

  /** The status and headers, and a body that has an end. */
  private final class Answer implements HttpResponse {
    private final java.net.http.HttpResponse<InputStream> response;
    private final Body body;

    Answer(java.net.http.HttpResponse<InputStream> response) {
      this.response = response;
      this.body = new Body(response.body());
    }

    @Override
    public int statusCode() {
      return response.statusCode();
    }

    @Override
    public Headers headers() {
      Headers.Builder headers = Headers.builder();
      response.headers().map().forEach(headers::put);
      return headers.build();
    }

    @Override
    public InputStream body() {
      return response.statusCode() < 300 ? body : complaint();
    }

    /** The beginning of what is said of an error, without the key, should it be repeated there. */
    private InputStream complaint() {
      try {
        String text = new String(body.readNBytes(MOST_COMPLAINT), StandardCharsets.UTF_8);
        String safe = key == null ? text : key.redact(text);
        return new ByteArrayInputStream(safe.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        return InputStream.nullInputStream();
      }
    }

    @Override
    public void close() {
      try {
        body.close();
      } catch (IOException e) {
        // It is gone, which is what was wanted.
      }
    }
  }

  /** Counts, and remembers the end. */
  private static final class Body extends InputStream {
    private static final int TAIL = 32;

    private final InputStream in;
    // Guarded by itself: the end is asked for by another thread.
    private final StringBuilder tail = new StringBuilder();
    private long bytes;

    Body(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = in.read(buffer, offset, length);
      if (count > 0) {
        bytes += count;
        if (bytes > MOST_BYTES) {
          throw new IOException("more than " + MOST_BYTES + " bytes");
        }
        remember(buffer, offset, count);
      }
      return count;
    }

    private void remember(byte[] buffer, int offset, int count) {
      synchronized (tail) {
        for (int i = Math.max(0, count - TAIL); i < count; i++) {
          tail.append((char) (buffer[offset + i] & 0xff));
        }
        tail.delete(0, Math.max(0, tail.length() - TAIL));
      }
    }

    boolean saidDone() {
      synchronized (tail) {
        return tail.indexOf("[DONE]") >= 0;
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
