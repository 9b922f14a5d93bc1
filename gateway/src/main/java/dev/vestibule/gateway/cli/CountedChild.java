package dev.vestibule.gateway.cli;

import dev.vestibule.gateway.GatewayCount;
import dev.vestibule.gateway.child.ChildListener;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Counts restarts on the way to the console. */
record CountedChild(ChildListener console, GatewayCount.OfUpstream count) implements ChildListener {

  @Override
  public void started(long pid, InetSocketAddress at) {
    console.started(pid, at);
  }

  @Override
  public void exited(int code, Duration ranFor, @Nullable Duration restartsIn) {
    if (restartsIn != null) {
      count.restarted();
    }
    console.exited(code, ranFor, restartsIn);
  }

  @Override
  public void gaveUp(int code) {
    console.gaveUp(code);
  }
}
