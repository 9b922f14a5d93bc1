package dev.vestibule.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * So many times a second somebody connects, upgrades, has a message echoed and closes. What came of
 * each is counted: {@code echoed}, {@code closed 1012}, {@code answered 503 (DRAINING)}, {@code
 * lost} (no close frame), {@code lost in a frame}, {@code unanswered}, {@code not connected}.
 */
final class Prober implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 120;
  private static final Pattern REASON = Pattern.compile("\"reason\":\"(\\w+)\"");

  private static final String ASK =
      "GET /chat HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

  /** RFC 6455 section 5.2: text "hi", then close 1000, each with a mask of zeros. */
  private static final byte[] HI = {(byte) 0x81, (byte) 0x82, 0, 0, 0, 0, 'h', 'i'};

  private static final byte[] CLOSE = {
    (byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 1000 >> 8, (byte) 1000
  };

  private final int port;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService probes = Executors.newVirtualThreadPerTaskExecutor();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, Integer> counts = new TreeMap<>();

  Prober(int port, int perSecond) {
    this.port = port;
    var _ =
        clock.scheduleAtFixedRate(
            () -> probes.execute(() -> count(probe())),
            0,
            TimeUnit.SECONDS.toNanos(1) / perSecond,
            TimeUnit.NANOSECONDS);
  }

  Map<String, Integer> counts() {
    lock.lock();
    try {
      return new TreeMap<>(counts);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until so many more were echoed. */
  void awaitEchoed(int more) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    lock.lock();
    try {
      int wanted = counts.getOrDefault("echoed", 0) + more;
      while (counts.getOrDefault("echoed", 0) < wanted) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw new AssertionError("not " + wanted + " are echoed: " + counts);
        }
        changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void count(String outcome) {
    lock.lock();
    try {
      counts.merge(outcome, 1, Integer::sum);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private String probe() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_SECONDS * 1_000);
      return ask(socket);
    } catch (IOException e) {
      return "not connected";
    }
  }

  private static String ask(Socket socket) {
    try {
      socket.getOutputStream().write(ASK.getBytes(ISO_8859_1));
      InputStream in = socket.getInputStream();
      String head = head(in);
      String status = head.substring(9, 12);
      if (status.equals("101")) {
        return session(socket);
      }
      Matcher reason = REASON.matcher(new String(in.readAllBytes(), ISO_8859_1));
      return "answered " + status + (reason.find() ? " (" + reason.group(1) + ")" : "");
    } catch (IOException e) {
      return "unanswered";
    }
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException();
      }
      head.write(next);
    }
    return head.toString(ISO_8859_1);
  }

  /** Once the 101 was seen. */
  private static String session(Socket socket) {
    boolean echoed = false;
    boolean inFrame = false;
    try {
      socket.getOutputStream().write(HI);
      InputStream in = socket.getInputStream();
      while (true) {
        int kind = in.read();
        if (kind < 0) {
          return "lost";
        }
        inFrame = true;
        int length = in.read();
        byte[] payload = in.readNBytes(length);
        if (length < 0 || payload.length < length) {
          return "lost in a frame";
        }
        inFrame = false;
        if ((kind & 0x0f) == 8) {
          int code = length < 2 ? 1005 : ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
          return echoed && code == 1000 ? "echoed" : "closed " + code;
        }
        echoed = true;
        socket.getOutputStream().write(CLOSE);
      }
    } catch (IOException e) {
      return inFrame ? "lost in a frame" : "lost";
    }
  }

  /** Begins no more, and waits for those under way. */
  @Override
  public void close() {
    clock.close();
    probes.close();
  }
}
