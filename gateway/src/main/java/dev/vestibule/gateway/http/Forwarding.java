package dev.vestibule.gateway.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of headers on their way through: those that are for one connection alone are taken
 * out (RFC 9110 section 7.6.1), and the server is told who asked.
 *
 * <p><b>Named in {@code Connection}.</b> What a sender names there is stripped, with exceptions
 * that are kept whatever is named: {@code Host}, {@code Content-Length}, {@code Transfer-Encoding},
 * {@code Trailer} and {@code Expect} say where a request ends and whom it is for, and a server that
 * does not get to see them reads the body as the next request; {@code Origin} and {@code
 * Sec-WebSocket-*} are what the gateway has judged the request by. {@code Forwarded} and its like
 * are set after the stripping.
 *
 * <p><b>Who asked.</b> {@code Forwarded} (RFC 7239) and {@code X-Forwarded-For}, {@code -Proto},
 * {@code -Host} and {@code -Port} are set from the connection. What a client sends of these, of
 * {@code X-Real-IP}, and of anything else that begins with {@code X-Forwarded} is dropped; but of
 * what the last {@code trustedHops} proxies wrote as much is kept as they can have written. Trusted
 * proxies must set {@code X-Forwarded-Proto}, {@code -Host} and {@code -Port} or remove them; and
 * one that writes only {@code Forwarded} must remove {@code X-Forwarded-For}, which goes before.
 *
 * <p><b>Names that are not quite the same.</b> CGI and WSGI turn {@code -} into {@code _}, so that
 * {@code X_Forwarded_For} and {@code Content_Length} become what they look like. Such spellings of
 * a name that the gateway sets or relies on are dropped.
 *
 * <p>Safe for use by many threads.
 */
public final class Forwarding {

