package dev.vestibule.spring;

import dev.vestibule.waterfall.Json;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Lets requests of the admin side through to the handler of their path. Loopback keeps other
 * machines out, but not the pages in a browser on this one: a page whose name its owner points here
 * (DNS rebinding) may read what comes back. Its requests name that page's host, so only hosts that
 * are known are answered. Safe for use by many threads.
 */
final class AdminBorder extends Handler.Abstract {

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Set<String> hosts;
  private final Map<String, Handler> handlers = new ConcurrentHashMap<>();

  /**
   * Begins with no handlers.
   *
   * @param hosts names that are known beside loopback's own and the address that was connected to
   */
  AdminBorder(List<String> hosts) {
    this.hosts =
        hosts.stream()
            .map(it -> it.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether it was added: a path has one handler. */
  boolean add(String path, Handler handler) throws Exception {
    if (handlers.containsKey(path)) {
      return false;
    }
    handler.setServer(getServer());
    addManaged(handler);
    handlers.put(path, handler);
    return true;
  }

  /** What there is to ask for, sorted. */
  List<String> paths() {
    return handlers.keySet().stream().sorted().toList();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = Request.getPathInContext(request);
    if (!isKnown(request)) {
      say(HttpStatus.MISDIRECTED_REQUEST_421, "this host is not known here", response, callback);
    } else if (!HttpMethod.GET.is(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET");
      say(HttpStatus.METHOD_NOT_ALLOWED_405, "GET alone", response, callback);
    } else if (path.equals("/")) {
      response.getHeaders().put(HttpHeader.LOCATION, "/startupz");
      say(HttpStatus.FOUND_302, "/startupz", response, callback);
    } else {
      Handler handler = handlers.get(path);
      if (handler != null && handler.handle(request, response, callback)) {
        return true;
      }
      say(HttpStatus.NOT_FOUND_404, "nothing is here", response, callback);
    }
    return true;
  }

  private boolean isKnown(Request request) {
    List<String> named = request.getHeaders().getValuesList(HttpHeader.HOST);
    if (named.size() != 1) {
      return false;
    }
    String host = named.get(0).toLowerCase(Locale.ROOT).replaceFirst(":\\d{1,5}$", "");
    if (LOOPBACK.contains(host) || hosts.contains(host)) {
      return true;
    }
    // An address cannot be pointed elsewhere.
    return request.getConnectionMetaData().getLocalSocketAddress()
            instanceof InetSocketAddress local
        && host.equals(text(local.getAddress()));
  }

  private static String text(InetAddress address) {
    String text = address.getHostAddress();
    return text.contains(":") ? "[" + text + "]" : text;
  }

  private static void say(int status, String detail, Response response, Callback callback) {
    String body = "{\"status\":%d,\"detail\":%s}".formatted(status, Json.quoted(detail));
    Answer.json(status, body).write(false, response, callback);
  }
}
