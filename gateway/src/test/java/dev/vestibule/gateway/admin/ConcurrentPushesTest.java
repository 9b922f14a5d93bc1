package dev.vestibule.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.StartupState;
import dev.vestibule.gateway.config.AdminSettings;
import dev.vestibule.gateway.config.AdminSettings.AccessLogFormat;
import dev.vestibule.gateway.config.AdminSettings.ReadyWhen;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many who push at once, as the workers of one server do. */
@Timeout(60)
class ConcurrentPushesTest {

  // Fewer than there may be connections, so that none is cut off.
  private static final int WORKERS = 16;
  private static final int PUSHES = 25;

  @TempDir private Path directory;

  private static int push(Path socket, String phase, String state) throws IOException {
    try (Raw raw = Raw.to(socket)) {
      return Raw.status(
          raw.post("/phases", "{\"phase\":\"%s\",\"state\":\"%s\"}".formatted(phase, state))
              .answer());
    }
  }

  private static List<Integer> work(Path socket, int worker) throws IOException {
    List<Integer> answers = new ArrayList<>();
    String phase = worker % 2 == 0 ? "database" : "cache";
    for (int i = 0; i < PUSHES; i++) {
      answers.add(push(socket, phase, i % 3 == 0 ? "READY" : i % 3 == 1 ? "DOWN" : "RUNNING"));
    }
    answers.add(push(socket, phase, "READY"));
    return answers;
  }

  @Test
  void eachIsTakenAndTheLastOneCounts() throws Exception {
    Path socket = directory.resolve("s");
    try (House house = new House();
        Admin admin =
            house.open(
                new AdminSettings(socket, null, null, ReadyWhen.OPEN, AccessLogFormat.OFF), null);
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS)) {
      house.shop.start();
      List<Callable<List<Integer>>> tasks = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) {
        int worker = i;
        tasks.add(() -> work(socket, worker));
      }
      for (Future<List<Integer>> answers : workers.invokeAll(tasks)) {
        assertThat(answers.get()).hasSize(PUSHES + 1).containsOnly(204);
      }
      assertThat(push(socket, "database", "READY")).isEqualTo(204);
      assertThat(push(socket, "cache", "READY")).isEqualTo(204);
      assertThat(house.shop.startup().snapshot().state()).isEqualTo(StartupState.COMPLETE);
      assertThat(admin.port()).isNull();
    }
  }
}
