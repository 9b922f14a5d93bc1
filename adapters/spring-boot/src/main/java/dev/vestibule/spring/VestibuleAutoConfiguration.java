package dev.vestibule.spring;

import dev.vestibule.Door;
import dev.vestibule.Estimator;
import dev.vestibule.Gate;
import dev.vestibule.GateListener;
import dev.vestibule.Scheduler;
import dev.vestibule.Startup;
import dev.vestibule.StartupBuilder;
import dev.vestibule.Ticker;
import dev.vestibule.environment.EffectiveSettings;
import dev.vestibule.history.History;
import dev.vestibule.jetty.GateHandler;
import dev.vestibule.jetty.HandshakeListener;
import dev.vestibule.jetty.Screening;
import io.micrometer.observation.ObservationRegistry;
import java.time.InstantSource;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * The gate and what belongs to it. The web server is made before the application's singletons, and
 * the server needs the gate, and the gate the startup: so phases run beside the rest of the start.
 */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(JettyServletWebServerFactory.class)
class VestibuleAutoConfiguration {

  @Bean
  Settings vestibuleSettings(
      Environment environment,
      ConfigurableListableBeanFactory beans,
      ObjectProvider<EffectiveSettings> more) {
    Settings settings = Settings.of(environment);
    settings.print(isGateOurs(beans), more.getIfAvailable());
    return settings;
  }

  /** Whether no other gate has taken the place of the one below. */
  private static boolean isGateOurs(ConfigurableListableBeanFactory beans) {
    String name = "gate";
    return beans.containsBeanDefinition(name)
        && VestibuleAutoConfiguration.class
            .getName()
            .equals(beans.getBeanDefinition(name).getFactoryBeanName());
  }

  /** Closed by Spring, after {@link Drain} has closed the startup that it follows. */
  @Bean
  @ConditionalOnMissingBean
  History vestibuleHistory(Settings settings) {
    return settings.history();
  }

  /** Closed by {@link Drain}, whoever made it. */
  @Bean(destroyMethod = "")
  @ConditionalOnMissingBean
  Startup startup(ObjectProvider<StartupPhase> phases, Settings settings, History history) {
    StartupBuilder startup = Startup.define().timeouts(settings.timeouts(history));
    startup.phase(StartupPhase.APPLICATION, phase -> phase.signalled());
    phases.orderedStream().forEach(phase -> startup.phase(phase.name(), phase.definition()));
    Startup built = startup.build();
    Settings.printLimits(built);
    built.start();
    return built;
  }

  @Bean
  @ConditionalOnMissingBean
  LastRefusals lastRefusals() {
    return new LastRefusals(InstantSource.system());
  }

  @Bean
  @ConditionalOnMissingBean
  Gate gate(
      Startup startup,
      Settings settings,
      History history,
      ObjectProvider<Estimator> estimator,
      ObjectProvider<Scheduler> scheduler,
      ObjectProvider<GateListener> listeners) {
    return settings.gateBefore(
        startup,
        scheduler.getIfAvailable(Scheduler::system),
        estimator(estimator, history),
        listeners.orderedStream().toList());
  }

  @Bean
  @ConditionalOnMissingBean
  GateHandler gateHandler(
      Gate gate,
      Settings settings,
      ObjectProvider<Screening> screening,
      ObjectProvider<HandshakeListener> listeners) {
    GateHandler.Builder handler = settings.handlerBefore(gate);
    screening.ifAvailable(handler::screening);
    listeners.orderedStream().forEach(handler::listener);
    return handler.build();
  }

  /**
   * Made after Spring's own, which keeps the last word on availability for others, so that it hears
   * before this one answers.
   */
  @Bean
  Availability vestibuleAvailability(
      Startup startup,
      Gate gate,
      Settings settings,
      ApplicationContext context,
      ObjectProvider<ApplicationAvailability> springs) {
    springs.getIfAvailable();
    Availability availability =
        new Availability(startup, gate, settings.configured().ready().when(), context);
    startup.listen(event -> availability.follow());
    return availability;
  }

