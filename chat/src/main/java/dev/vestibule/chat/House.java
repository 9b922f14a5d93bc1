package dev.vestibule.chat;

import static java.time.Duration.ofSeconds;

import dev.vestibule.Gate;
import dev.vestibule.PhaseState;
import dev.vestibule.ReadinessStrategy;
import dev.vestibule.Scheduler;
import dev.vestibule.Startup;
import dev.vestibule.StartupSnapshot;
import dev.vestibule.Ticker;
import dev.vestibule.chat.assistant.GateTool;
import dev.vestibule.chat.assistant.Guide;
import dev.vestibule.chat.assistant.SearchTool;
import dev.vestibule.chat.assistant.StartupTool;
import dev.vestibule.chat.conversation.Conversations;
import dev.vestibule.chat.conversation.Runs;
import dev.vestibule.chat.conversation.Sockets;
import dev.vestibule.chat.model.Model;
import dev.vestibule.chat.model.ModelSettings;
import dev.vestibule.chat.phases.DataDirectory;
import dev.vestibule.chat.phases.Database;
import dev.vestibule.chat.phases.PhaseNames;
import dev.vestibule.chat.phases.Slowdown;
import dev.vestibule.chat.signin.CookieKey;
import dev.vestibule.chat.signin.Passwords;
import dev.vestibule.chat.signin.Revocations;
import dev.vestibule.chat.signin.SessionTokens;
import dev.vestibule.chat.signin.SignInLinks;
import dev.vestibule.chat.signin.Users;
import dev.vestibule.history.History;
import dev.vestibule.spring.LastRefusals;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything behind the vestibule: the parts of the chat that need no web server, how they start,
 * and the gate in front of them. Built at once and by hand, so that its phases run beside Spring's
 * own start; Spring only adds the web. Safe for use by many threads.
 */
public final class House implements AutoCloseable {

  // How long answers that are under way may take when the process ends.
  private static final Duration LAST_ANSWERS = ofSeconds(2);

  static final Duration HOLD_AT_MOST = ofSeconds(30);
  static final int MAX_WAITING = 10_000;

  // A tenth of all seats: one address alone cannot keep everyone else out.
  static final int MAX_WAITING_PER_CLIENT = 1_000;

  private final Settings settings;
  private final Phases phases;

  private final CookieKey key = new CookieKey();
  private final DataDirectory directory;
  private final Database database;
  private final Users users;
  private final Revocations revocations;
  private final Passwords passwords;
  private final SessionTokens tokens;
  private final SignInLinks links;
  private final Conversations conversations;
  private final Sockets sockets;
  private final LastRefusals refusals;
  private final History history;
  private final Startup startup;
  private final Gate gate;
  private final Guide guide;
  private final Figures figures = new Figures();
  private final @Nullable Model model;
  private final Runs runs;

  /**
   * Puts the parts together; nothing is touched yet.
   *
   * @param settings what was asked for
   * @param linkUser who must exist because a sign-in link names them; null when none does
   * @param clock the time of day
   * @param rest how the time of slowed phases is waited
   */
  public House(
      Settings settings, @Nullable String linkUser, InstantSource clock, Slowdown.Rest rest) {
    this.settings = settings;
    directory = new DataDirectory(settings.data(), key);
    database = new Database(settings.data());
    users = new Users(database, clock);
    revocations = new Revocations(database, clock);
    passwords = new Passwords(database, users, clock);
    tokens = new SessionTokens(key, clock);
    links = new SignInLinks(clock);
    conversations = new Conversations(database, users, clock);
    sockets = new Sockets(revocations);
    history = History.open(settings.historyFile(), clock);
    if (settings.historySeed() != null) {
      history.seed(settings.historySeed());
    }
    refusals = new LastRefusals(clock);
    phases = new Phases(this, settings, linkUser, rest);
    startup = phases.define();
    var _ = startup.completion().thenAccept(this::keep);
    gate = gate(startup, settings.surroundings().strategy(), history, refusals);
    guide =
        new Guide(
            List.of(
                new StartupTool(startup),
                new GateTool(gate, sockets::count),
                new SearchTool(conversations)));
    model = settings.model() == null ? null : model(settings.model(), clock);
    runs =
        new Runs(
            conversations,
            sockets,
            model == null ? guide : model.assistant(),
            task -> Thread.ofVirtual().name("run").start(task),
            Ticker.system(),
            figures);
  }

