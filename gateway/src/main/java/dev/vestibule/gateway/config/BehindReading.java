package dev.vestibule.gateway.config;

import dev.vestibule.gateway.config.Configuration.Behind;
import dev.vestibule.gateway.config.RouteSettings.Holds;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Upstreams and routes: from a file's lists, or the one of each that flags speak of. */
final class BehindReading {

  private static final String NAME = "[\\w.-]{1,64}";
  private static final String ALONE = "server";
  private static final String ORIGIN =
      "[a-z][a-z0-9+.-]*://(\\[[0-9a-f:.]+]|[^/\\s:?#@A-Z\\[\\]]+)(:\\d{1,5})?";

  private final Asked asked;
  private final Lookup lookup;
  private final Mistakes mistakes;
  private final InetSocketAddress listen;
  private final Limits limits;
  // Also those that are wrong in some other way, so that no route to one is called a mistake.
  private final Map<String, Section> names = new LinkedHashMap<>();
  private @Nullable String child;

  BehindReading(Asked asked, Lookup lookup, InetSocketAddress listen, Limits limits) {
    this.asked = asked;
    this.lookup = lookup;
    this.mistakes = lookup.mistakes;
    this.listen = listen;
    this.limits = limits;
  }

  Behind read() {
    SettingsFile file = asked.file();
    List<UpstreamSettings> upstreams = upstreams(file == null ? null : file.upstreams());
    List<RouteSettings> routes = routes(file == null ? null : file.routes());
    return new Behind(upstreams, routes, child == null ? ALONE : child);
  }

  // ---- Upstreams

  private List<UpstreamSettings> upstreams(@Nullable List<Section> sections) {
    List<UpstreamSettings> upstreams = new ArrayList<>();
    if (sections == null) {
      upstreams.add(alone());
      return upstreams;
    }
    refuseFlags(Place.UPSTREAM, "upstreams");
    for (Section section : sections) {
      upstreams.add(listed(section));
    }
    if (asked.run() && child == null && !sections.isEmpty()) {
      mistakes.add(
          sections.getFirst().where()
              + ": "
              + "addresses everywhere (expected: one upstream"
              + " without an address, which is the server that run starts)");
    }
    return upstreams;
  }

  private UpstreamSettings alone() {
    Section flags = asked.flags();
    if (asked.run()) {
      child = ALONE;
      names.put(ALONE, flags);
      return upstream(ALONE, null, flags);
    }
    Said said = flags.get(Key.UPSTREAM);
    if (said == null) {
      mistakes.add(
          Key.UPSTREAM.flag(), "nothing", "HOST:PORT, or --config FILE that has upstreams");
      names.put(ALONE, flags);
      return upstream(ALONE, null, flags);
    }
    int equals = said.text().indexOf('=');
    String name = equals < 0 ? ALONE : said.text().substring(0, equals);
    if (!name.matches(NAME)) {
      mistakes.add(said, Key.NAME.form().expected());
    }
    names.put(name, flags);
    return upstream(name, address(Key.UPSTREAM, said, said.text().substring(equals + 1)), flags);
  }

  private UpstreamSettings listed(Section section) {
    Said said = section.get(Key.NAME);
    String name = said == null ? "" : said.text();
    if (said == null) {
      mistakes.add(section.where() + ".name", "nothing", Key.NAME.form().expected());
    } else if (!name.matches(NAME) || names.containsKey(name)) {
      mistakes.add(said, Key.NAME.form().expected());
    }
    if (!name.isEmpty()) {
      names.putIfAbsent(name, section);
    }
    Said at = section.get(Key.ADDRESS);
    if (at != null) {
      return upstream(name, address(Key.ADDRESS, at, at.text()), section);
    }
    if (!asked.run() || child != null) {
      mistakes.add(
          section.where() + ".address",
          "nothing",
          asked.run()
              ? Key.ADDRESS.form().expected() + "; run starts one server, " + child
              : Key.ADDRESS.form().expected());
    } else {
      child = name;
    }
    return upstream(name, null, section);
  }

  private @Nullable InetSocketAddress address(Key key, Said said, String text) {
    InetSocketAddress address = lookup.reading.remote(key, said, text);
    if (address != null && Addresses.clash(listen, address)) {
      mistakes.add(said, "another address than that of listen");
    }
    return address;
  }

  private UpstreamSettings upstream(
      String name, @Nullable InetSocketAddress address, Section section) {
    String prefix = "upstreams." + name + ".";
    if (address != null) {
      Said said = Objects.requireNonNullElse(section.get(Key.ADDRESS), section.get(Key.UPSTREAM));
      lookup.note(prefix + "address", Addresses.text(address), said.source());
    }
    ReadinessSettings readiness = readiness(prefix, address, section);
    Said interval = section.get(Key.PROBE_INTERVAL);
    return new UpstreamSettings(
        name,
        address,
        readiness,
        interval == null ? asIsUsual(prefix, address) : time(prefix, Key.PROBE_INTERVAL, section),
        time(prefix, Key.CONNECT_TIMEOUT, section),
        time(prefix, Key.ANSWER_TIMEOUT, section),
        count(prefix, Key.PACE, section));
  }

