package dev.vestibule.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class LaneTest {

  private final List<Runnable> pool = new ArrayList<>();
  private final List<String> ran = new ArrayList<>();
  private boolean shut;
  private final Lane lane =
      new Lane(task -> {
        if (shut) {
          throw new RejectedExecutionException("shut down");
        }
        pool.add(task);
      });

  @Test
  void tasksRunInOrderOnOneThreadOfThePoolAtATime() {
    lane.execute(() -> ran.add("first"));
    lane.execute(() -> {
      throw new IllegalStateException("a mistake");
    });
    lane.execute(() -> lane.execute(() -> ran.add("last")));
    lane.execute(() -> ran.add("second"));
    // Not on the thread that brings them.
    assertThat(ran).isEmpty();
    assertThat(pool).hasSize(1);
    pool.remove(0).run();
    assertThat(ran).containsExactly("first", "second", "last");
    assertThat(pool).isEmpty();
    lane.execute(() -> ran.add("later"));
    pool.remove(0).run();
    assertThat(ran).endsWith("later");
  }

  @Test
  void aLaneWhosePoolWasShutDownSaysSoEachTime() {
    shut = true;
    assertThatThrownBy(() -> lane.execute(() -> ran.add("never")))
        .isInstanceOf(RejectedExecutionException.class);
    shut = false;
    lane.execute(() -> ran.add("again"));
    pool.remove(0).run();
    assertThat(ran).containsExactly("again");
  }
}
