package dev.vestibule.jetty;

import dev.vestibule.Arrival;
import dev.vestibule.Gate;
import dev.vestibule.GateSnapshot;
import dev.vestibule.Refused;
import dev.vestibule.Route;
import dev.vestibule.Scheduler;
import dev.vestibule.clients.ClientProfiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Stands in front of a server's other handlers and holds the requests of a gate's routes until they
 * open: WebSocket handshakes, whichever API answers them, and any other request in the same way.
 * While one is held it has no thread. Safe for use by many threads.
 *
 * <p>Behind an open route there is one volatile read more than without a gate. Else a request is
 * screened, {@linkplain Gate#admit asks to be let in}, and when it is, the handlers behind this one
 * run on the request's executor. A refusal is a 503 with {@code Retry-After} and problem details
 * (RFC 9457), or, where that {@linkplain Builder#refuseByClose was chosen}, a close frame.
 *
 * <p>A client may shorten its own time, by {@code Prefer: wait=10} (RFC 7240, section 4.3) or by
 * the query parameter {@code vestibule-wait=10}, in seconds.
 *
 * <p>An admission counts as opened once the head of its response is written, which of a handshake
 * is its 101: what streams for hours holds no permit of a {@linkplain dev.vestibule.Pace pace}. Of
 * an application that has not even begun to answer after 30 seconds it counts as opened too, since
 * a permit must not be lost for good. So it does when the application throws: in the same process
 * that is a mistake of the application and not a sign that it is not there yet, so the client hears
 * the server's 500 and is not put back.
 *
 * <p>A client that leaves while it is held frees its place at once, also behind TLS, if it speaks
 * HTTP/1 and its request has no body; a stream that it only half closed counts as left. Of others
 * the place is free when their time is up or the route opens.
 *
 * <p>A route's pattern is matched with the whole decoded path, the context path included.
 */
public final class GateHandler extends Handler.Wrapper {

  // What a held request costs beside its headers: Jetty's own objects for it.
  private static final int BYTES_PER_REQUEST = 512;

  private final Gate gate;
  private final @Nullable Screening screening;
  private final int trustedHops;
  private final WaitLimits limits;
  private final Scheduler scheduler;
  private final int laneCount;
  private final @Nullable CloseForm closeForm;
  private final Map<String, Held.Refusal> refusals = new HashMap<>();
  private final HandshakeTimes times;
  private final LongAdder passed = new LongAdder();
  private final AtomicInteger arrivals = new AtomicInteger();
  private volatile Lane[] lanes = {};

  private GateHandler(Builder definition) {
    this.gate = definition.gate;
    this.screening = definition.screenings();
    this.trustedHops = definition.trustedHops;
    this.limits =
        new WaitLimits(
            definition.clientProfiles ? ClientProfiles.known() : null, definition.hopLimit);
    this.scheduler = definition.scheduler;
    this.laneCount = definition.lanes;
    this.times = new HandshakeTimes(definition.listeners);
    this.closeForm = definition.closedRoutes.isEmpty() ? null : new CloseForm(definition.scheduler);
    definition.closedRoutes.forEach(this::refuseByClose);
  }

  private void refuseByClose(String routePattern, Set<String> subprotocols) {
    CloseForm form = Objects.requireNonNull(closeForm);
    refusals.put(
        routePattern,
        (request, response, callback, refused) -> {
          if (!form.refuse(request, response, callback, refused, subprotocols)) {
            Answers.refuse(request, response, callback, refused);
          }
        });
  }

  /**
   * Begins a definition.
   *
   * @param gate which holds; its ticker must be {@link dev.vestibule.Ticker#system()} where a door
   *     is {@linkplain DoorAdoption adopted}
   * @return a builder
   */
  public static Builder before(Gate gate) {
    return new Builder(gate);
  }

  /**
   * Whether something can be the name of a subprotocol, RFC 6455 section 4.1.
   *
   * @param name such as {@code chat.v1}
   * @return whether {@link Builder#refuseByClose} takes it
   */
  public static boolean isSubprotocol(String name) {
    return Handshakes.isToken(name);
  }

  /**
   * How many requests found their route open and passed without asking the gate; they are not in
   * its {@linkplain Gate#snapshot() figures}.
   *
   * @return zero or more
   */
  public long passed() {
    return passed.sum();
  }

  /**
   * How many connections are being refused by a close frame and are not gone yet: at most a second
   * each. A process that ends waits for these.
   *
   * @return zero or more
   */
  public int closing() {
    return closeForm == null ? 0 : closeForm.closing();
  }

  @Override
  protected void doStart() throws Exception {
    if (lanes.length == 0) {
      // For good: the gate keeps a line for each.
      Lane[] made = new Lane[laneCount];
      for (int i = 0; i < made.length; i++) {
        made[i] = new Lane(getServer().getThreadPool());
      }
      lanes = made;
    }
    super.doStart();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = request.getHttpURI().getDecodedPath();
    Route route = path == null ? null : gate.routeAt(path);
    if (path == null || route == null) {
      return super.handle(request, response, callback);
    }
    Callback timed = times.watch(route, request, response, callback);
    if (route.isOpen()) {
      passed.increment();
      return super.handle(request, response, timed);
    }
    Rejection rejection = screen(request);
    if (rejection != null) {
      Answers.reject(request, response, timed, rejection);
      return true;
    }
    Held.Refusal refusal = refusals.getOrDefault(route.pattern(), Answers::refuse);
    Held held = new Held(super::handle, refusal, scheduler, request, response, timed);
    held.wait(gate.admit(arrival(request, path), held));
    return true;
  }

  private @Nullable Rejection screen(Request request) {
    Rejection rejection = Handshakes.isHandshake(request) ? Handshakes.screen(request) : null;
    if (rejection == null && screening != null) {
      rejection = screening.screen(request);
    }
    return rejection == null ? WaitLimits.screen(request) : rejection;
  }

  private Arrival arrival(Request request, String path) {
    int lane = Math.floorMod(arrivals.getAndIncrement(), lanes.length);
    Arrival anybody =
        Arrival.at(path)
            .from(ClientAddress.of(request, trustedHops))
            .on(lanes[lane])
            .bytes(bytesOf(request));
    Arrival arrival = limits.limit(anybody, request);
    var meta = request.getConnectionMetaData();
    Long knockedAt = DoorAdoption.knockedAt(meta.getConnector(), meta.getConnection());
    return knockedAt == null ? arrival : arrival.knockedAt(knockedAt);
  }

  private static int bytesOf(Request request) {
    int bytes = BYTES_PER_REQUEST + request.getHttpURI().asString().length();
    for (HttpField field : request.getHeaders()) {
      String value = field.getValue();
      bytes += field.getName().length() + (value == null ? 0 : value.length());
    }
    return bytes;
  }

  /** Defines a handler. Not safe for use by many threads. */
  public static final class Builder {

    // Letting in is short work: more lanes than this only compete.
    private static final int MOST_DEFAULT_LANES = 4;
    private static final Duration SHORTEST_HOP_LIMIT = Duration.ofSeconds(1);

    private final Gate gate;
    private final Map<String, Set<String>> closedRoutes = new LinkedHashMap<>();
    private @Nullable Screening origins;
    private @Nullable Screening screening;
    private Scheduler scheduler = Scheduler.system();
    private final List<HandshakeListener> listeners = new ArrayList<>();
    private int trustedHops;
    private boolean clientProfiles = true;
    private @Nullable Duration hopLimit;
    private int lanes = Math.min(MOST_DEFAULT_LANES, Runtime.getRuntime().availableProcessors());

    private Builder(Gate gate) {
      this.gate = Objects.requireNonNull(gate, "gate");
    }

    /**
     * Looks at requests before they are held, after what every handshake must have: GET, version
     * 13, a key.
     *
     * @param screening by default none: every well-formed request may wait
     * @return this
     */
    public Builder screening(Screening screening) {
      this.screening = Objects.requireNonNull(screening, "screening");
      return this;
    }

    /**
     * Lets wait only the pages of these origins, and clients that send no Origin, as {@link
     * Screenings#origins} does; asked before {@link #screening}.
     *
     * @param exact origins as a browser sends them; by default all may wait
     * @return this
     * @throws IllegalArgumentException naming an origin that no browser sends
     */
    public Builder origins(Set<String> exact) {
      this.origins = Screenings.origins(exact);
      return this;
    }

    /**
     * Refuses the handshakes of one route by a close in place of a 503: 101, then at once a close
     * frame with 1013, or 1012 when draining, and {@link Refused#closeReason()}. A script in a
     * browser sees these, and of a 503 nothing; but it also sees its socket open first, so one that
     * takes that for success and starts its backoff anew comes back at once.
     *
     * <p>Needs {@link #origins}, and Jetty's {@code jetty-websocket-core-server} on the class path.
     * It stays the 503 when the reason is FULL, for anything but a handshake over HTTP/1.1, and for
     * a client that offers subprotocols of which none is here. What the client sends is discarded,
     * and a second after the 101 its connection is cut if it has not closed it.
     *
     * @param routePattern of a route of the gate, as it was declared
     * @param subprotocols what the application speaks there: a client that offers some gets back
     *     the first of its own that is among these, one that offers none gets none; empty when the
     *     application speaks none
     * @return this
     */
    public Builder refuseByClose(String routePattern, Set<String> subprotocols) {
      closedRoutes.put(routePattern, Set.copyOf(subprotocols));
      return this;
    }

    /**
     * What cuts connections that were refused by a close, and gives the permit of an application
     * back that does not answer.
     *
     * @param scheduler by default {@link Scheduler#system()}
     * @return this
     */
    public Builder scheduler(Scheduler scheduler) {
      this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
      return this;
    }

    /**
     * Adds someone who hears how handshakes fare, also those that find their route open.
     *
     * @param listener by default nobody, and then nothing is measured
     * @return this
     */
    public Builder listener(HandshakeListener listener) {
      listeners.add(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /**
     * How many proxies of one's own every request passes, each of which appends to {@code
     * X-Forwarded-For}. The bound of waiters per client needs the client's own address: too small a
     * number bounds a proxy in place of its clients, too large a one believes what a client writes.
     *
     * @param hops zero or more; default 0, and then the peer of the connection is the client
     * @return this
     * @throws IllegalArgumentException when negative
     */
    public Builder trustedHops(int hops) {
      if (hops < 0) {
        throw new IllegalArgumentException("trustedHops: " + hops + " (expected: >= 0)");
      }
      this.trustedHops = hops;
      return this;
    }

    /**
     * Whether clients whose User-Agent names a library that gives up by itself are refused half a
     * second before it does, so that they hear why; see {@link ClientProfiles}.
     *
     * @param used by default true
     * @return this
     */
    public Builder clientProfiles(boolean used) {
      this.clientProfiles = used;
      return this;
    }

    /**
     * After how long a hop in front, such as a load balancer, cuts a request that has no answer
     * yet. Requests are refused half a second before it does, so that the clients hear why.
     *
     * @param limit at least 1 s; by default no such hop is known
     * @return this
     * @throws IllegalArgumentException when shorter than 1 s
     */
    public Builder hopLimit(Duration limit) {
      if (limit.compareTo(SHORTEST_HOP_LIMIT) < 0) {
        throw new IllegalArgumentException(
            "hopLimit: %s (expected: >= %s)".formatted(limit, SHORTEST_HOP_LIMIT));
      }
      this.hopLimit = limit;
      return this;
    }

    /**
     * On how many lanes those who wait are let in. Each keeps the order of arrival; between two of
     * them there is none.
     *
     * @param lanes one or more; default: one per processor, at most 4
     * @return this
     * @throws IllegalArgumentException when less than one
     */
    public Builder lanes(int lanes) {
      if (lanes < 1) {
        throw new IllegalArgumentException("lanes: " + lanes + " (expected: >= 1)");
      }
      this.lanes = lanes;
      return this;
    }

    /**
     * Makes the handler, which is then {@linkplain Handler.Wrapper#setHandler given} what it stands
     * in front of.
     *
     * @return a handler that has not been started
     * @throws IllegalArgumentException naming every mistake of {@link #refuseByClose}
     */
    public GateHandler build() {
      List<String> mistakes = new ArrayList<>();
      List<String> routes =
          gate.snapshot().routes().stream().map(GateSnapshot.RouteSnapshot::pattern).toList();
      closedRoutes.forEach((route, subprotocols) -> {
        if (!routes.contains(route)) {
          mistakes.add("refuseByClose: " + route + " (expected: one of " + routes + ")");
        }
        if (origins == null) {
          mistakes.add("refuseByClose: " + route + " (expected: with origins)");
        }
        for (String subprotocol : subprotocols) {
          if (!Handshakes.isToken(subprotocol)) {
            mistakes.add("refuseByClose: " + route + ": " + subprotocol + " (expected: a token)");
          }
        }
      });
      if (!mistakes.isEmpty()) {
        throw new IllegalArgumentException(String.join("; ", mistakes));
      }
      return new GateHandler(this);
    }

    private @Nullable Screening screenings() {
      if (origins == null || screening == null) {
        return origins == null ? screening : origins;
      }
      return Screenings.all(origins, screening);
    }
  }
}
