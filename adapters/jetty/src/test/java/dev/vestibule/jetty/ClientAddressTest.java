package dev.vestibule.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAddressTest {

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, 192.0.2.7",
    "192.0.2.7:4711, 192.0.2.7",
    "' 192.0.2.7 ', 192.0.2.7",
    "2001:db8::1, 2001:db8::1",
    "[2001:db8::1], 2001:db8::1",
    "[2001:db8::1]:4711, 2001:db8::1"
  })
  void addressesAreReadAsProxiesWriteThem(String text, String expected) throws Exception {
    assertThat(ClientAddress.parse(text)).isEqualTo(InetAddress.getByName(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "unknown",
        "_hidden",
        "localhost",
        "256.1.1.1",
        "1.2.3",
        "1.2.3.4.5",
        "1:2:3",
        "[::1",
        "::1%eth0",
        "999999999999.1.1.1",
        "<script>",
        "1.2.3.4 5.6.7.8",
        "0177.0.0.1"
      })
  void anythingElseIsNobodysAndIsNeverLookedUp(String text) {
    assertThat(ClientAddress.parse(text)).isNull();
  }
}
