package dev.vestibule.gateway.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class InnerPortTest {

  @Test
  void isFreeOnLoopbackAndNotOneThatTheKernelGivesOut() throws Exception {
    int[] range = InnerPort.kernelsRange();
    assertThat(range[0]).isLessThanOrEqualTo(range[1]);
    for (int i = 0; i < 100; i++) {
      InetSocketAddress at = InnerPort.find();
      assertThat(at.getAddress().getHostAddress()).isEqualTo("127.0.0.1");
      int port = at.getPort();
      assertThat(port < range[0] || port > range[1]).isTrue();
      new ServerSocket(at.getPort(), 1, at.getAddress()).close();
    }
  }

  @Test
  void everyRangeLeavesSomething() throws Exception {
    for (int i = 0; i < 200; i++) {
      assertThat(InnerPort.find(1024, 60_000).getPort()).isGreaterThan(60_000);
      assertThat(InnerPort.find(20_000, 65_535).getPort()).isBetween(10_000, 19_999);
      assertThat(InnerPort.find(1024, 2048).getPort()).isGreaterThanOrEqualTo(10_000);
      assertThat(InnerPort.find(1024, 65_535).getPort()).isPositive();
    }
  }

  @Test
  void onePortThatIsTakenIsNotGivenOut() throws Exception {
    // Port 10,000 is the only one outside of this range, and taken, by us or by somebody else.
    try (ServerSocket taken = new ServerSocket()) {
      try {
        taken.bind(InnerPort.at(10_000));
      } catch (IOException e) {
        assertThat(e).isInstanceOf(BindException.class);
      }
      assertThat(InnerPort.find(10_001, 65_535).getPort()).isNotEqualTo(10_000);
    }
  }
}
