package dev.vestibule;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * How many may wait, in all and from one client. A seat is taken before a waiter is published and
 * given back by whoever decides its outcome. Never exceeds its bounds, not even for a moment.
 */
final class Seats {

  /** Who counts as one client: an IPv4 address, or the first 64 bits of an IPv6 one. */
  record Client(boolean six, long network) {}

  private final int most;
  private final int mostPerClient;
  private final AtomicInteger taken = new AtomicInteger();
  private final ConcurrentMap<Client, Integer> takenByClient = new ConcurrentHashMap<>();

  Seats(int most, int mostPerClient) {
    this.most = most;
    this.mostPerClient = mostPerClient;
  }

  int taken() {
    return taken.get();
  }

  /** Takes a seat. What was reserved is given back when the client has too many. */
  boolean take(@Nullable Client client) {
    if (!reserve()) {
      return false;
    }
    if (client == null || reserve(client)) {
      return true;
    }
    taken.decrementAndGet();
    return false;
  }

  /** Whether there is no seat for this client now. */
  boolean areFull(@Nullable Client client) {
    return taken.get() >= most
        || (client != null && takenByClient.getOrDefault(client, 0) >= mostPerClient);
  }

  void giveBack(@Nullable Client client) {
    taken.decrementAndGet();
    if (client != null) {
      takenByClient.computeIfPresent(client, (key, count) -> count == 1 ? null : count - 1);
    }
  }

  /** Plainly: {@code if (taken < most) taken++}, as one step. */
  private boolean reserve() {
    int now;
    do {
      now = taken.get();
      if (now >= most) {
        return false;
      }
    } while (!taken.compareAndSet(now, now + 1));
    return true;
  }

  private boolean reserve(Client client) {
    boolean[] reserved = new boolean[1];
    takenByClient.compute(
        client,
        (key, count) -> {
          int now = count == null ? 0 : count;
          reserved[0] = now < mostPerClient;
          return reserved[0] ? Integer.valueOf(now + 1) : count;
        });
    return reserved[0];
  }

  /**
   * Who counts as one client: an IPv4 address, or the /64 of an IPv6 one, which is what a single
   * customer is commonly given (RFC 6177). Null when nobody is counted.
   */
  @Nullable Client clientOf(@Nullable InetAddress address) {
    if (address == null || mostPerClient == Integer.MAX_VALUE) {
      return null;
    }
    byte[] bytes = address.getAddress();
    long network = 0;
    for (int i = 0; i < Math.min(bytes.length, Long.BYTES); i++) {
      network = network << Byte.SIZE | (bytes[i] & 0xff);
    }
    return new Client(address instanceof Inet6Address, network);
  }
}
