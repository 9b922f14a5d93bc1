package dev.vestibule.gateway.http;

import dev.vestibule.gateway.upstream.Upstream;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The connection to an upstream that a client's last request left, for its next one. */
final class Rested {

  private @Nullable Upstream upstream;
  private @Nullable UpstreamLink link;

  void put(Upstream at, UpstreamLink left) {
    close();
    upstream = at;
    link = left;
    left.rest();
  }

  /** Null when there is none that leads to where the upstream is now. */
  @Nullable UpstreamLink take(Upstream wanted) {
    UpstreamLink left = link;
    if (left == null) {
      return null;
    }
    boolean same =
        upstream == wanted
            && left.isIdle()
            && left.channel().remoteAddress() instanceof InetSocketAddress at
            && at.equals(wanted.address());
    if (!same) {
      close();
      return null;
    }
    link = null;
    return left;
  }

  void close() {
    if (link != null) {
      link.close();
      link = null;
    }
  }
}
