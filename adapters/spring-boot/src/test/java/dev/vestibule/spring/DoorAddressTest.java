package dev.vestibule.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DoorAddressTest {

  @Test
  void thePortIsFoundInSpringsOrder() {
    Map<String, String> both = Map.of("SERVER_PORT", "9001", "PORT", "9002");
    assertThat(port(both, "--server.port=9000")).isEqualTo(9000);
    assertThat(port(both)).isEqualTo(9001);
    assertThat(port(Map.of("PORT", "9002"))).isEqualTo(9002);
    assertThat(port(Map.of())).isEqualTo(8080);
    assertThat(port(Map.of(), "--server.port=0")).isZero();
  }

  @Test
  void aSystemPropertyComesBeforeTheEnvironment() {
    System.setProperty("server.port", "9003");
    try {
      assertThat(port(Map.of("SERVER_PORT", "9001"))).isEqualTo(9003);
      assertThat(port(Map.of(), "--server.port=9000")).isEqualTo(9000);
    } finally {
      System.clearProperty("server.port");
    }
  }

  @Test
  void whatTheCodeSaysWins() {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    DoorAddress find = new DoorAddress(new String[] {"--server.port=9000"}, Map.of());
    assertThat(find.find(1234, loopback).getPort()).isEqualTo(1234);
    assertThat(find.find(1234, loopback).getAddress()).isEqualTo(loopback);
  }

  @Test
  void everyMistakeIsNamed() {
    String[] args = {"--server.port=eighty", "--server.address=256.256.256.256.256"};
    DoorAddress find = new DoorAddress(args, Map.of("VESTIBULE_BACKLOG", "0"));
    find.find(null, null);
    find.number("vestibule.backlog", "VESTIBULE_BACKLOG", 1, 10, 5);
    assertThat(find.mistakes())
        .containsExactly(
            "server.port: eighty (expected: 0..65535)",
            "server.address: 256.256.256.256.256 (expected: an address of this machine)",
            "vestibule.backlog: 0 (expected: 1..10)");
  }

  private static int port(Map<String, String> environment, String... args) {
    return new DoorAddress(args, environment).find(null, null).getPort();
  }
}
