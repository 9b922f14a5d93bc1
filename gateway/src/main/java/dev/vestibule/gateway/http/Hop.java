package dev.vestibule.gateway.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy in front of us wrote about who asked it.
 *
 * @param node an address without brackets or port, or else what stood there
 * @param host null: not said
 * @param proto null: not said
 */
record Hop(String node, @Nullable String host, @Nullable String proto) {

  static final String FOR = "x-forwarded-for";
  static final String HOST = "x-forwarded-host";
  static final String PROTO = "x-forwarded-proto";
  static final String PORT = "x-forwarded-port";
  static final String FORWARDED = "forwarded";

  /** No scope: Netty would take anything for one, and it means nothing on another machine. */
  private static final Pattern LITERAL = Pattern.compile("[0-9A-Fa-f:.]+");

  /** Nothing that could end a header, an element or a quoted string. */
  private static final Pattern NODE = Pattern.compile("[A-Za-z0-9._-]+");

  /** One pair of RFC 7239 section 4, with what separates it from the next, or the end. */
  private static final Pattern PAIR =
      Pattern.compile(
          "\\G[ \\t]*(?:([!#$%&'*+.^_`|~0-9A-Za-z-]+)=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\",; \\t]*)))?"
              + "[ \\t]*([,;]|$)");

  /**
   * The last of those who were passed through, at most as many as are ours, outermost first. {@code
   * X-Forwarded-For} goes before {@code Forwarded}: most proxies write only the former, and let
   * through what a client wrote into the latter.
   */
  static List<Hop> trusted(HttpHeaders headers, int trustedHops) {
    if (trustedHops == 0) {
      return List.of();
    }
    List<String> addresses = Tokens.of(headers, FOR);
    List<Hop> all =
        addresses.isEmpty()
            ? parse(String.join(",", headers.getAll(FORWARDED)))
            : addresses.stream().map(address -> new Hop(node(address), null, null)).toList();
    List<Hop> ours =
        new ArrayList<>(all.subList(Math.max(0, all.size() - trustedHops), all.size()));
    if (!ours.isEmpty()) {
      Hop outermost = ours.getFirst();
      String host = believed(headers, HOST, trustedHops);
      String proto = believed(headers, PROTO, trustedHops);
      ours.set(
          0,
          new Hop(
              outermost.node,
              host != null && Authority.isHost(host) ? host : outermost.host,
              proto != null && isProto(proto) ? proto : outermost.proto));
    }
    return ours;
  }

  /** What the outermost of our hops wrote into a list to which each may have added; or null. */
  static @Nullable String believed(HttpHeaders headers, String name, int trustedHops) {
    List<String> values = Tokens.of(headers, name);
    return values.isEmpty() ? null : values.get(Math.max(0, values.size() - trustedHops));
  }

  /** Null when it is no address. */
  @Nullable InetAddress address() {
    return literal(node);
  }

  /** As {@code X-Forwarded-For} has it. */
  String plain() {
    return node;
  }

  /** As {@code Forwarded} has it, RFC 7239 section 6. */
  String element() {
    StringBuilder element = new StringBuilder("for=");
    if (node.indexOf(':') < 0) {
      element.append(node);
    } else {
      element.append("\"[").append(node).append("]\"");
    }
    if (host != null) {
      element.append(";host=\"").append(host).append('"');
    }
    if (proto != null) {
      element.append(";proto=").append(proto);
    }
    return element.toString();
  }

  /** Never looks a name up. */
  private static @Nullable InetAddress literal(String text) {
    if (!LITERAL.matcher(text).matches()) {
      return null;
    }
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
    try {
      return bytes == null ? null : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      return null;
    }
  }

  /** The address alone, however it was written; {@code unknown} for what could do harm. */
  static String node(String text) {
    String address = text;
    int bracket = text.indexOf(']');
    int colon = text.indexOf(':');
    if (text.startsWith("[") && bracket > 0) {
      address = text.substring(1, bracket);
    } else if (colon >= 0 && colon == text.lastIndexOf(':')) {
      address = text.substring(0, colon);
    }
    if (literal(address) != null) {
      return address;
    }
    return NODE.matcher(address).matches() ? address : "unknown";
  }

  private static boolean isProto(String text) {
    return text.equals("http") || text.equals("https") || text.equals("ws") || text.equals("wss");
  }

  /** The elements of {@code Forwarded}; none at all when it is malformed anywhere. */
  static List<Hop> parse(String header) {
    List<Hop> hops = new ArrayList<>();
    Matcher pair = PAIR.matcher(header);
    String node = "unknown";
    String host = null;
    String proto = null;
    boolean any = false;
    while (pair.find()) {
      if (pair.group(1) != null) {
        any = true;
        String value =
            pair.group(2) == null ? pair.group(3) : pair.group(2).replaceAll("\\\\(.)", "$1");
        switch (pair.group(1).toLowerCase(Locale.ROOT)) {
          case "for" -> node = node(value);
          case "host" -> host = Authority.isHost(value) ? value : null;
          case "proto" -> proto = isProto(value) ? value : null;
          default -> {}
        }
      }
      if (!pair.group(4).equals(";")) {
        if (any) {
          hops.add(new Hop(node, host, proto));
        }
        node = "unknown";
        host = null;
        proto = null;
        any = false;
      }
      if (pair.end() == header.length() && pair.group(4).isEmpty()) {
        return hops;
      }
    }
    return List.of();
  }

  /** Whether a name is one of those that say who asked. */
  static boolean tells(String name) {
    return name.equals(FORWARDED) || name.startsWith("x-forwarded") || name.equals("x-real-ip");
  }
}
