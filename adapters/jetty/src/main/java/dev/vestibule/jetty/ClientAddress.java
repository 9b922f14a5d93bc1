package dev.vestibule.jetty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Who asks: the peer of the connection, or, behind trusted hops, what the outermost of them wrote
 * into X-Forwarded-For. Each hop appends the address that it saw, so what N of them vouch for is
 * the Nth from the right; everything left of it may be the client's invention.
 */
public final class ClientAddress {

  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private ClientAddress() {}

  /**
   * The client's address.
   *
   * @param request on an HTTP connection
   * @param trustedHops how many proxies of one's own it passed; zero or more
   * @return null when it cannot be known, which is no reason to refuse anyone
   */
  public static @Nullable InetAddress of(Request request, int trustedHops) {
    if (trustedHops == 0) {
      // The end point's, not what a customizer made of a header.
      var peer =
          request.getConnectionMetaData().getConnection().getEndPoint().getRemoteSocketAddress();
      return peer instanceof InetSocketAddress inet ? inet.getAddress() : null;
    }
    List<String> hops = request.getHeaders().getCSV(HttpHeader.X_FORWARDED_FOR, false);
    return hops.size() < trustedHops ? null : parse(hops.get(hops.size() - trustedHops));
  }

  /** An address, with or without a port, as proxies write it; null for anything else. */
  static @Nullable InetAddress parse(String text) {
    String address = text.trim();
    if (address.startsWith("[")) {
      int end = address.indexOf(']');
      return end < 0 ? null : literal(address.substring(1, end));
    }
    int colon = address.indexOf(':');
    boolean hasPort = colon >= 0 && colon == address.lastIndexOf(':');
    return literal(hasPort ? address.substring(0, colon) : address);
  }

  private static @Nullable InetAddress literal(String address) {
    try {
      if (IPV4.matcher(address).matches()) {
        return inRange(address) ? InetAddress.getByName(address) : null;
      }
      // In brackets it is never taken for a name and looked up.
      return IPV6.matcher(address).matches() ? InetAddress.getByName("[" + address + "]") : null;
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static boolean inRange(String address) {
    for (String part : address.split("\\.", -1)) {
      if (Integer.parseInt(part) > 255) {
        return false;
      }
    }
    return true;
  }
}
