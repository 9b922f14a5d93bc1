package dev.vestibule.gateway.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListenersTest {

  @Test
  void seesWhoListensWiderThanLoopback() throws Exception {
    for (String host : List.of("127.0.0.1", "::1", "127.0.0.2")) {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
        assertThat(Listeners.widerThanLoopback(socket.getLocalPort())).isEmpty();
      }
    }
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
      int port = socket.getLocalPort();
      // The JVM's sockets are of IPv6 where there is one.
      assertThat(Listeners.widerThanLoopback(port))
          .containsAnyOf("0.0.0.0:" + port, "[::]:" + port);
    }
  }

  @Test
  void readsTheKernelsTables() throws Exception {
    String head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when";
    List<String> table =
        List.of(
            head,
            "   0: 00000000:A80D 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1",
            "   1: 0100007F:A80D 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 2",
            "   2: 0200A8C0:A80D 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 3",
            "   3: 00000000:A80D 0100007F:1234 01 00000000:00000000 00:00000000 00000000 0 0 4",
            "   4: 00000000:A80E 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 5",
            "   5: 00000000000000000000000000000000:A80D 0:0 0A 0:0 0:0 0 0 0 6",
            "   6: 00000000000000000000000001000000:A80D 0:0 0A 0:0 0:0 0 0 0 7",
            "   7: 0000000000000000FFFF00000100007F:A80D 0:0 0A 0:0 0:0 0 0 0 8");
    assertThat(Listeners.widerThanLoopback(43021, table))
        .containsExactly("0.0.0.0:43021", "192.168.0.2:43021", "[::]:43021");
    assertThat(Listeners.widerThanLoopback(1, List.of())).isEmpty();
  }
}
