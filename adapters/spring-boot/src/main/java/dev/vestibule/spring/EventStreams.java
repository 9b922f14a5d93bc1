package dev.vestibule.spring;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;

import dev.vestibule.Scheduler;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Those who follow a startup. While there are any, one task looks four times a second: what is new
 * is told at once, and once a second what changes with time alone. So nobody hears more than four
 * events a second, what happens between two looks is told as one, and each look renders once for
 * all who follow the same. Safe for use by many threads.
 */
final class EventStreams {

  static final Duration LOOK = Duration.ofMillis(250);
  private static final int LOOKS_PER_BEAT = 4;

  // Several events fit. Linux doubles it.
  private static final int SEND_BUFFER = 64 * 1024;

  private static final System.Logger LOG = System.getLogger(EventStreams.class.getName());

  private final Scheduler scheduler;
  private final int most;
  private final int mostPerClient;
  private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean looking = new AtomicBoolean();
  private volatile @Nullable Executor executor;
  private volatile boolean closed;
  // Touched only by the look, of which there is one at a time.
  private long looks;
  // Guarded by this.
  private int taken;
  private final Map<Object, Integer> takenByClient = new HashMap<>();

  /**
   * Makes a place for streams.
   *
   * @param scheduler for the looks; they run on the server's threads
   * @param most how many streams at the same time, in all
   * @param mostPerClient how many of them from one address; IPv6: one /64
   */
  EventStreams(Scheduler scheduler, int most, int mostPerClient) {
    this.scheduler = scheduler;
    this.most = most;
    this.mostPerClient = mostPerClient;
  }

  /** How many are open now. */
  int count() {
    return streams.size();
  }

  /**
   * Answers a request with a stream.
   *
   * @return whether it did: not when there are too many already, or no more are wanted
   */
  boolean open(
      Request request,
      Response response,
      Callback callback,
      EventStream.Feed feed,
      @Nullable InetAddress address) {
    Object client = clientOf(address);
    if (closed || !reserve(client)) {
      return false;
    }
    executor = request.getComponents().getExecutor();
    boundKernelsShare(request);
    EventStream stream = new EventStream(feed, client, response, callback, this::ended);
    stream.begin();
    streams.add(stream);
    try {
      stream.tell(feed.frame());
    } catch (RuntimeException e) {
      ended(stream);
      throw e;
    }
    if (closed) {
      stream.end();
    }
    lookLater();
    return true;
  }

  /** Ends all of them, and takes no more. */
  void close() {
    closed = true;
    streams.forEach(EventStream::end);
  }

  /** Left alone, the kernel keeps megabytes for whoever does not read. */
  private static void boundKernelsShare(Request request) {
    Object transport = request.getConnectionMetaData().getConnection().getEndPoint().getTransport();
    if (transport instanceof SocketChannel socket) {
      try {
        socket.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
      } catch (IOException e) {
        // The client is gone, which the first write finds out.
        LOG.log(DEBUG, "a socket could not be set up", e);
      }
    }
  }

  private void ended(EventStream stream) {
    if (streams.remove(stream)) {
      release(stream.client());
    }
  }

  private void lookLater() {
    if (!streams.isEmpty() && looking.compareAndSet(false, true)) {
      scheduler.schedule(this::lookElsewhere, LOOK);
    }
  }

  /** The scheduler's thread is shared by everything that must be in time. */
  private void lookElsewhere() {
    Executor server = executor;
    try {
      if (server != null) {
        server.execute(this::look);
      }
    } catch (RejectedExecutionException e) {
      // The server has stopped, and its connections with it.
      looking.set(false);
    }
  }

  private void look() {
    try {
      boolean beat = ++looks % LOOKS_PER_BEAT == 0;
      Map<EventStream.Feed, EventStream.Frame> frames = new HashMap<>();
      for (EventStream stream : streams) {
        if (beat || stream.isBehind()) {
          stream.tell(frames.computeIfAbsent(stream.feed(), EventStream.Feed::frame));
        }
      }
    } catch (RuntimeException e) {
      LOG.log(WARNING, "those who follow startup could not be told", e);
    } finally {
      looking.set(false);
      // Somebody may have come meanwhile and found a look under way.
      lookLater();
    }
  }

  private synchronized boolean reserve(Object client) {
    int ofClient = takenByClient.getOrDefault(client, 0);
    if (taken >= most || ofClient >= mostPerClient) {
      return false;
    }
    taken++;
    takenByClient.put(client, ofClient + 1);
    return true;
  }

  private synchronized void release(Object client) {
    taken--;
    takenByClient.computeIfPresent(client, (it, count) -> count > 1 ? count - 1 : null);
  }

  /** One customer of an IPv6 provider has a /64. */
  private static Object clientOf(@Nullable InetAddress address) {
    if (address == null) {
      return "unknown";
    }
    return address instanceof Inet6Address
        ? java.nio.ByteBuffer.wrap(address.getAddress(), 0, 8)
        : address;
  }
}
