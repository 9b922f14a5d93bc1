/**
 * The gate in front of a Jetty server: connections that arrive while the application starts are
 * held by a core handler, without a thread each.
 */
module dev.vestibule.jetty {
  requires transitive dev.vestibule;
  requires transitive org.eclipse.jetty.server;
  requires static org.eclipse.jetty.ee11.websocket.jakarta.common;
  requires static org.eclipse.jetty.websocket.common;
  requires static org.eclipse.jetty.websocket.core.server;
  requires static transitive org.jspecify;

  exports dev.vestibule.jetty;
}
