package dev.vestibule.gateway.cli;

import dev.vestibule.Door;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The few arguments that are needed to open the door, read before anything else is loaded: plain
 * loops, because every class more would delay the open port. What is wrong is left to the command
 * line, which names it together with everything else.
 */
public final class EarlyArguments {

  private static final String LISTEN = "--listen";
  private static final String[] NO_DOOR = {"--help", "-h", "--version", "-V", "--check"};

  private EarlyArguments() {}

  /**
   * Opens the door, unless the arguments ask for something else than to serve, are wrong, leave it
   * to a file where to listen, or the process was started with a listening socket.
   *
   * @param args of the process
   * @return null when there is to be none, or not yet
   * @throws IOException when the address cannot be listened at
   */
  public static @Nullable Door open(String[] args) throws IOException {
    // Whether the socket is really for this process is found out later.
    if (System.getenv("LISTEN_FDS") != null && System.getenv("LISTEN_PID") != null) {
      return null;
    }
    InetSocketAddress at = address(args, System.getenv("PORT"));
    return at == null ? null : Door.open(at, Door.DEFAULT_BACKLOG);
  }

  /** Where the door is to be; null for nowhere. */
  static @Nullable InetSocketAddress address(String[] args, @Nullable String port) {
    if (args.length == 0 || !(args[0].equals("run") || args[0].equals("gateway"))) {
      return null;
    }
    String listen = null;
    boolean file = false;
    for (int i = 1; i < args.length && !args[i].equals("--"); i++) {
      String arg = args[i];
      for (String other : NO_DOOR) {
        if (arg.equals(other)) {
          return null;
        }
      }
      if (arg.equals(LISTEN) && i + 1 < args.length) {
        listen = args[i + 1];
      } else if (arg.startsWith(LISTEN)
          && arg.length() > LISTEN.length()
          && arg.charAt(LISTEN.length()) == '=') {
        listen = arg.substring(LISTEN.length() + 1);
      } else if (arg.equals("--config") || arg.startsWith("--config=")) {
        file = true;
      }
    }
    if (listen == null && !file) {
      listen = port == null || port.isEmpty() ? "8080" : port;
    }
    return listen == null ? null : parse(listen);
  }

  private static @Nullable InetSocketAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    int port = port(text, colon + 1);
    if (port < 0) {
      return null;
    }
    if (host.isEmpty()) {
      return new InetSocketAddress(port);
    }
    if (host.indexOf(':') >= 0 && host.charAt(0) != '[') {
      return null;
    }
    try {
      return new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (IOException e) {
      return null;
    }
  }

  private static int port(String text, int from) {
    int port = 0;
    if (from == text.length() || text.length() - from > 5) {
      return -1;
    }
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      port = port * 10 + c - '0';
    }
    return port <= 65_535 ? port : -1;
  }
}
