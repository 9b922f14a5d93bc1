package dev.vestibule.environment;

import java.time.Duration;
import java.util.Map;

/** What a process runs on, recognised by the variables that the platform sets. */
public enum Platform {
  /** Google Cloud Run, recognised by {@code K_SERVICE}; so is Knative, which has it from there. */
  CLOUD_RUN("Cloud Run", Duration.ZERO, Duration.ofSeconds(10)),
  /** Kubernetes, recognised by {@code KUBERNETES_SERVICE_HOST}. */
  KUBERNETES("Kubernetes", Duration.ofSeconds(5), Duration.ofSeconds(30)),
  /** A machine, real or virtual; also a platform that is not known here. */
  PLAIN("plain machine", Duration.ZERO, Duration.ofSeconds(30));

  /** Set by Cloud Run, to the service's name. */
  public static final String CLOUD_RUN_VARIABLE = "K_SERVICE";

  /** Set by Kubernetes in every container. */
  public static final String KUBERNETES_VARIABLE = "KUBERNETES_SERVICE_HOST";

  private final String title;
  private final Duration drainDelay;
  private final Duration grace;

  Platform(String title, Duration drainDelay, Duration grace) {
    this.title = title;
    this.drainDelay = drainDelay;
    this.grace = grace;
  }

  /**
   * The platform that sets these variables.
   *
   * @param variables as {@link System#getenv()} has them; empty values count as not set
   * @return Cloud Run before Kubernetes, since Knative runs on both
   */
  public static Platform of(Map<String, String> variables) {
    if (!variables.getOrDefault(CLOUD_RUN_VARIABLE, "").isBlank()) {
      return CLOUD_RUN;
    }
    return variables.getOrDefault(KUBERNETES_VARIABLE, "").isBlank() ? PLAIN : KUBERNETES;
  }

  /**
   * Its name for a person.
   *
   * @return for example {@code Cloud Run}
   */
  public String title() {
    return title;
  }

  /**
   * How long arrivals are still let in once readiness probes fail.
   *
   * @return 5 s on Kubernetes, whose endpoints lag behind its probes; else zero
   */
  public Duration drainDelay() {
    return drainDelay;
  }

  /**
   * Over how long open sessions are closed at most, when the process is told to end.
   *
   * @return 10 s on Cloud Run, which kills then; else 30 s, as Kubernetes allows unless told
   *     otherwise
   */
  public Duration grace() {
    return grace;
  }
}
