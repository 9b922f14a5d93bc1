package dev.vestibule.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;

/** Ten thousand wait on one process, come from four, and are all let in. */
class TenThousandWaitersTest {

  private static final int PROCESSES = 4;
  private static final int CLIENTS_EACH = 2_500;

  @Test
  void allAreLetInAndHeardAndNoThreadWaitsWithThem() throws Exception {
    List<RunningProcess> clients = new ArrayList<>();
    try (RunningProcess server = java(WaitingServer.class)) {
      String port = server.await("port=(\\d+)").group(1);
      server.say("begin");
      long threadsBefore = threads(server.await("after=begin .*threads=(\\d+)"));
      for (int i = 0; i < PROCESSES; i++) {
        clients.add(java(WaitingClients.class, port, Integer.toString(CLIENTS_EACH)));
      }
      server.say("await " + PROCESSES * CLIENTS_EACH);
      long threadsWhileWaiting = threads(server.await("after=await .*threads=(\\d+)"));

      server.say("open");

      for (RunningProcess client : clients) {
        assertThat(client.await("echoed=(\\d+)").group(1)).isEqualTo("" + CLIENTS_EACH);
      }
      server.say("end");
      Matcher end = server.await("after=end waiting=(\\d+) threads=(\\d+) refused=(.*)");
      assertThat(end.group(1)).isEqualTo("0");
      assertThat(end.group(3)).doesNotContainPattern("=[1-9]");
      // Jetty has 16 threads of its own, not all of which have started in the beginning.
      assertThat(threadsWhileWaiting).isLessThanOrEqualTo(threadsBefore + 16);
    } finally {
      for (RunningProcess client : clients) {
        client.close();
      }
    }
  }

  private static long threads(Matcher figures) {
    return Long.parseLong(figures.group(1));
  }

  private static RunningProcess java(Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.util.logging.config.file=src/test/resources/quiet.properties");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return new RunningProcess(new ProcessBuilder(command));
  }
}
