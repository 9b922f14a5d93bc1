package dev.vestibule;

import java.util.List;

/**
 * What brings a running phase to its end: its task, its probe, or the wait for its signal. Called
 * under the startup's lock; what is to be done outside it is added to the effects.
 */
interface Work {

  /** The phase begins. */
  void begin(List<Runnable> effects);

  /** The phase has settled: nothing may be left behind that runs or is scheduled. */
  void stop(List<Runnable> effects);

  /** How often it has asked. */
  default long polls() {
    return 0;
  }

  static Work of(PhaseDefinition definition, Course course) {
    PhaseTask task = definition.task();
    if (task != null) {
      return new TaskWork(task, definition, course);
    }
    Probe probe = definition.probe();
    return probe != null
        ? new ProbeWork(probe, definition, course)
        : new SignalWork(definition, course);
  }
}
