package dev.vestibule.gateway.config;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be said to the gateway, once: the flags, their help, the keys of a file, the
 * defaults and {@code docs/gateway.md} are all made from this.
 */
public enum Key {
  /** Where clients connect. */
  LISTEN(
      Place.GATEWAY,
      new Form.Text("HOST:PORT", "HOST:PORT, :PORT or PORT, the port 0..65535"),
      Default.depends(":$PORT, else :8080"),
      "where clients connect; :PORT or PORT is every address of this machine, 0 any free port"),
  /** TLS: certificates. */
  TLS_CERT(
      Place.GATEWAY,
      new Form.Text("FILE", "a PEM file of certificates, together with tls-key"),
      Default.depends("no TLS"),
      "certificate in PEM, then those that signed it; clients speak TLS from then on"),
  /** TLS: private key. */
  TLS_KEY(
      Place.GATEWAY,
      new Form.Text("FILE", "a PEM file with the PKCS#8 key of tls-cert, without a password"),
      Default.depends("no TLS"),
      "its private key in PEM: PKCS#8, no password"),
  /** Where the server behind is, as a flag. */
  UPSTREAM(
      Place.UPSTREAM,
      Spelling.FLAG,
      new Form.Text("[NAME=]HOST:PORT", "[NAME=]HOST:PORT, the port 1..65535"),
      Default.depends("must be said, here or in the file"),
      "the server behind; PORT alone is on this machine; NAME is how logs call it"),
  /** Its name, in a file. */
  NAME(
      Place.UPSTREAM,
      Spelling.FILE,
      new Form.Text("NAME", "1 to 64 letters, digits, dots, hyphens and underscores, used once"),
      Default.depends("must be said"),
      "how routes, logs, probes and figures call it"),
  /** Its address, in a file. */
  ADDRESS(
      Place.UPSTREAM,
      Spelling.FILE,
      new Form.Text("HOST:PORT", "HOST:PORT or PORT, the port 1..65535"),
      Default.depends("must be said, but for the child of `run`"),
      "where it listens; PORT alone is on this machine. Under `run` the one without is the child"),
  /** How its readiness is learned. */
  READY(
      Place.UPSTREAM,
      new Form.Text("HOW", "tcp, http:/path[=STATUS], notify or push:PHASE[,PHASE...]"),
      Default.is("tcp"),
      "how it is known to be ready: tcp, it accepts a connection; http:/path[=STATUS], a GET is"
          + " answered with STATUS (200); notify, by systemd's protocol, for the child of run;"
          + " push:PHASE,PHASE, it reports its phases at the admin side"),
  /** How often it is asked. */
  PROBE_INTERVAL(
      Place.UPSTREAM,
      new Form.Time(Duration.ofMillis(1), Duration.ofMinutes(1)),
      Default.depends("5ms on loopback, 100ms elsewhere"),
      "how often it is asked while it is not ready; clients wait up to so much longer"),
  /** How long a connection to it may take. */
  CONNECT_TIMEOUT(
      Place.UPSTREAM,
      new Form.Time(Duration.ofMillis(1), Duration.ofMinutes(10)),
      Default.is(UpstreamSettings.CONNECT_TIMEOUT),
      "how long a connection to it may take; after that it counts as away"),
  /** How long its answer to an upgrade may take. */
  ANSWER_TIMEOUT(
      Place.UPSTREAM,
      new Form.Time(Duration.ofMillis(1), Form.LONGEST),
      Default.is(UpstreamSettings.ANSWER_TIMEOUT),
      "how long it may take to answer an upgrade, then 504; other requests may take any time"),
  /** How many go in at once. */
  PACE(
      Place.UPSTREAM,
      new Form.Count(0, Integer.MAX_VALUE),
      Default.is(UpstreamSettings.PACE),
      "how many of those who waited may be on their way in at once; more than the server queues are"
          + " lost for a second or more. 0: all"),
  /** Which paths a route takes. */
  PATH(
      Place.ROUTE,
      Spelling.FILE,
      new Form.Text(
          "PATTERN",
          "a pattern that begins with /, * only as a whole segment, ** only as the last one, used"
              + " once"),
      Default.depends("must be said"),
      "/chat that path alone, /rooms/* one segment in place of the star, /chat/** everything"
          + " below; routes are tried in order, and what none takes is answered with 404"),
  /** Where a route leads. */
  ROUTE_UPSTREAM(
      Place.ROUTE,
      Spelling.FILE,
      new Form.Text("NAME", "the name of an upstream"),
      Default.depends("must be said, if there are several"),
      "which upstream answers"),
  /** What is held. */
  HOLD(
      Place.ROUTE,
      Form.Choice.of("WHAT", RouteSettings.Holds.values()),
      Default.is("all"),
      "what waits while it is not ready: all requests, or upgrades alone; the rest is refused with"
          + " 503 at once"),
  /** A shorter bound, in a file. */
  ROUTE_HOLD_AT_MOST(
      Place.ROUTE,
      Spelling.FILE,
      new Form.Time(Duration.ofMillis(1), Form.LONGEST),
      Default.depends("the gateway's"),
      "as the gateway's, for this route"),
  /** Who may upgrade from a page. */
  ORIGIN(
      Place.ROUTE,
      new Form.Text("URL", "scheme, host and port alone, such as https://chat.example"),
      Default.depends("any"),
      "a page that may open a WebSocket, as browsers send its Origin; repeatable, in a file a list."
          + " Others are refused with 403, before they are held"),
  /** How long anyone is held. */
  HOLD_AT_MOST(
      Place.GATEWAY,
      new Form.Time(Duration.ofMillis(1), Form.LONGEST),
      Default.is(Limits.DEFAULTS.holdAtMost()),
      "how long anyone waits, then 503 with Retry-After; longer than clients or proxies in front"
          + " wait is of no use"),
  /** How many are held. */
  MAX_WAITING(
      Place.GATEWAY,
      new Form.Count(0, Integer.MAX_VALUE),
      Default.is(Limits.DEFAULTS.maxWaiting()),
      "how many wait at once, per upstream; more are refused with 503. Each costs about 3 KB and a"
          + " connection; 0 holds nobody"),
  /** How many are held of one client. */
  MAX_WAITING_PER_CLIENT(
      Place.GATEWAY,
      new Form.Count(1, Integer.MAX_VALUE),
      Default.is(Limits.DEFAULTS.maxWaitingPerClient()),
      "the same for one client address; too low refuses people who share one"),
  /** How many connections are open. */
  MAX_CONNECTIONS(
      Place.GATEWAY,
      new Form.Count(1, Integer.MAX_VALUE),
      Default.depends("19000, or half of what the process may open if that is less"),
      "open connections of clients; more are left in the kernel's queue until one ends. Each takes"
          + " two descriptors once it is let in"),
  /** How large the head of a request may be. */
  MAX_HEADER_BYTES(
      Place.GATEWAY,
      "BYTES",
      new Form.Count(1024, 1024 * 1024),
      Default.is(Limits.DEFAULTS.maxHeaderBytes()),
      "bytes of a request line, and of all headers of a request; more is answered with 431"),
  /** How long the head of a request may take. */
  HEADER_TIMEOUT(
      Place.GATEWAY,
      new Form.Time(Duration.ofMillis(1), Form.LONGEST),
      Default.is(Limits.DEFAULTS.headerTimeout()),
      "how long the headers of a request may take, then 408 or close"),
  /** How long a connection rests between requests. */
  IDLE_TIMEOUT(
      Place.GATEWAY,
      new Form.Time(Duration.ofMillis(1), Form.LONGEST),
      Default.is(Limits.DEFAULTS.idleTimeout()),
      "how long a connection stays open between requests"),
  /** How often a silent client is asked whether it is there. */
  HEARTBEAT(
      Place.GATEWAY,
      new Form.Time(Duration.ZERO, Form.LONGEST),
      Default.is(Limits.DEFAULTS.heartbeat()),
      "how often a silent WebSocket client is sent a ping; one that sends nothing for as long again"
          + " is gone, and both sides are closed. 0s: never"),
  /** How many proxies in front are ours. */
  TRUSTED_HOPS(
      Place.GATEWAY,
      new Form.Count(0, 16),
      Default.is(0),
      "how many proxies in front are yours: so many addresses at the end of Forwarded or"
          + " X-Forwarded-For are believed. Too many lets clients name any address, too few bounds"
          + " all clients of a proxy as one"),
  /** How long newcomers are let in after SIGTERM. */
  DRAIN_DELAY(
      Place.GATEWAY,
      new Form.Time(Duration.ZERO, Duration.ofHours(1)),
      Default.depends("5s on Kubernetes, 0s elsewhere"),
      "how long newcomers are let in after SIGTERM, while /readyz fails already"),
  /** How long sessions are given to end. */
  GRACE(
      Place.GATEWAY,
      new Form.Time(Duration.ZERO, Duration.ofHours(1)),
      Default.depends("8s on Cloud Run, 23s on Kubernetes, 30s elsewhere"),
      "how long the end may take after that: sessions are closed with 1012, 100 a second, within half"
          + " of it; the server behind `run` has what is left, then SIGKILL. Drain delay and grace must"
          + " fit into what the platform allows, with a second to spare"),
  /** The admin side's socket. */
  ADMIN_SOCKET(
      Place.GATEWAY,
      new Form.Text("FILE", "a path of at most 107 bytes in a directory that exists"),
      Default.depends("none"),
      "Unix socket of the admin side, made with mode 0600: causes, metrics, pushed readiness"),
  /** The admin side's port. */
  ADMIN_PORT(
      Place.GATEWAY,
      "PORT",
      new Form.Count(0, 65_535),
      Default.depends("none"),
      "the same on a port of loopback, for everybody on this machine; 0 any free one"),
  /** Where probes are answered. */
  PROBES(
      Place.GATEWAY,
      new Form.Text(
          "HOST:PORT", "HOST:PORT, :PORT or PORT, the port 0..65535, other than that of listen"),
      Default.depends("none"),
      "where /livez, /readyz and /startupz alone are answered, for who asks from elsewhere"),
  /** When it calls itself ready. */
  READY_WHEN(
      Place.GATEWAY,
      Form.Choice.of("WHEN", AdminSettings.ReadyWhen.values()),
      Default.is("open"),
      "when /readyz says yes: open, once every upstream is ready, right with several replicas;"
          + " holding, at once, right with one instance"),
  /** The access log. */
  ACCESS_LOG(
      Place.GATEWAY,
      Form.Choice.of("FORMAT", AdminSettings.AccessLogFormat.values()),
      Default.is("off"),
      "a line per request and session on stdout: off, text or json"),
  /** How often the child is started again. */
  RESTART(
      Place.CHILD,
      new Form.Count(0, Integer.MAX_VALUE),
      Default.is(RunSettings.RESTARTS),
      "how often in a row the server is started again when it failed; then its exit code is that of"
          + " run. Once it was ready for 10 s the count begins again"),
  /** How long it rests before that. */
  RESTART_DELAY(
      Place.CHILD,
      new Form.Time(Duration.ofMillis(1), Duration.ofHours(1)),
      Default.is(RunSettings.RESTART_DELAY),
      "rest before the first start in a row, doubled with each"),
  /** The child's port. */
  INNER_PORT(
      Place.CHILD,
      "PORT",
      new Form.Count(0, 65_535),
      Default.is(0),
      "what the server is given as PORT; 0 a free one, another with each start. Name one for a"
          + " server that cannot be told"),
  /** The file. */
  CONFIG(
      Place.PROCESS,
      Spelling.FLAG,
      new Form.Text("FILE", "a file that can be read"),
      Default.depends("none"),
      "YAML file; flags win over it"),
  /** Only look. */
  CHECK(
      Place.PROCESS,
      Spelling.FLAG,
      new Form.Flag(),
      Default.depends("off"),
      "print the effective settings and ok, or every mistake, and exit with 0 or 2"),
  /** Say more. */
  VERBOSE(
      Place.PROCESS,
      Spelling.FLAG,
      new Form.Flag(),
      Default.depends("off"),
      "print the effective settings at the start, and log every wait");

