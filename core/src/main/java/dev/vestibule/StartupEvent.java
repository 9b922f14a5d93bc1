package dev.vestibule;

/**
 * Something that changed in a startup. Carries the whole picture as it was right after the change.
 */
public sealed interface StartupEvent {

  /**
   * The picture right after this change.
   *
   * @return a snapshot whose {@link StartupSnapshot#version()} is greater by one with each event
   */
  StartupSnapshot snapshot();

  /**
   * A phase went from one state to another.
   *
   * @param phase its name
   * @param from where it stood
   * @param to where it stands
   * @param snapshot the picture right after the change
   */
  record PhaseChanged(String phase, PhaseState from, PhaseState to, StartupSnapshot snapshot)
      implements StartupEvent {}

  /**
   * Startup as a whole went from one state to another.
   *
   * @param from where it stood
   * @param to where it stands
   * @param snapshot the picture right after the change
   */
  record StartupChanged(StartupState from, StartupState to, StartupSnapshot snapshot)
      implements StartupEvent {}
}
