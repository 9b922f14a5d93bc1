package dev.vestibule.chat;

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
final class EarlyArguments {

  private static final String[] NOT_A_SERVER = {"user", "help", "-h", "--help", "-V", "--version"};

  private EarlyArguments() {}

  /** Opens the door, unless the arguments ask for something else than a server or are wrong. */
  static @Nullable Door open(String[] args) throws IOException {
    for (String arg : args) {
      for (String other : NOT_A_SERVER) {
        if (arg.equals(other)) {
          return null;
        }
      }
    }
    int port = port(value(args, "--port", "8080"));
    if (port < 0) {
      return null;
    }
    InetSocketAddress at;
    try {
      at =
          new InetSocketAddress(InetAddress.getByName(value(args, "--address", "127.0.0.1")), port);
    } catch (IOException e) {
      return null;
    }
    return Door.open(at, Door.DEFAULT_BACKLOG);
  }

  private static String value(String[] args, String option, String otherwise) {
    String found = otherwise;
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals(option) && i + 1 < args.length) {
        found = args[i + 1];
      } else if (args[i].startsWith(option)
          && args[i].length() > option.length()
          && args[i].charAt(option.length()) == '=') {
        found = args[i].substring(option.length() + 1);
      }
    }
    return found;
  }

  private static int port(String value) {
    try {
      int port = Integer.parseInt(value);
      return port <= 65_535 ? port : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
