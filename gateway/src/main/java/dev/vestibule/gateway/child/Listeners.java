package dev.vestibule.gateway.child;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Who listens on a port, from the kernel's tables (proc_net_tcp in the kernel's documentation). */
final class Listeners {

  // Without IPv6 there is no second one.
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
  private static final String LISTEN = "0A";
  private static final int INODE = 9;

  private Listeners() {}

  /** The addresses on which somebody listens on a port, other than loopback. Blocks shortly. */
  static List<String> widerThanLoopback(int port) throws IOException {
    List<String> wider = new ArrayList<>();
    for (Path table : TABLES) {
      if (Files.exists(table)) {
        wider.addAll(widerThanLoopback(port, Files.readAllLines(table)));
      }
    }
    return wider;
  }

  static List<String> widerThanLoopback(int port, List<String> table) throws IOException {
    List<String> wider = new ArrayList<>();
    for (String line : table.subList(Math.min(1, table.size()), table.size())) {
      // number: local address:port remote address:port state ...
      String[] columns = line.strip().split("\\s+", -1);
      if (columns.length < 4 || !columns[3].equals(LISTEN)) {
        continue;
      }
      int colon = columns[1].indexOf(':');
      InetAddress address = address(columns[1].substring(0, colon));
      int its = Integer.parseInt(columns[1].substring(colon + 1), 16);
      if (its == port && !address.isLoopbackAddress()) {
        String host = address.getHostAddress();
        if (address.isAnyLocalAddress() && host.contains(":")) {
          host = "::";
        }
        wider.add((host.contains(":") ? "[" + host + "]" : host) + ":" + port);
      }
    }
    return wider;
  }

  /** The ports on which a process or one of those that it started listens. Blocks shortly. */
  static Set<Integer> portsOf(ProcessHandle process) throws IOException {
    Set<String> sockets = new HashSet<>(socketsOf(process.pid()));
    process.descendants().forEach(child -> sockets.addAll(socketsOf(child.pid())));
    Set<Integer> ports = new TreeSet<>();
    for (Path table : TABLES) {
      if (Files.exists(table)) {
        ports.addAll(ports(sockets, Files.readAllLines(table)));
      }
    }
    return ports;
  }

  /** The ports of those sockets that listen; each is known by its inode. */
  static Set<Integer> ports(Set<String> sockets, List<String> table) {
    Set<Integer> ports = new TreeSet<>();
    for (String line : table) {
      String[] columns = line.strip().split("\\s+", -1);
      if (columns.length > INODE && columns[3].equals(LISTEN) && sockets.contains(columns[INODE])) {
        int colon = columns[1].indexOf(':');
        ports.add(Integer.parseInt(columns[1].substring(colon + 1), 16));
      }
    }
    return ports;
  }

  /**
   * Inodes, from links such as {@code socket:[4711]}; none of a process that is not ours to see.
   */
  private static Set<String> socketsOf(long pid) {
    Set<String> sockets = new HashSet<>();
    try (DirectoryStream<Path> open =
        Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
      for (Path descriptor : open) {
        String target = Files.readSymbolicLink(descriptor).toString();
        if (target.startsWith("socket:[")) {
          sockets.add(target.substring("socket:[".length(), target.length() - 1));
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // It has ended, or changes just now: whoever asks, asks again.
    }
    return sockets;
  }

  /** Words of 32 bits, each written as the machine's own number. */
  private static InetAddress address(String hex) throws IOException {
    byte[] bytes = HexFormat.of().parseHex(hex);
    if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
      for (int i = 0; i < bytes.length; i += 4) {
        swap(bytes, i, i + 3);
        swap(bytes, i + 1, i + 2);
      }
    }
    // One of ::ffff:0:0/96 becomes the IPv4 address that it is.
    return InetAddress.getByAddress(bytes);
  }

  private static void swap(byte[] bytes, int one, int other) {
    byte kept = bytes[one];
    bytes[one] = bytes[other];
    bytes[other] = kept;
  }
}