  /** For one connection alone, whatever {@code Connection} says. */
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "proxy-connection",
          "keep-alive",
          "te",
          "upgrade",
          "http2-settings",
          "proxy-authenticate",
          "proxy-authorization");

  /** Kept although {@code Connection} names them. */
  private static final Set<String> RELIED_UPON =
      Set.of("host", "content-length", "transfer-encoding", "trailer", "expect", "origin");

  private static final String SEC_WEBSOCKET = "sec-websocket-";

  private final int trustedHops;
  private final boolean tls;

  /**
   * For all connections of one listener.
   *
   * @param trustedHops how many proxies in front are ours; zero or more
   * @param tls whether clients come over TLS
   * @throws IllegalArgumentException when {@code trustedHops} is negative
   */
  public Forwarding(int trustedHops, boolean tls) {
    if (trustedHops < 0) {
      throw new IllegalArgumentException("trustedHops: " + trustedHops + " (expected: >= 0)");
    }
    this.trustedHops = trustedHops;
    this.tls = tls;
  }

  /**
   * Who asks: the peer of the connection, or what the outermost of the trusted proxies saw. To be
   * asked before {@link #towardsUpstream}, which rewrites what this reads.
   *
   * @param headers of the request, as it came
   * @param peer the other end of the connection
   * @return null when it cannot be known, which is no reason to refuse anyone
   */
  public @Nullable InetAddress client(HttpHeaders headers, InetSocketAddress peer) {
    if (trustedHops == 0) {
      return peer.getAddress();
    }
    List<Hop> hops = Hop.trusted(headers, trustedHops);
    return hops.size() < trustedHops ? null : hops.getFirst().address();
  }

  /**
   * Changes the headers of a request that was {@linkplain Screening screened} into those that the
   * server is sent. {@code TE: trailers} is kept, with the {@code Connection: TE} that belongs to
   * it; {@code Transfer-Encoding} is left as it is, for whoever writes the body.
   *
   * @param request is changed
   * @param upgrade whether it is a handshake, whose {@code Connection} and {@code Upgrade} are then
   *     written anew
   * @param peer the other end of the connection
   * @param local this end of it
   */
  public void towardsUpstream(
      HttpRequest request, boolean upgrade, InetSocketAddress peer, InetSocketAddress local) {
    HttpHeaders headers = request.headers();
    boolean trailers = Tokens.of(headers, HttpHeaderNames.TE).contains("trailers");
    List<Hop> hops = new ArrayList<>(Hop.trusted(headers, trustedHops));
    String believedPort = hops.isEmpty() ? null : Hop.believed(headers, Hop.PORT, trustedHops);
    strip(headers, true);
    if (upgrade) {
      headers.set(HttpHeaderNames.CONNECTION, "Upgrade");
      headers.set(HttpHeaderNames.UPGRADE, "websocket");
    } else if (trailers) {
      headers.set(HttpHeaderNames.CONNECTION, "TE");
      headers.set(HttpHeaderNames.TE, "trailers");
    }
    tellWhoAsked(headers, hops, believedPort, peer, local);
  }

  /**
   * Takes out of a request's trailers what belongs into a head (RFC 9110 section 6.5.1): a server
   * that merges both would take it for what the gateway said.
   *
   * @param trailers are changed
   */
  static void trailersTowardsUpstream(HttpHeaders trailers) {
    for (String written : trailers.names()) {
      String name = written.toLowerCase(Locale.ROOT).replace('_', '-');
      if (HOP_BY_HOP.contains(name) || isReliedUpon(name) || Hop.tells(name)) {
        trailers.remove(written);
      }
    }
  }

  /**
   * Changes the headers of a server's answer into those that the client is sent. A 101 and a 426
   * keep {@code Upgrade}, with the {@code Connection} that belongs to it (RFC 9110 sections 15.2.2
   * and 15.5.22). {@code Transfer-Encoding} is left as it is, for whoever writes the body.
   *
   * @param response is changed
   */
  public void towardsClient(HttpResponse response) {
    HttpHeaders headers = response.headers();
    int status = response.status().code();
    List<String> upgrade = Tokens.of(headers, HttpHeaderNames.UPGRADE);
    strip(headers, false);
    if (!upgrade.isEmpty() && (status == 101 || status == 426)) {
      headers.set(HttpHeaderNames.CONNECTION, "Upgrade");
      headers.set(HttpHeaderNames.UPGRADE, String.join(", ", upgrade));
    }
  }

  private void strip(HttpHeaders headers, boolean request) {
    Set<String> named = new HashSet<>();
    for (String token : Tokens.of(headers, HttpHeaderNames.CONNECTION)) {
      named.add(token.toLowerCase(Locale.ROOT));
    }
    for (String written : headers.names()) {
      String name = written.toLowerCase(Locale.ROOT);
      boolean stripped =
          HOP_BY_HOP.contains(name)
              || (named.contains(name) && !isReliedUpon(name))
              || (request && isSpoofed(name));
      if (stripped) {
        headers.remove(written);
      }
    }
  }

  private static boolean isReliedUpon(String name) {
    return RELIED_UPON.contains(name) || name.startsWith(SEC_WEBSOCKET);
  }

  private boolean isSpoofed(String name) {
    String folded = name.replace('_', '-');
    if (!folded.equals(name)) {
      return Hop.tells(folded) || isReliedUpon(folded) || HOP_BY_HOP.contains(folded);
    }
    return trustedHops == 0 && Hop.tells(name);
  }

  private void tellWhoAsked(
      HttpHeaders headers,
      List<Hop> hops,
      @Nullable String believedPort,
      InetSocketAddress peer,
      InetSocketAddress local) {
    String host = headers.get(HttpHeaderNames.HOST);
    String proto = tls ? "https" : "http";
    hops.add(new Hop(NetUtil.toAddressString(peer.getAddress()), host, proto));
    headers.set(Hop.FOR, String.join(", ", hops.stream().map(Hop::plain).toList()));
    headers.set(Hop.FORWARDED, String.join(", ", hops.stream().map(Hop::element).toList()));
    Hop outermost = hops.getFirst();
    String saidProto = outermost.proto() == null ? proto : outermost.proto();
    String saidHost = outermost.host() == null ? host : outermost.host();
    headers.set(Hop.PROTO, saidProto);
    if (saidHost == null) {
      headers.remove(Hop.HOST);
    } else {
      headers.set(Hop.HOST, saidHost);
    }
    boolean port = believedPort != null && believedPort.matches("\\d{1,5}");
    headers.set(Hop.PORT, port ? believedPort : Integer.toString(local.getPort()));
  }
}
