package dev.vestibule.gateway.cli;

import dev.vestibule.gateway.child.ChildListener;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Counts restarts on the way to the console. */
record CountedChild(ChildListener console, Runnable count) implements ChildListener {

  @Override
  public void started(long pid, InetSocketAddress at) {
    console.started(pid, at);
  }

  @Override
  public void listensElsewhere(String ports, int told) {
    console.listensElsewhere(ports, told);
  }

  @Override
  public void listensWider(String where) {
    console.listensWider(where);
  }

  @Override
  public void exited(int code, Duration ranFor, @Nullable Duration restartsIn) {
    if (restartsIn != null) {
      count.run();
    }
    console.exited(code, ranFor, restartsIn);
  }

  @Override
  public void gaveUp(int code, String why) {
    console.gaveUp(code, why);
  }
}
