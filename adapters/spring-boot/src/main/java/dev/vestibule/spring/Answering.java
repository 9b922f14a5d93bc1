package dev.vestibule.spring;

import dev.vestibule.Gate;
import dev.vestibule.Route;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Counts the requests that found no open route until they are answered, so that a process that ends
 * can see its refusals off. What passes an open route is not counted and costs nothing more.
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
    if (route == null || route.isOpen()) {
      return super.handle(request, response, callback);
    }
    count.incrementAndGet();
    Callback answered =
        new Callback.Nested(callback) {
          @Override
          public void completed() {
            count.decrementAndGet();
          }
        };
    boolean handled = false;
    try {
      handled = super.handle(request, response, answered);
    } finally {
      if (!handled) {
        // The server answers, with its own callback.
        count.decrementAndGet();
      }
    }
    return handled;
  }
}
