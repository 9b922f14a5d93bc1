package dev.vestibule;

/** Hears what changes in a startup. */
@FunctionalInterface
public interface StartupListener {

  /**
   * Called for every change, in order, once, on whichever thread caused a change; never by two
   * threads at the same time, and never while Vestibule holds a lock. Must not block. What it
   * throws is logged, and others still hear.
   *
   * @param event what changed
   */
  void changed(StartupEvent event);
}
