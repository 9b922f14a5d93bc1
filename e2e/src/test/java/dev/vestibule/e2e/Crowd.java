package dev.vestibule.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Many WebSocket clients on one thread, about 2 KB each: each connects, asks and stays. What became
 * of them is counted: {@code connected}, {@code open}, {@code echoed}, {@code closed 1012}, {@code
 * answered 503}, {@code lost} (the connection ended without a close frame), {@code lost in a
 * frame}, {@code unanswered}, {@code not connected}. Safe for use by many threads; every wait is
 * bounded.
 */
final class Crowd implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 60;

  /** More at once would overflow the queue of a listening socket, and take a second each. */
  private static final int MOST_CONNECTING = 200;

  private final InetSocketAddress address;
  private final Selector selector;
  private final Queue<Runnable> asked = new ConcurrentLinkedQueue<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, Integer> counts = new TreeMap<>();
  private final Map<String, Long> lastMillis = new TreeMap<>();
  // Of the thread alone.
  private final Queue<CrowdClient> toConnect = new ArrayDeque<>();
  private int connecting;
  private boolean talks;
  private volatile boolean comesBack;
  private volatile boolean closed;

  Crowd(int port) throws IOException {
    address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    selector = Selector.open();
    Thread.ofPlatform().daemon().name("crowd").start(this::run);
  }

  /** More clients come. */
  void come(int count) {
    onThread(() -> {
      for (int i = 0; i < count; i++) {
        toConnect.add(new CrowdClient(this));
      }
    });
  }

  /** From now on each that is open says something, and again whenever it was echoed. */
  void talk() {
    onThread(() -> {
      talks = true;
      selector.keys().forEach(key -> ((CrowdClient) key.attachment()).say());
    });
  }

  /** From now on whoever is told 1012 comes again, at once. */
  void comeBack() {
    comesBack = true;
  }

  boolean talks() {
    return talks;
  }

  /** How often each of these happened so far. */
  Map<String, Integer> counts() {
    lock.lock();
    try {
      return new TreeMap<>(counts);
    } finally {
      lock.unlock();
    }
  }

  int count(String what) {
    return counts().getOrDefault(what, 0);
  }

  /** When it happened last, in milliseconds of the machine's clock. */
  long lastMillis(String what) {
    lock.lock();
    try {
      return lastMillis.getOrDefault(what, 0L);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until something happened so often. */
  void await(String what, int count) throws InterruptedException {
    await(count + " " + what, counts -> counts.getOrDefault(what, 0) >= count);
  }

  /** Waits until so many were let in or not. */
  void awaitOutcomes(int count) throws InterruptedException {
    await(count + " outcomes", counts -> outcomes(counts) >= count);
  }

  private static int outcomes(Map<String, Integer> counts) {
    return counts.entrySet().stream()
        .filter(it -> !it.getKey().equals("connected") && !it.getKey().equals("echoed"))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  private void await(String what, Predicate<Map<String, Integer>> wanted)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    lock.lock();
    try {
      while (!wanted.test(counts)) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw new AssertionError("not " + what + ": " + counts);
        }
        changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  // ---- On its thread.

  private void onThread(Runnable what) {
    asked.add(what);
    selector.wakeup();
  }

  private void run() {
    try (selector) {
      while (!closed) {
        for (Runnable next = asked.poll(); next != null; next = asked.poll()) {
          next.run();
        }
        while (connecting < MOST_CONNECTING && !toConnect.isEmpty()) {
          connecting++;
          toConnect.remove().connect(address, selector);
        }
        selector.select(key -> ((CrowdClient) key.attachment()).ready(key), 1_000);
      }
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A connection is made, or cannot be. */
  void connected() {
    connecting--;
  }

  /** Something happened to a client. */
  void happened(String what) {
    lock.lock();
    try {
      counts.merge(what, 1, Integer::sum);
      lastMillis.put(what, System.currentTimeMillis());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (comesBack && what.equals("closed 1012")) {
      toConnect.add(new CrowdClient(this));
    }
  }

  /** All of them leave. */
  @Override
  public void close() {
    closed = true;
    selector.wakeup();
  }

  /**
   * A crowd as a process of its own, since a process may open so many descriptors and no more:
   * PORT. {@code 500 come} and {@code 500 outcomes} on standard input are answered, once it is so,
   * with {@code come: } or {@code outcomes: } and the counts; it leaves when the input ends.
   */
  public static void main(String[] args) throws Exception {
    try (Crowd crowd = new Crowd(Integer.parseInt(args[0]));
        var input = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        int space = line.indexOf(' ');
        int count = Integer.parseInt(line.substring(0, space));
        String what = line.substring(space + 1);
        if (what.equals("come")) {
          int before = crowd.count("connected");
          crowd.come(count);
          crowd.await("connected", before + count);
        } else {
          crowd.awaitOutcomes(count);
        }
        System.out.println(what + ": " + crowd.counts());
      }
    }
  }
}