  private enum Spelling {
    BOTH,
    FLAG,
    FILE
  }

  private final Place place;
  private final Spelling spelling;
  private final String key;
  private final String label;

  // Records of values that do not change.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Form form;

  @SuppressWarnings("ImmutableEnumChecker")
  private final Default otherwise;

  private final String about;

  Key(Place place, String label, Form form, Default otherwise, String about) {
    this(place, Spelling.BOTH, label, form, otherwise, about);
  }

  Key(Place place, Form form, Default otherwise, String about) {
    this(place, Spelling.BOTH, form, otherwise, about);
  }

  Key(Place place, Spelling spelling, Form form, Default otherwise, String about) {
    this(place, spelling, form.label(), form, otherwise, about);
  }

  Key(Place place, Spelling spelling, String label, Form form, Default otherwise, String about) {
    this.place = place;
    this.spelling = spelling;
    // What routes have as well is told apart from the gateway's here alone.
    this.key = name().replaceFirst("^ROUTE_", "").toLowerCase(Locale.ROOT).replace('_', '-');
    this.label = label;
    this.form = form;
    this.otherwise = otherwise;
    this.about = about;
  }

  /**
   * What it is about.
   *
   * @return where it stands in a file
   */
  public Place place() {
    return place;
  }

  /**
   * Whether it can be said on the command line.
   *
   * @return false for what only a file has
   */
  public boolean isFlag() {
    return spelling != Spelling.FILE;
  }

  /**
   * Whether it can be said in a file.
   *
   * @return false for what only the command line has
   */
  public boolean isInFile() {
    return spelling != Spelling.FLAG && place != Place.PROCESS;
  }

  /**
   * Its name.
   *
   * @return as a file has it
   */
  public String key() {
    return key;
  }

  /**
   * Its name on the command line.
   *
   * @return with two hyphens
   */
  public String flag() {
    return "--" + key;
  }

  /**
   * What stands for its value in help.
   *
   * @return empty where there is none
   */
  public String label() {
    return label;
  }

  /**
   * Of what form its value is.
   *
   * @return which also says what is expected
   */
  public Form form() {
    return form;
  }

  /**
   * What holds when nobody says anything.
   *
   * @return for a person to read
   */
  public String otherwise() {
    return otherwise.shown();
  }

  /** The default as it could have been written; null where there is none or it depends. */
  @Nullable String fallback() {
    return otherwise.text();
  }

  /**
   * What it does to people.
   *
   * @return a sentence without its end
   */
  public String about() {
    return about;
  }
}
