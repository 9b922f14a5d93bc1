package dev.vestibule.gateway.config;

import dev.vestibule.environment.EffectiveSettings;
import dev.vestibule.gateway.config.AdminSettings.AccessLogFormat;
import dev.vestibule.gateway.config.AdminSettings.ReadyWhen;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is in force, checked.
 *
 * @param gateway what the gateway does
 * @param run what it starts; null: nothing
 * @param effective all of it, with who said so, for a person to read
 */
public record Configuration(
    GatewaySettings gateway, @Nullable RunSettings run, EffectiveSettings effective) {

  // sun_path of unix(7), less the zero at its end.
  private static final int LONGEST_SOCKET = 107;

  /**
   * Makes sense of what was said. Looks names up and looks into files, so it may take a while.
   *
   * @param asked what was said
   * @param mistakes told of everything that is wrong
   * @return null when there are mistakes, these or earlier ones
   */
  public static @Nullable Configuration of(Asked asked, Mistakes mistakes) {
    Lookup lookup = new Lookup(asked, mistakes);
    lookup.note("platform", lookup.presets().platform().title(), "environment variables");
    InetSocketAddress listen = listen(asked, lookup);
    TlsSettings tls = tls(lookup);
    Limits limits = limits(lookup);
    int trustedHops = lookup.count(Key.TRUSTED_HOPS);
    Duration drainDelay = lookup.time(Key.DRAIN_DELAY);
    Duration grace = lookup.time(Key.GRACE);
    AdminSettings admin = admin(lookup, listen);
    Behind behind = new BehindReading(asked, lookup, listen, limits).read();
    RunSettings run = run(asked, lookup, behind);
    return mistakes.isEmpty()
        ? new Configuration(
            new GatewaySettings(
                listen,
                tls,
                behind.upstreams(),
                behind.routes(),
                limits,
                trustedHops,
                drainDelay,
                grace,
                admin),
            run,
            lookup.effective())
        : null;
  }

  /** What stands behind the gateway; the child is the upstream without an address. */
  record Behind(List<UpstreamSettings> upstreams, List<RouteSettings> routes, String child) {}

  private static InetSocketAddress listen(Asked asked, Lookup lookup) {
    Said said = lookup.value(Key.LISTEN);
    InetSocketAddress listen = lookup.reading.listening(Key.LISTEN, said);
    Integer inherited = asked.inherited();
    if (inherited == null) {
      lookup.note(Key.LISTEN.key(), Addresses.text(listen), said.source());
    } else {
      lookup.note(Key.LISTEN.key(), "descriptor " + inherited, "LISTEN_FDS");
    }
    return listen;
  }

  private static @Nullable TlsSettings tls(Lookup lookup) {
    Said certificates = lookup.said(Key.TLS_CERT);
    Said key = lookup.said(Key.TLS_KEY);
    TlsSettings tls = new PemFiles(lookup.mistakes).read(certificates, key);
    if (tls == null) {
      lookup.note("tls", "none", Lookup.DEFAULT);
    } else {
      lookup.note("tls-cert", tls.certificates(), source(certificates));
      lookup.note("tls-key", tls.key(), source(key));
    }
    return tls;
  }

  private static Limits limits(Lookup lookup) {
    return new Limits(
        lookup.count(Key.MAX_CONNECTIONS),
        lookup.count(Key.MAX_WAITING),
        lookup.count(Key.MAX_WAITING_PER_CLIENT),
        lookup.count(Key.MAX_HEADER_BYTES),
        lookup.time(Key.HEADER_TIMEOUT),
        lookup.time(Key.IDLE_TIMEOUT),
        lookup.time(Key.HOLD_AT_MOST),
        lookup.time(Key.HEARTBEAT));
  }

  private static AdminSettings admin(Lookup lookup, InetSocketAddress listen) {
    Path socket = socket(lookup);
    Integer port = null;
    Said said = lookup.said(Key.ADMIN_PORT);
    if (said != null) {
      port = lookup.noted("admin-port", lookup.reading.count(Key.ADMIN_PORT, said), said);
      InetSocketAddress at = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      if (Addresses.clash(listen, at)) {
        lookup.mistakes.add(said, "another port than that of listen");
      }
    }
    InetSocketAddress probes = null;
    said = lookup.said(Key.PROBES);
    if (said != null) {
      probes = lookup.reading.listening(Key.PROBES, said);
      lookup.note("probes", Addresses.text(probes), said.source());
      boolean sameAsAdmin = port != null && port != 0 && port == probes.getPort();
      if (Addresses.clash(listen, probes) || Addresses.clash(probes, listen) || sameAsAdmin) {
        lookup.mistakes.add(said, "another port than that of listen and the admin side");
      }
    }
    return new AdminSettings(
        socket,
        port,
        probes,
        lookup.choice(Key.READY_WHEN, ReadyWhen.class),
        lookup.choice(Key.ACCESS_LOG, AccessLogFormat.class));
  }

  private static @Nullable Path socket(Lookup lookup) {
    Said said = lookup.said(Key.ADMIN_SOCKET);
    if (said == null) {
      return null;
    }
    try {
      Path socket = Path.of(said.text());
      Path parent = socket.toAbsolutePath().getParent();
      int length = said.text().getBytes(StandardCharsets.UTF_8).length;
      if (length > 0
          && length <= LONGEST_SOCKET
          && parent != null
          && Files.isDirectory(parent)
          && !Files.isDirectory(socket)) {
        return lookup.noted("admin-socket", socket, said);
      }
    } catch (InvalidPathException e) {
      // Said below.
    }
    lookup.mistakes.add(said, Key.ADMIN_SOCKET.form().expected());
    return null;
  }

  private static @Nullable RunSettings run(Asked asked, Lookup lookup, Behind behind) {
    if (!asked.run()) {
      for (Key key : Place.inFile(Place.CHILD)) {
        Said said = lookup.said(key);
        if (said != null) {
          lookup.mistakes.add(said, "nothing: gateway starts no server, run does");
        }
      }
      return null;
    }
    if (asked.command().isEmpty()) {
      lookup.mistakes.add(
          "COMMAND", "nothing", "-- and then the program that is the server, with its arguments");
    }
    // The arguments may hold secrets.
    String program = asked.command().isEmpty() ? "none" : asked.command().getFirst();
    lookup.note("command", program + " ...", "command line");
    return new RunSettings(
        behind.child(),
        asked.command(),
        lookup.count(Key.RESTART),
        lookup.time(Key.RESTART_DELAY),
        lookup.count(Key.INNER_PORT));
  }

  private static String source(@Nullable Said said) {
    return said == null ? Lookup.DEFAULT : said.source();
  }
}
