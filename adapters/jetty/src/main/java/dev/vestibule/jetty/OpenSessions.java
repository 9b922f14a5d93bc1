package dev.vestibule.jetty;

import dev.vestibule.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.server.Server;

/** The open WebSocket sessions of a server. */
public final class OpenSessions {

  private OpenSessions(Server server, Scheduler scheduler) {}

  public static OpenSessions of(Server server) {
    return of(server, Scheduler.system());
  }

  public static OpenSessions of(Server server, Scheduler scheduler) {
    return new OpenSessions(server, scheduler);
  }

  public int count() {
    return 0;
  }

  public CompletableFuture<Void> close(int code, String reason, Duration over) {
    return CompletableFuture.completedFuture(null);
  }
}
