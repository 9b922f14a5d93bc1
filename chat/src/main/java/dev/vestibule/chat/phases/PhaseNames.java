package dev.vestibule.chat.phases;

import java.util.List;

/** The phases of the chat's startup, as in the case that it comes from. */
public final class PhaseNames {

  /** The data directory, its lock, the key that signs cookies. */
  public static final String INIT = "init";

  /** Spring wires the application. */
  public static final String DEPENDENCIES = "dependencies";

  /** The pool, the tables, and runs that were interrupted. */
  public static final String DATABASE = "database";

  /** What admission and search need is read into memory; optional. */
  public static final String CACHE = "cache";

  /** The assistant has proved itself. */
  public static final String SERVICES = "services";

  /** Jetty listens and the endpoint is registered. */
  public static final String WEBSOCKET = "websocket";

  /** Housekeeping, after all others. */
  public static final String FINALIZE = "finalize";

  /** What a model is asked with has been loaded; optional, and there only if one is configured. */
  public static final String MODEL = "model";

  /** All that are always there, in order. */
  public static final List<String> ALL =
      List.of(INIT, DEPENDENCIES, DATABASE, CACHE, SERVICES, WEBSOCKET, FINALIZE);

  private PhaseNames() {}
}
