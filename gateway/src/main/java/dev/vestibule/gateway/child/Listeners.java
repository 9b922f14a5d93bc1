package dev.vestibule.gateway.child;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Who listens on a port, from the kernel's tables (proc_net_tcp in the kernel's documentation). */
final class Listeners {

  private static final String LISTEN = "0A";

  private Listeners() {}

  /** The addresses on which somebody listens on a port, other than loopback. Blocks shortly. */
  static List<String> widerThanLoopback(int port) throws IOException {
    List<String> wider = new ArrayList<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      Path path = Path.of(table);
      // Without IPv6 there is no second one.
      if (Files.exists(path)) {
        wider.addAll(widerThanLoopback(port, Files.readAllLines(path)));
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