  @Bean
  ProbesHandler vestibuleProbes(
      Availability availability,
      Settings settings,
      History history,
      ObjectProvider<Estimator> estimator,
      ObjectProvider<Scheduler> scheduler) {
    EventStreams streams =
        new EventStreams(
            scheduler.getIfAvailable(Scheduler::system),
            ProbesHandler.MOST_STREAMS,
            ProbesHandler.MOST_STREAMS_PER_CLIENT);
    return new ProbesHandler(
        availability, estimator(estimator, history), streams, settings.configured().trustedHops());
  }

  /** The application's own, where it brings one. */
  private static Estimator estimator(ObjectProvider<Estimator> estimators, History history) {
    return estimators
        .orderedStream()
        .filter(it -> !(it instanceof History))
        .findFirst()
        .orElse(history);
  }

  /** What the history keeps, of the file's last 50 or of this process alone. */
  @Bean
  @ConditionalOnMissingBean
  PastStarts pastStarts(History history, Startup startup) {
    return most -> history.last(startup.snapshot().phases(), most);
  }

  /** Off unless a port is named. */
  @Bean
  @ConditionalOnProperty("vestibule.admin.port")
  AdminServer vestibuleAdmin(
      Startup startup,
      Gate gate,
      Settings settings,
      LastRefusals refusals,
      History history,
      ObjectProvider<Estimator> estimator,
      PastStarts pastStarts,
      ObjectProvider<Scheduler> scheduler,
      ObjectProvider<AdminHandler> handlers) {
    VestibuleProperties.Admin admin = settings.configured().admin();
    AdminBorder border = new AdminBorder(admin.hosts());
    AdminStartup page =
        new AdminStartup(
            startup,
            gate,
            estimator(estimator, history),
            refusals,
            pastStarts,
            border::paths,
            new SinceStart(startup, Ticker.system()),
            new EventStreams(scheduler.getIfAvailable(Scheduler::system), 20, 20));
    int port = Objects.requireNonNull(admin.port());
    return new AdminServer(admin.address(), port, border, page, handlers);
  }

  @Bean
  Drain vestibuleDrain(
      ApplicationContext context,
      Startup startup,
      Gate gate,
      Availability availability,
      Settings settings,
      ObjectProvider<Scheduler> scheduler) {
    Scheduler timers = scheduler.getIfAvailable(Scheduler::system);
    return new Drain(context, startup, gate, availability, settings, timers);
  }

  @Bean
  ExitOnFailure vestibuleExitOnFailure(
      Startup startup, Drain drain, Settings settings, History history, ObjectProvider<Door> door) {
    // First: a failed start is remembered, too.
    history.follow(startup);
    ExitOnFailure exit = new ExitOnFailure(drain, settings, door.getIfAvailable(), System::exit);
    startup.listen(event -> exit.look(event.snapshot()));
    // It may have failed before Spring was there.
    exit.look(startup.snapshot());
    return exit;
  }

  @Bean
  ApplicationPhase vestibuleApplicationPhase(
      ApplicationContext context, Startup startup, Drain drain, ExitOnFailure exit) {
    return new ApplicationPhase(context, startup, drain, exit);
  }

  @Bean
  JettyGate vestibuleJettyGate(
      Gate gate,
      GateHandler handler,
      ProbesHandler probes,
      Settings settings,
      Drain drain,
      ExitOnFailure exit,
      ObjectProvider<ObservationRegistry> observations,
      ObjectProvider<AdminServer> admin,
      ObjectProvider<Door> door) {
    // Early: whoever looks why the application does not start must not have to wait for it.
    admin.getIfAvailable();
    return new JettyGate(
        gate, handler, probes, settings, drain, observations.getIfUnique(), door.getIfAvailable());
  }
}
