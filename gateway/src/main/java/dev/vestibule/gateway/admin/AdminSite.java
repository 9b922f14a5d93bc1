package dev.vestibule.gateway.admin;

import dev.vestibule.WaiterSnapshot;
import dev.vestibule.environment.EffectiveSettings;
import dev.vestibule.gateway.upstream.Upstream;
import dev.vestibule.waterfall.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The admin side: what strangers must not see, and where servers say what state they are in. */
final class AdminSite implements Site {

  /** How many of those who wait are named. */
  static final int MOST_WAITERS = 100;

  private static final int MOST_BYTES = 64 * 1024;
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final List<String> LINKS =
      List.of("/waiters", "/sessions", "/settings", "/metrics");

  private final Inside inside;
  private final Availability availability;
  private final PassageCount count;
  private final @Nullable EffectiveSettings settings;
  private final Supplier<String> figures;
  private final Executor aside;
  private final Pushes pushes;
  private final boolean browsersReachIt;

  /**
   * One side.
   *
   * @param settings null: they are not shown
   * @param figures for Prometheus
   * @param aside one thread, where everything is answered
   * @param browsersReachIt whether pages in a browser can ask here: true of a port, false of a Unix
   *     socket
   */
  AdminSite(
      Inside inside,
      Availability availability,
      PassageCount count,
      @Nullable EffectiveSettings settings,
      Supplier<String> figures,
      Executor aside,
      boolean browsersReachIt) {
    this.inside = inside;
    this.availability = availability;
    this.count = count;
    this.settings = settings;
    this.figures = figures;
    this.aside = aside;
    this.pushes = new Pushes(inside.upstreams());
    this.browsersReachIt = browsersReachIt;
  }

  @Override
  public int mostBytes() {
    return MOST_BYTES;
  }

  @Override
  public Executor on(Asked asked) {
    return aside;
  }

  /**
   * Loopback keeps other machines out, but not the pages in a browser on this one: a page whose
   * name its owner points here (DNS rebinding) may read what comes back. Its requests name that
   * page's host. And any page may send a form or a text here, but not JSON without asking first
   * (Fetch standard, CORS-safelisted request header), which is refused.
   */
  @Override
  public Answer answer(Asked asked) {
    if (browsersReachIt && !isKnown(asked.hosts())) {
      return Answer.problem(421, "this host is not known here");
    }
    if (asked.path().equals("/phases")) {
      return push(asked);
    }
    Answer answer = asked.isGet() ? get(asked) : null;
    if (answer != null) {
      return answer;
    }
    return asked.isGet() || !isShown(asked.path())
        ? Answer.problem(404, "nothing is here")
        : Answer.notAllowed("GET, HEAD");
  }

  private static boolean isShown(String path) {
    return path.equals("/") || path.equals("/startupz") || LINKS.contains(path);
  }

  private static boolean isKnown(List<String> hosts) {
    return hosts.size() == 1
        && LOOPBACK.contains(
            hosts.get(0).toLowerCase(Locale.ROOT).replaceFirst(":[0-9]{1,5}$", ""));
  }

  private Answer push(Asked asked) {
    if (!asked.method().equals("POST")) {
      return Answer.notAllowed("POST");
    }
    if (browsersReachIt && !isJson(asked.contentType())) {
      return Answer.problem(
          415,
          "Content-Type: %s (expected: application/json)".formatted(asked.contentType()),
          Map.of("Accept-Post", Answer.JSON));
    }
    byte[] body = new byte[asked.body().remaining()];
    asked.body().get(body);
    return pushes.take(body);
  }

  private static boolean isJson(@Nullable String contentType) {
    if (contentType == null) {
      return false;
    }
    int parameters = contentType.indexOf(';');
    String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
    return type.strip().equalsIgnoreCase(Answer.JSON);
  }

  private @Nullable Answer get(Asked asked) {
    return switch (asked.path()) {
      case "/", "/startupz" -> startup(asked);
      case "/waiters" -> waiters();
      case "/sessions" -> sessions();
      case "/settings" -> settings == null ? null : settings(settings);
      case "/metrics" -> Answer.text("text/plain; version=0.0.4; charset=utf-8", figures.get());
      default -> null;
    };
  }

  /** Its status is 200 whatever startup's is: no platform asks here. */
  private Answer startup(Asked asked) {
    Overview overview = Overview.of(availability);
    return asked.wantsPage()
        ? OverviewPage.get().forAdmins(overview, links())
        : Answer.json(200, overview.toWholeJson());
  }

  private List<String> links() {
    return LINKS.stream().filter(it -> settings != null || !it.equals("/settings")).toList();
  }

  private Answer sessions() {
    List<Json> each = new ArrayList<>();
    for (Upstream upstream : inside.upstreams()) {
      Json json =
          new Json()
              .field("name", upstream.name())
              .field("sessions", inside.sessions().applyAsInt(upstream));
      each.add(count.of(upstream.name()).addTo(json));
    }
    each.add(count.of(null).addTo(new Json().raw("name", "null")));
    int connections = inside.connections().getAsInt();
    return Answer.json(
        200, new Json().field("connections", connections).field("upstreams", each).toString());
  }

  private Answer waiters() {
    List<Json> waiters = new ArrayList<>();
    int waiting = 0;
    for (Upstream upstream : inside.upstreams()) {
      waiting += upstream.gate().snapshot().waiting();
      for (WaiterSnapshot waiter : upstream.gate().waiters(MOST_WAITERS)) {
        waiters.add(
            new Json()
                .field("upstream", upstream.name())
                .field("route", waiter.route())
                .field("client", waiter.client() == null ? null : waiter.client().getHostAddress())
                .field("waitedMillis", waiter.waited())
                .field("leftMillis", waiter.left())
                .field("bound", waiter.bound()));
      }
    }
    return Answer.json(
        200, new Json().field("waiting", waiting).field("waiters", waiters).toString());
  }

  private static Answer settings(EffectiveSettings settings) {
    List<Json> all =
        settings.settings().stream()
            .map(it ->
                new Json()
                    .field("key", it.key())
                    .field("value", it.value())
                    .field("source", it.source()))
            .toList();
    return Answer.json(200, new Json().field("settings", all).toString());
  }
}
