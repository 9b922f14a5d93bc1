package dev.vestibule.spring;

import dev.vestibule.Door;
import dev.vestibule.EffectiveSettings;
import dev.vestibule.Gate;
import dev.vestibule.Scheduler;
import dev.vestibule.Startup;
import dev.vestibule.StartupBuilder;
import dev.vestibule.jetty.GateHandler;
import dev.vestibule.jetty.Screening;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
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

  /** Closed by {@link Drain}, whoever made it. */
  @Bean(destroyMethod = "")
  @ConditionalOnMissingBean
  Startup startup(ObjectProvider<StartupPhase> phases, Settings settings) {
    StartupBuilder startup = Startup.define();
    startup.phase(StartupPhase.APPLICATION, phase -> phase.signalled());
    phases.orderedStream().forEach(phase -> startup.phase(phase.name(), settings.limited(phase)));
    Startup built = startup.build();
    built.start();
    return built;
  }

  @Bean
  @ConditionalOnMissingBean
  Gate gate(Startup startup, Settings settings, ObjectProvider<Scheduler> scheduler) {
    return settings.gateBefore(startup, scheduler.getIfAvailable(Scheduler::system));
  }

  @Bean
  @ConditionalOnMissingBean
  GateHandler gateHandler(Gate gate, Settings settings, ObjectProvider<Screening> screening) {
    GateHandler.Builder handler =
        GateHandler.before(gate).trustedHops(settings.configured().trustedHops());
    screening.ifAvailable(handler::screening);
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
      Startup startup, Drain drain, Settings settings, ObjectProvider<Door> door) {
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
      Availability availability,
      Settings settings,
      Drain drain,
      ExitOnFailure exit,
      ObjectProvider<Door> door) {
    return new JettyGate(gate, handler, availability, settings, drain, door.getIfAvailable());
  }
}
