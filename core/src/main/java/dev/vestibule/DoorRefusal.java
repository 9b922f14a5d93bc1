package dev.vestibule;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vestibule.Door.Knock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers many connections at once with the same refusal, on one thread. */
final class DoorRefusal {

  // As much of a request's head as is looked at; Jetty and Tomcat take 8 KiB.
  private static final int MOST_HEAD = 8 * 1024;
  // The first byte of a TLS record that begins a handshake, RFC 8446 section 5.1.
  private static final int TLS_HANDSHAKE = 0x16;

  private final Ticker ticker;
  private final byte[] head;
  private final byte[] body;
  private final ByteBuffer drain = ByteBuffer.allocate(MOST_HEAD);

  DoorRefusal(Refused refused, Ticker ticker) {
    this.ticker = ticker;
    this.body = refused.problem().toJson().getBytes(UTF_8);
    this.head =
        ("HTTP/1.1 503 Service Unavailable\r\nRetry-After: "
                + refused.retryAfterSeconds()
                + "\r\nContent-Type: "
                + Problem.MEDIA_TYPE
                + "\r\nContent-Length: "
                + body.length
                + "\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n")
            .getBytes(UTF_8);
  }

  /** Answers and closes them all. Returns how many answers were written whole. */
  int answer(List<Knock> knocks, Duration atMost) {
    long begun = ticker.read();
    long patience = atMost.toNanos() / 2;
    List<Caller> callers = new ArrayList<>();
    try (Selector selector = Selector.open()) {
      for (Knock knock : knocks) {
        Caller caller = new Caller(knock.channel());
        callers.add(caller);
        caller.begin(selector);
      }
      long passed = 0;
      while (!selector.keys().isEmpty() && passed < atMost.toNanos()) {
        long until = passed < patience ? patience : atMost.toNanos();
        selector.select(Math.max(1, (until - passed) / 1_000_000));
        for (SelectionKey key : selector.selectedKeys()) {
          ((Caller) key.attachment()).proceed();
        }
        selector.selectedKeys().clear();
        passed = ticker.read() - begun;
        if (passed >= patience) {
          hurry(callers);
        }
      }
    } catch (IOException e) {
      // No selector, no answers: they are closed, and those who ask again hear something better.
    } finally {
      for (Caller caller : callers) {
        close(caller.channel);
      }
    }
    int answered = 0;
    for (Caller caller : callers) {
      answered += caller.answered ? 1 : 0;
    }
    return answered;
  }

  private static void hurry(List<Caller> callers) {
    for (Caller caller : callers) {
      caller.answerNow();
    }
  }

  static void close(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      // Nothing is left to be done with it.
    }
  }

  /** One connection: its request is read, the answer written, and the rest read until it ends. */
  private final class Caller {

    final SocketChannel channel;
    boolean answered;
    private ByteBuffer request = ByteBuffer.allocate(512);
    private ByteBuffer[] answer = {};
    private @Nullable SelectionKey key;

    Caller(SocketChannel channel) {
      this.channel = channel;
    }

    void begin(Selector selector) {
      try {
        channel.configureBlocking(false);
        key = channel.register(selector, SelectionKey.OP_READ, this);
        proceed();
      } catch (IOException e) {
        close(channel);
      }
    }

    void proceed() {
      try {
        if (answer.length == 0) {
          read();
        } else if (!answered) {
          write();
        } else {
          drain();
        }
      } catch (IOException e) {
        close(channel);
      }
    }

    /** Half of the time is over: what has come of the request must do. */
    void answerNow() {
      if (answer.length == 0 && channel.isOpen()) {
        try {
          beginAnswer();
        } catch (IOException e) {
          close(channel);
        }
      }
    }

    private void read() throws IOException {
      int read = channel.read(request);
      if (request.position() > 0 && request.get(0) == TLS_HANDSHAKE) {
        // Whoever expects TLS cannot read what we have to say.
        close(channel);
      } else if (read < 0 || isWhole() || request.position() >= MOST_HEAD) {
        beginAnswer();
      } else if (!request.hasRemaining()) {
        request = ByteBuffer.allocate(request.capacity() * 2).put(request.flip());
        read();
      }
    }

    /** Whether the empty line that ends the head has come, RFC 9112 section 2.1. */
    private boolean isWhole() {
      for (int i = 3; i < request.position(); i++) {
        if (request.get(i) == '\n'
            && request.get(i - 1) == '\r'
            && request.get(i - 2) == '\n'
            && request.get(i - 3) == '\r') {
          return true;
        }
      }
      return false;
    }

    private void beginAnswer() throws IOException {
      boolean bodyless =
          request.position() > 4 && new String(request.array(), 0, 5, UTF_8).equals("HEAD ");
      answer =
          bodyless
              ? new ByteBuffer[] {ByteBuffer.wrap(head)}
              : new ByteBuffer[] {ByteBuffer.wrap(head), ByteBuffer.wrap(body)};
      write();
    }

    private void write() throws IOException {
      channel.write(answer);
      if (answer[answer.length - 1].hasRemaining()) {
        listenFor(SelectionKey.OP_WRITE);
        return;
      }
      answered = true;
      channel.shutdownOutput();
      listenFor(SelectionKey.OP_READ);
      drain();
    }

    private void listenFor(int operation) {
      SelectionKey registered = key;
      if (registered != null) {
        registered.interestOps(operation);
      }
    }

    private void drain() throws IOException {
      int read = channel.read(drain.clear());
      while (read > 0) {
        read = channel.read(drain.clear());
      }
      if (read < 0) {
        close(channel);
      }
    }
  }
}