  private ReadinessSettings readiness(
      String prefix, @Nullable InetSocketAddress address, Section section) {
    Said said = orDefault(Key.READY, section);
    ReadinessSettings readiness = ReadinessReading.read(said.text());
    if (readiness == null) {
      mistakes.add(said, Key.READY.form().expected());
      return new ReadinessSettings.Tcp();
    }
    if (readiness instanceof ReadinessSettings.Notify && address != null) {
      mistakes.add(
          said, "tcp, http or push: only the server that run starts knows where to notify");
    }
    if (readiness instanceof ReadinessSettings.Pushed
        && lookup.said(Key.ADMIN_SOCKET) == null
        && lookup.said(Key.ADMIN_PORT) == null) {
      mistakes.add(said, "together with admin-socket or admin-port, where it is pushed");
    }
    lookup.note(prefix + "ready", ReadinessReading.text(readiness), said.source());
    return readiness;
  }

  private @Nullable Duration asIsUsual(String prefix, @Nullable InetSocketAddress address) {
    boolean near = address == null || address.getAddress().isLoopbackAddress();
    Duration interval =
        lookup
            .presets()
            .probeInterval(
                near || address == null
                    ? java.net.InetAddress.getLoopbackAddress()
                    : address.getAddress());
    lookup.note(prefix + "probe-interval", interval, near ? "on loopback" : Lookup.DEFAULT);
    return null;
  }

  // ---- Routes

  private List<RouteSettings> routes(@Nullable List<Section> sections) {
    List<RouteSettings> routes = new ArrayList<>();
    if (sections == null) {
      if (names.size() > 1) {
        mistakes.add(
            Objects.requireNonNull(asked.file()).top().where() + ": routes",
            "nothing",
            "one or more, since there are several upstreams");
      } else {
        for (String name : names.keySet()) {
          routes.add(route("/**", name, null, asked.flags()));
        }
      }
      return routes;
    }
    refuseFlags(Place.ROUTE, "routes");
    Set<String> paths = new LinkedHashSet<>();
    Set<String> reached = new LinkedHashSet<>();
    for (Section section : sections) {
      RouteSettings route = listed(section, paths);
      reached.add(route.upstream());
      routes.add(route);
    }
    names.forEach((name, section) -> {
      if (!reached.contains(name)) {
        Said said = section.get(Key.NAME);
        mistakes.add(
            said == null ? "routes" : said.where(), name, "an upstream that a route leads to");
      }
    });
    return routes;
  }

  private RouteSettings listed(Section section, Set<String> paths) {
    Said path = section.get(Key.PATH);
    if (path == null) {
      mistakes.add(section.where() + ".path", "nothing", Key.PATH.form().expected());
    } else if (!isPattern(path.text()) || !paths.add(path.text())) {
      mistakes.add(path, Key.PATH.form().expected());
    }
    Said upstream = section.get(Key.ROUTE_UPSTREAM);
    String name = names.keySet().stream().findFirst().orElse(ALONE);
    String all = "one of " + String.join(", ", names.keySet());
    if (upstream != null) {
      name = upstream.text();
      if (!names.containsKey(name)) {
        mistakes.add(upstream, all);
      }
    } else if (names.size() > 1) {
      mistakes.add(section.where() + ".upstream", "nothing", all);
    }
    Said most = section.get(Key.ROUTE_HOLD_AT_MOST);
    return route(path == null ? "/**" : path.text(), name, most, section);
  }

  /** As {@code dev.vestibule.GateBuilder#route} has them. */
  private static boolean isPattern(String path) {
    return path.matches("(/(\\*|[^*/\\s]*))*(/\\*\\*)?") && path.startsWith("/");
  }

  private RouteSettings route(
      String path, String upstream, @Nullable Said atMost, Section section) {
    String prefix = "routes." + path + ".";
    lookup.note(prefix + "upstream", upstream, upstreamSource(section));
    Said said = orDefault(Key.HOLD, section);
    Holds holds = lookup.reading.choice(Key.HOLD, said, Holds.class);
    lookup.note(prefix + "hold", said.text(), said.source());
    Duration limit = null;
    if (atMost != null) {
      limit = lookup.reading.time(Key.ROUTE_HOLD_AT_MOST, atMost);
      lookup.note(prefix + "hold-at-most", limit, atMost.source());
      if (limit.compareTo(limits.holdAtMost()) > 0) {
        mistakes.add(atMost, "no longer than the gateway's own hold-at-most");
      }
    }
    return new RouteSettings(path, upstream, holds, limit, origins(prefix, section));
  }

  private static String upstreamSource(Section section) {
    Said said = Lookup.said(Key.ROUTE_UPSTREAM, section);
    return said == null ? Lookup.DEFAULT : said.source();
  }

  private Set<String> origins(String prefix, Section section) {
    Set<String> origins = new LinkedHashSet<>();
    for (Said said : section.all(Key.ORIGIN)) {
      if (said.text().matches(ORIGIN)) {
        origins.add(said.text());
      } else {
        mistakes.add(said, Key.ORIGIN.form().expected());
      }
    }
    if (!origins.isEmpty()) {
      lookup.note(
          prefix + "origin", List.copyOf(origins), section.all(Key.ORIGIN).getFirst().source());
    }
    return origins;
  }

  // ---- Both

  private Said orDefault(Key key, Section section) {
    Said said = section.get(key);
    return said == null ? lookup.byDefault(key) : said;
  }

  private Duration time(String prefix, Key key, Section section) {
    Said said = orDefault(key, section);
    return lookup.noted(prefix + key.key(), lookup.reading.time(key, said), said);
  }

  private int count(String prefix, Key key, Section section) {
    Said said = orDefault(key, section);
    return lookup.noted(prefix + key.key(), lookup.reading.count(key, said), said);
  }

  private void refuseFlags(Place place, String list) {
    for (Key key : Key.values()) {
      Said said = asked.flags().get(key);
      if (said != null && key.place() == place) {
        mistakes.add(said, "nothing, since the file has " + list + " and says it there");
      }
    }
  }
}
