package dev.vestibule.chat.web;

import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code GET /metrics} to this machine alone; for everybody else there is no such page. A
 * proxy that runs here makes strangers look local, but says so in a header; and a page in a browser
 * here, whose name its owner pointed to this address, sends that name as the host.
 */
final class MetricsForThisMachine extends Handler.Wrapper {

  private static final String PATH = "/metrics";
  private static final Set<String> HOSTS = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Handler scrape;

  MetricsForThisMachine(Handler scrape) {
    this.scrape = scrape;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    boolean asked =
        Request.getPathInContext(request).equals(PATH) && HttpMethod.GET.is(request.getMethod());
    if (asked && isLocal(request)) {
      return scrape.handle(request, response, callback);
    }
    return super.handle(request, response, callback);
  }

  private static boolean isLocal(Request request) {
    return request.getConnectionMetaData().getRemoteSocketAddress()
            instanceof InetSocketAddress peer
        && peer.getAddress().isLoopbackAddress()
        && isOwnName(request.getHeaders().get(HttpHeader.HOST))
        && !request.getHeaders().contains(HttpHeader.FORWARDED)
        && !request.getHeaders().contains(HttpHeader.X_FORWARDED_FOR)
        && !request.getHeaders().contains(HttpHeader.VIA);
  }

  private static boolean isOwnName(@Nullable String host) {
    return host != null
        && HOSTS.contains(host.toLowerCase(Locale.ROOT).replaceFirst(":\\d{1,5}$", ""));
  }
}
