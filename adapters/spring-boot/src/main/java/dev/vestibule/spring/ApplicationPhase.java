package dev.vestibule.spring;

import dev.vestibule.PhaseSnapshot;
import dev.vestibule.Signal;
import dev.vestibule.Startup;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.event.SpringApplicationEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/** Tells the phase {@code application}, if there is one, how Spring fared. */
final class ApplicationPhase implements ApplicationListener<SpringApplicationEvent>, Ordered {

  private final ApplicationContext context;
  private final Startup startup;
  private final Drain drain;
  private final ExitOnFailure exit;

  ApplicationPhase(ApplicationContext context, Startup startup, Drain drain, ExitOnFailure exit) {
    this.context = context;
    this.startup = startup;
    this.drain = drain;
    this.exit = exit;
  }

  @Override
  public void onApplicationEvent(SpringApplicationEvent event) {
    Signal signal = signal();
    if (event instanceof ApplicationReadyEvent ready
        && ready.getApplicationContext().equals(context)
        && signal != null) {
      signal.ready();
    } else if (event instanceof ApplicationFailedEvent failed
        && context.equals(failed.getApplicationContext())) {
      // Whoever runs Spring ends the process, and knows with which exit code.
      exit.leaveToOthers();
      drain.hurry();
      if (signal != null) {
        signal.failed(failed.getException());
      }
    }
  }

  /** Last, so that the application's own listeners are done when the gate opens. */
  @Override
  public int getOrder() {
    return LOWEST_PRECEDENCE;
  }

  private @Nullable Signal signal() {
    for (PhaseSnapshot phase : startup.snapshot().phases()) {
      if (phase.name().equals(StartupPhase.APPLICATION)) {
        return startup.signal(StartupPhase.APPLICATION);
      }
    }
    return null;
  }
}
