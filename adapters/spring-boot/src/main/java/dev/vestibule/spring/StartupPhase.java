package dev.vestibule.spring;

import dev.vestibule.PhaseBuilder;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A phase of the startup that the starter builds. Declare one bean of this type per phase; each
 * comes beside the phase {@code application}, which is ready once Spring's is. The beans are made
 * before the application's other singletons, so that phases run beside those: what a phase needs is
 * best fetched inside its task.
 *
 * @param name unique, not {@code application}; strangers may read it
 * @param definition says what kind of phase it is and what it comes after
 */
public record StartupPhase(String name, Consumer<PhaseBuilder> definition) {

  /** The phase that stands for the Spring application itself. */
  public static final String APPLICATION = "application";

  /** Checks that nothing is missing. */
  public StartupPhase {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(definition, "definition");
  }
}
