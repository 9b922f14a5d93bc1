package dev.vestibule.spring;

import dev.vestibule.Gate;
import dev.vestibule.Route;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Counts the requests that found no open route until they are answered, so that a process that ends
 * can see its refusals off; and handshakes, wherever they go, until they have a session, so that
 * none slips between being let in and being closed. Anything else that passes an open route is not
 * counted and costs nothing more.
 */
final class Answering extends Handler.Wrapper {

  private final Gate gate;
  private final AtomicInteger count = new AtomicInteger();

  Answering(Gate gate) {
    this.gate = gate;
  }

  int count() {
    return count.get();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Route route = gate.routeAt(Request.getPathInContext(request));
    if (route == null || (route.isOpen() && !isHandshake(request))) {
      return super.handle(request, response, callback);
    }
    count.incrementAndGet();
    // Not the callback: that is called before the connection is upgraded, and this after.
    Request.addCompletionListener(request, failure -> count.decrementAndGet());
    return super.handle(request, response, callback);
  }

  private static boolean isHandshake(Request request) {
    return request.getHeaders().contains(HttpHeader.UPGRADE, "websocket");
  }
}