  private Model model(ModelSettings configured, InstantSource clock) {
    Model made =
        new Model(
            configured,
            guide,
            conversations,
            clock,
            Ticker.system(),
            Scheduler.system(),
            figures::modelFailed);
    made.bind(startup, PhaseNames.MODEL, Ticker.system(), Scheduler.system());
    return made;
  }

  /**
   * A directory that could not be taken is not ours to write to; and what was slow on purpose says
   * nothing of the next start.
   */
  void keep(StartupSnapshot over) {
    if (settings.slow().isEmpty() && over.phase(PhaseNames.INIT).state() == PhaseState.READY) {
      history.keep(over);
    }
  }

  private static Gate gate(
      Startup startup, ReadinessStrategy strategy, History history, LastRefusals refusals) {
    return Gate.before(startup)
        .strategy(strategy)
        .route("/chat", r -> r.requires(PhaseNames.SERVICES, PhaseNames.WEBSOCKET))
        .route("/api/conversations/**", r -> r.requires(PhaseNames.DATABASE))
        .route("/api/sign-in/password", r -> r.requires(PhaseNames.DATABASE))
        .route("/api/sign-out", r -> r.requires(PhaseNames.DATABASE))
        .holdAtMost(HOLD_AT_MOST)
        .maxWaiting(MAX_WAITING)
        .maxWaitingPerClient(MAX_WAITING_PER_CLIENT)
        .estimator(history)
        .listener(refusals)
        .build();
  }

  /**
   * Says that a signalled phase has done its work; passed on at once, or when the phase has taken
   * as long as it was to be slowed.
   *
   * @param phase its name
   */
  public void arrived(String phase) {
    phases.arrived(phase);
  }

  /**
   * How the process was asked to be.
   *
   * @return the settings
   */
  public Settings settings() {
    return settings;
  }

  /**
   * The phases.
   *
   * @return always the same
   */
  public Startup startup() {
    return startup;
  }

  /**
   * The gate.
   *
   * @return always the same
   */
  public Gate gate() {
    return gate;
  }

  /**
   * What starts took.
   *
   * @return always the same
   */
  public History history() {
    return history;
  }

  /**
   * Who was refused last.
   *
   * @return always the same
   */
  public LastRefusals refusals() {
    return refusals;
  }

  /**
   * The database.
   *
   * @return always the same
   */
  public Database database() {
    return database;
  }

  /**
   * Who may use the chat.
   *
   * @return always the same
   */
  public Users users() {
    return users;
  }

  /**
   * Sign-ins that were ended.
   *
   * @return always the same
   */
  public Revocations revocations() {
    return revocations;
  }

  /**
   * Sign-in by password.
   *
   * @return always the same
   */
  public Passwords passwords() {
    return passwords;
  }

  /**
   * What session cookies hold.
   *
   * @return always the same
   */
  public SessionTokens tokens() {
    return tokens;
  }

  /**
   * Sign-in by link.
   *
   * @return always the same
   */
  public SignInLinks links() {
    return links;
  }

  /**
   * The key of the cookies.
   *
   * @return always the same
   */
  public CookieKey key() {
    return key;
  }

  /**
   * What was said.
   *
   * @return always the same
   */
  public Conversations conversations() {
    return conversations;
  }

  /**
   * Open pages.
   *
   * @return always the same
   */
  public Sockets sockets() {
    return sockets;
  }

  /**
   * Answers.
   *
   * @return always the same
   */
  public Runs runs() {
    return runs;
  }

  /**
   * Binds the chat's figures.
   *
   * @param registry told from now on
   */
  public void bindTo(MeterRegistry registry) {
    figures.bindTo(registry, runs::count, "guide");
    if (model != null) {
      figures.bindFailures(registry, Model.failureKinds());
    }
  }

  /** The data directory. */
  DataDirectory directory() {
    return directory;
  }

  /** Who answers without a model. */
  Guide guide() {
    return guide;
  }

  /** The model that answers; null when there is none. */
  @Nullable Model model() {
    return model;
  }

  /** Ends the answers, closes the database, and lets another process have the directory. */
  @Override
  public void close() {
    startup.close();
    history.close();
    try {
      runs.close(LAST_ANSWERS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (model != null) {
        model.close();
      }
      database.close();
      try {
        directory.close();
      } catch (IOException e) {
        System.getLogger(House.class.getName())
            .log(System.Logger.Level.WARNING, "the data directory's lock could not be given up", e);
      }
    }
  }
}
