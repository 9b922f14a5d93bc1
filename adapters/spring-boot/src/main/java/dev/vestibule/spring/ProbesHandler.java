package dev.vestibule.spring;

import dev.vestibule.Estimator;
import dev.vestibule.jetty.ClientAddress;
import dev.vestibule.waterfall.Outlook;
import dev.vestibule.waterfall.Page;
import dev.vestibule.waterfall.Waterfall;
import java.util.function.Function;
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
 * request's own thread and without the application; who follows a startup has no thread. Everything
 * else is passed on.
 */
final class ProbesHandler extends Handler.Wrapper {

  /** How many may follow a startup at the same time; the others' pages ask again and again. */
  static final int MOST_STREAMS = 100;

  static final int MOST_STREAMS_PER_CLIENT = 10;

  private final Availability availability;
  private final @Nullable Estimator estimator;
  private final EventStreams streams;
  private final int trustedHops;
  private final Page page = new Page();
  private final EventStream.Feed asJson = new Feed(Outlook::toJson);
  private final EventStream.Feed asHtml = new Feed(Waterfall::main);

  ProbesHandler(
      Availability availability,
      @Nullable Estimator estimator,
      EventStreams streams,
      int trustedHops) {
    this.availability = availability;
    this.estimator = estimator;
    this.streams = streams;
    this.trustedHops = trustedHops;
  }

  /** Ends the streams: a server that stops politely waits for its responses. */
  void endStreams() {
    streams.close();
  }

  @Override
  protected void doStop() throws Exception {
    endStreams();
    super.doStop();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = Request.getPathInContext(request);
    Answer answer =
        switch (path) {
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
      answer = Answer.json(HttpStatus.METHOD_NOT_ALLOWED_405, "{\"status\":405}");
    } else if (path.equals("/startupz") && Answer.wantsEvents(request) && !head) {
      EventStream.Feed feed = Answer.wantsMarkup(request) ? asHtml : asJson;
      if (streams.open(request, response, callback, feed, ClientAddress.of(request, trustedHops))) {
        return true;
      }
      response.getHeaders().put(HttpHeader.RETRY_AFTER, 2);
      answer = Answer.json(HttpStatus.SERVICE_UNAVAILABLE_503, "{\"status\":503}");
    }
    answer.write(head, response, callback);
    return true;
  }

  private static Answer said(boolean well) {
    return Answer.json(status(well), well ? "{\"status\":\"UP\"}" : "{\"status\":\"DOWN\"}");
  }

  private Answer startup(Request request) {
    int status = status(availability.isStarted());
    Outlook outlook = outlook();
    return Answer.wantsPage(request)
        ? Answer.page(
            status,
            page.of(Waterfall.title(outlook.startup()), Waterfall.main(outlook), outlook.isLive()),
            page.contentSecurityPolicy())
        : Answer.json(status, outlook.toJson());
  }

  private Outlook outlook() {
    return Outlook.of(availability.startup(), availability.routes(), estimator);
  }

  private static int status(boolean well) {
    return well ? HttpStatus.OK_200 : HttpStatus.SERVICE_UNAVAILABLE_503;
  }

  private final class Feed implements EventStream.Feed {

    private final Function<Outlook, String> form;

    private Feed(Function<Outlook, String> form) {
      this.form = form;
    }

    @Override
    public long version() {
      return availability.startup().version();
    }

    @Override
    public EventStream.Frame frame() {
      Outlook outlook = outlook();
      return new EventStream.Frame(
          outlook.startup().version(), form.apply(outlook), !outlook.isLive());
    }
  }
}
