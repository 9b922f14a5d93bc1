/**
 * Startup, phases and the gate: connections that arrive while a server starts wait, enter the
 * moment it is ready, or hear truthfully why not. Needs the JDK alone.
 */
module dev.vestibule {
  requires static transitive org.jspecify;

  exports dev.vestibule;
  exports dev.vestibule.clients;
  exports dev.vestibule.environment;
  exports dev.vestibule.history;
  exports dev.vestibule.waterfall;
}
