package dev.vestibule.gateway.tunnel;

import dev.vestibule.Scheduler;
import dev.vestibule.gateway.upstream.Upstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The sessions that are open. Safe for use by many threads. */
public final class OpenTunnels {

  private final Set<Tunnel> open = ConcurrentHashMap.newKeySet();
  private final Scheduler scheduler;
  private volatile @Nullable Farewell farewell;

  private record Farewell(int code, String reason) {}

  /**
   * No sessions yet.
   *
   * @param scheduler spreads the closes of {@link #closeAll}
   */
  public OpenTunnels(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /**
   * How many there are.
   *
   * @return zero or more
   */
  public int count() {
    return open.size();
  }

  /**
   * How many there are to one upstream.
   *
   * @param upstream which
   * @return zero or more
   */
  public int count(Upstream upstream) {
    return (int) open.stream().filter(tunnel -> tunnel.upstream() == upstream).count();
  }

  /**
   * Closes those that are open, each with a close frame at the next frame boundary, spread evenly
   * over some time so that their clients do not all come back together. One that was being opened
   * meanwhile is closed at once.
   *
   * @param code for example 1012, "service restart" (IANA's registry of close codes)
   * @param reason at most 123 bytes of UTF-8
   * @param over zero or more
   */
  public void closeAll(int code, String reason, Duration over) {
    farewell = new Farewell(code, reason);
    List<Tunnel> all = new ArrayList<>(open);
    for (int i = 0; i < all.size(); i++) {
      Tunnel tunnel = all.get(i);
      scheduler.schedule(
          () -> tunnel.loop().execute(() -> tunnel.close(code, reason)),
          over.multipliedBy(i).dividedBy(all.size()));
    }
  }

  void add(Tunnel tunnel) {
    open.add(tunnel);
    // After it is listed: whoever closes all either sees it there, or was seen here.
    Farewell said = farewell;
    if (said != null) {
      tunnel.loop().execute(() -> tunnel.close(said.code(), said.reason()));
    }
  }

  void remove(Tunnel tunnel) {
    open.remove(tunnel);
  }
}
