package dev.vestibule;

import static java.lang.System.Logger.Level.WARNING;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The listening socket, opened before there is a server. One thread accepts those who knock and
 * notes when they did, until a server {@linkplain #adopt() adopts} the socket and those who wait at
 * it, or they are all {@linkplain #refuse refused}. Safe for use by many threads.
 *
 * <p>It is on the way from the start of a process to its open port, so it needs few classes: no
 * lambdas and no formatting before the port is open.
 */
public final class Door implements AutoCloseable {

  /** How many may be queued by the kernel, unless told otherwise; Linux allows as many. */
  public static final int DEFAULT_BACKLOG = 4096;

  /** How many are accepted before a server is there; the rest stay in the kernel's queue. */
  static final int MAX_EARLY = 10_000;

  static final Path SOMAXCONN = Path.of("/proc/sys/net/core/somaxconn");

  /**
   * Someone who connected before there was a server.
   *
   * @param channel the connection, in blocking mode, nothing read
   * @param knockedAt when it was accepted, a reading of {@link Ticker#system()}
   */
  public record Knock(SocketChannel channel, long knockedAt) {}

  /**
   * What a server takes over.
   *
   * @param listener the listening socket, in blocking mode; whoever has it closes it
   * @param knocks who knocked so far, in order; whoever has them closes them
   */
  public record Handover(ServerSocketChannel listener, List<Knock> knocks) {

    /** Copies the list, so that the record is immutable. */
    public Handover {
      knocks = List.copyOf(knocks);
    }
  }

  private final InetSocketAddress address;
  private final ServerSocketChannel listener;
  private final Selector selector;
  private final Thread thread;
  private final int backlog;
  private final int maxEarly;
  private final @Nullable Ticker ticker;
  // Written by the accepting thread, read by others once they have joined it.
  private final List<Knock> knocks = new ArrayList<>();
  private volatile int early;
  private volatile boolean stopped;
  // Guarded by this.
  private boolean handedOver;

  private Door(ServerSocketChannel listener, int backlog, int maxEarly, @Nullable Ticker ticker)
      throws IOException {
    this.listener = listener;
    this.backlog = backlog;
    this.maxEarly = maxEarly;
    this.ticker = ticker;
    this.address = (InetSocketAddress) listener.getLocalAddress();
    listener.configureBlocking(false);
    this.selector = Selector.open();
    listener.register(selector, SelectionKey.OP_ACCEPT);
    this.thread =
        new Thread("vestibule-door") {
          @Override
          public void run() {
            acceptEarly();
          }
        };
    thread.setDaemon(true);
  }

  /**
   * Opens the door: from now on clients connect, and wait.
   *
   * @param address where to listen; port 0 takes any free one
   * @param backlog how many the kernel queues, one or more; {@link #DEFAULT_BACKLOG} is right for
   *     most. The kernel takes {@code net.core.somaxconn} if that is smaller, of which a warning is
   *     logged: beyond it clients see their connects time out and repeated.
   * @return an open door
   * @throws IOException when the address cannot be listened at; its message names the address and
   *     what was expected
   * @throws IllegalArgumentException when the backlog is less than one or the address unresolved
   */
  public static Door open(InetSocketAddress address, int backlog) throws IOException {
    return open(address, backlog, MAX_EARLY, null);
  }

  static Door open(InetSocketAddress address, int backlog, int maxEarly, @Nullable Ticker ticker)
      throws IOException {
    if (backlog < 1) {
      throw new IllegalArgumentException("backlog: " + backlog + " (expected: >= 1)");
    }
    if (address.isUnresolved()) {
      throw new IllegalArgumentException(
          "address: " + address.getHostString() + " (expected: a name or number that resolves)");
    }
    ServerSocketChannel listener = ServerSocketChannel.open();
    try {
      listener.bind(address, backlog);
      Door door = new Door(listener, backlog, maxEarly, ticker);
      door.thread.start();
      return door;
    } catch (IOException e) {
      listener.close();
      throw explained(address, e);
    }
  }

  private static BindException explained(InetSocketAddress address, IOException cause) {
    BindException e =
        new BindException(
            "address: "
                + address.getAddress().getHostAddress()
                + ":"
                + address.getPort()
                + ": "
                + cause.getMessage()
                + " (expected: an address of this machine and a port that is free and allowed)");
    e.initCause(cause);
    return e;
  }

  /**
   * Where the door is.
   *
   * @return the address that it listens at
   */
  public InetSocketAddress address() {
    return address;
  }

  /**
   * The port of {@link #address()}.
   *
   * @return the port that was asked for, or the one that the system chose
   */
  public int port() {
    return address.getPort();
  }

  /**
   * Gives the listening socket and those who knocked to a server. The socket never stops listening,
   * so nobody is lost: who comes meanwhile waits in the kernel's queue. Closing the door does
   * nothing from then on.
   *
   * @return the socket, and who waits
   * @throws IllegalStateException when it was adopted, refused or closed before
   */
  public synchronized Handover adopt() {
    stopAccepting();
    try {
      // Who knocked in this moment is in the kernel's queue, and waits since now at the latest.
      acceptWaiting(maxEarly);
    } catch (IOException e) {
      log("left those who wait at " + address + " to the server: " + e);
    }
    try {
      // The key must be gone before the mode can be changed.
      selector.close();
      listener.configureBlocking(true);
    } catch (IOException e) {
      throw new IllegalStateException("the door at " + address + " was closed", e);
    }
    return new Handover(listener, knocks);
  }

  /**
   * Answers everyone who knocked, and whoever waits in the kernel's queue, with HTTP 503, {@code
   * Retry-After} and the reason as problem details (RFC 9457); then closes the door. For a process
   * that will not become ready. A request is read before it is answered, as far as it comes: a
   * connection closed over unread bytes is reset, and the answer with it.
   *
   * @param refused why
   * @param atMost how long this may take in all, more than zero; a second is enough for thousands.
   *     Who has not sent a whole request by half of it is answered without.
   * @return how many were answered
   * @throws IllegalStateException when it was adopted, refused or closed before
   */
  public synchronized int refuse(Refused refused, Duration atMost) {
    stopAccepting();
    try {
      acceptWaiting(Integer.MAX_VALUE);
    } catch (IOException e) {
      log("could not accept all who wait at " + address + ": " + e);
    }
    // Nobody else shall wait here.
    DoorRefusal.close(selector);
    DoorRefusal.close(listener);
    return new DoorRefusal(refused, ticker()).answer(knocks, atMost);
  }

  /** Closes the socket and those who knocked, unless they were handed over. */
  @Override
  public synchronized void close() {
    if (handedOver) {
      return;
    }
    stopAccepting();
    for (Knock knock : knocks) {
      DoorRefusal.close(knock.channel());
    }
    DoorRefusal.close(selector);
    DoorRefusal.close(listener);
  }

  private void stopAccepting() {
    if (handedOver) {
      throw new IllegalStateException(
          "the door at " + address + " was adopted, refused or closed (expected: once)");
    }
    handedOver = true;
    stopped = true;
    selector.wakeup();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        // It ends at once; half a hand-over would lose connections.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** How many have been accepted so far. */
  int early() {
    return early;
  }

  // ---- The accepting thread.

  private void acceptEarly() {
    warnOfShortQueue(SOMAXCONN);
    try {
      while (!stopped && knocks.size() < maxEarly) {
        selector.select();
        selector.selectedKeys().clear();
        acceptWaiting(maxEarly);
      }
    } catch (IOException e) {
      // Out of descriptors, most likely: the rest stay in the kernel's queue.
      log("stopped accepting at " + address + " after " + knocks.size() + " connections: " + e);
    }
  }

  private void acceptWaiting(int most) throws IOException {
    Ticker clock = ticker();
    while (knocks.size() < most) {
      SocketChannel channel = listener.accept();
      if (channel == null) {
        return;
      }
      knocks.add(new Knock(channel, clock.read()));
      early = knocks.size();
    }
  }

  private Ticker ticker() {
    return ticker == null ? Ticker.system() : ticker;
  }

  private void warnOfShortQueue(Path limit) {
    String warning = shortQueue(limit, backlog);
    if (warning != null) {
      log(warning);
    }
  }

  /** The warning if the kernel's limit is below the backlog, else null. */
  static @Nullable String shortQueue(Path limit, int backlog) {
    // In one read: the files of /proc/sys end after the first, which Files.readString makes of one
    // byte.
    byte[] text = new byte[32];
    try (InputStream in = Files.newInputStream(limit)) {
      int allowed =
          Integer.parseInt(new String(text, 0, Math.max(0, in.read(text)), US_ASCII).trim());
      return allowed >= backlog
          ? null
          : "backlog: "
              + backlog
              + ", but net.core.somaxconn is "
              + allowed
              + " (expected: >= the backlog); more connections at once are dropped and repeated";
    } catch (IOException | NumberFormatException e) {
      // Not Linux.
      return null;
    }
  }

  private static void log(String message) {
    System.getLogger(Door.class.getName()).log(WARNING, message);
  }
}
