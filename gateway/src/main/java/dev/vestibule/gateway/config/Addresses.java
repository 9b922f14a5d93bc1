package dev.vestibule.gateway.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Addresses as they are written, and whether two are one. */
public final class Addresses {

  private Addresses() {}

  /**
   * As somebody would write it.
   *
   * @param address resolved
   * @return {@code :8080} for every address of this machine, {@code [::1]:8080} for IPv6
   */
  public static String text(InetSocketAddress address) {
    InetAddress host = address.getAddress();
    if (host == null) {
      return address.getHostString() + ":" + address.getPort();
    }
    if (host.isAnyLocalAddress()) {
      return ":" + address.getPort();
    }
    String text = host.getHostAddress();
    return (text.contains(":") ? "[" + text + "]" : text) + ":" + address.getPort();
  }

  /** Whether who connects to the second could reach the first, on this machine. */
  static boolean clash(InetSocketAddress listening, InetSocketAddress other) {
    InetAddress a = listening.getAddress();
    InetAddress b = other.getAddress();
    return listening.getPort() != 0
        && listening.getPort() == other.getPort()
        && (a.equals(b)
            || b.isAnyLocalAddress()
            || (a.isAnyLocalAddress() && b.isLoopbackAddress()));
  }
}
