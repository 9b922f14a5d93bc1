package dev.vestibule.gateway.child;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds the port that a child is to listen on.
 *
 * <p>It must not be one of those that the kernel gives to clients and to who binds port 0 ({@code
 * ip_local_port_range}, ip(7)): between the moment at which the port was found free and the one at
 * which the child binds it, which may be many seconds later, somebody's outgoing connection would
 * get it now and then; and the connections by which a port is asked whether somebody listens there
 * would now and then be given that very port, and connect to themselves. So a port outside of that
 * range is tried at random. What remains is that another process that was told a port by a person
 * takes it in between: the child then fails to bind, ends, and is started with another one.
 */
final class InnerPort {

  private static final Path RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
  private static final int LEAST = 10_000;
  private static final int MOST = 65_535;
  private static final int TRIES = 100;

  private InnerPort() {}

  /** A port of loopback that was free a moment ago. Blocks shortly. */
  static InetSocketAddress find() throws IOException {
    int[] range = kernelsRange();
    return find(range[0], range[1]);
  }

  /** The first and the last of the ports that the kernel gives out. */
  static int[] kernelsRange() throws IOException {
    try (InputStream file = Files.newInputStream(RANGE)) {
      // In one piece: the kernel has nothing more to say to who reads on in the middle of it.
      String text = new String(file.readNBytes(64), StandardCharsets.US_ASCII);
      String[] ends = text.strip().split("\\s+", -1);
      return new int[] {Integer.parseInt(ends[0]), Integer.parseInt(ends[1])};
    }
  }

  /** The same where the kernel gives out the ports of a range, both ends included. */
  static InetSocketAddress find(int first, int last) throws IOException {
    int below = Math.max(0, Math.min(first, MOST + 1) - LEAST);
    int above = Math.max(0, MOST - Math.max(last, LEAST - 1));
    for (int i = 0; i < TRIES && below + above > 0; i++) {
      int pick = ThreadLocalRandom.current().nextInt(below + above);
      int port = pick < below ? LEAST + pick : MOST - (pick - below);
      if (isFree(port)) {
        return at(port);
      }
    }
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return at(any.getLocalPort());
    }
  }

  static InetSocketAddress at(int port) {
    // By its number: a name is looked up, and may be the other one of ::1 and 127.0.0.1.
    return new InetSocketAddress(loopback(), port);
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      // So that one with connections in TIME_WAIT is not free: not every server can bind it.
      socket.setReuseAddress(false);
      socket.bind(at(port), 1);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static InetAddress loopback() {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    } catch (IOException e) {
      throw new AssertionError("four bytes are an address", e);
    }
  }
}
