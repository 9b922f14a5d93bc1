package dev.vestibule.spring;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code /livez}, {@code /readyz} and {@code /startupz} in front of the gate, on the
 * request's own thread and without the application. Everything else is passed on.
 */
final class ProbesHandler extends Handler.Wrapper {

  private static final String JSON = "application/json";
  private static final String HTML = "text/html;charset=utf-8";

  private final Availability availability;
  private final Waterfall waterfall = new Waterfall();

  ProbesHandler(Availability availability) {
    this.availability = availability;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Answer answer =
        switch (Request.getPathInContext(request)) {
          case "/livez" -> said(availability.isLive());
          case "/readyz" -> said(availability.isReady());
          case "/startupz" -> startup(request);
          default -> null;
        };
    if (answer == null) {
      return super.handle(request, response, callback);
    }
    boolean head = HttpMethod.HEAD.is(request.getMethod());
    if (!head && !HttpMethod.GET.is(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
      answer = new Answer(HttpStatus.METHOD_NOT_ALLOWED_405, JSON, "{\"status\":405}");
    }
    write(answer, head, response, callback);
    return true;
  }

  private void write(Answer answer, boolean head, Response response, Callback callback) {
    byte[] body = answer.body().getBytes(UTF_8);
    response.setStatus(answer.status());
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.type());
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    if (answer.type().equals(HTML)) {
      response.getHeaders().put("Content-Security-Policy", waterfall.contentSecurityPolicy());
    }
    response.write(true, head ? null : ByteBuffer.wrap(body), callback);
  }

  private static Answer said(boolean well) {
    return new Answer(status(well), JSON, well ? "{\"status\":\"UP\"}" : "{\"status\":\"DOWN\"}");
  }

  private Answer startup(Request request) {
    int status = status(availability.isStarted());
    String accept = request.getHeaders().get(HttpHeader.ACCEPT);
    return isBrowser(accept)
        ? new Answer(status, HTML, waterfall.page(availability.startup()))
        : new Answer(status, JSON, availability.startup().toJson());
  }

  /** A browser names HTML; a script or a probe asks for JSON or for anything. */
  private static boolean isBrowser(@Nullable String accept) {
    return accept != null && accept.toLowerCase(Locale.ROOT).contains("text/html");
  }

  private static int status(boolean well) {
    return well ? HttpStatus.OK_200 : HttpStatus.SERVICE_UNAVAILABLE_503;
  }

  private record Answer(int status, String type, String body) {}
}
