package dev.vestibule.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.gateway.config.Asked;
import dev.vestibule.gateway.config.Configuration;
import dev.vestibule.gateway.config.Key;
import dev.vestibule.gateway.config.Mistakes;
import dev.vestibule.gateway.config.Said;
import dev.vestibule.gateway.config.Section;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EarlyArgumentsTest {

  private static @Nullable InetSocketAddress early(String line, @Nullable String port) {
    return EarlyArguments.address(line.isEmpty() ? new String[0] : line.split(" "), port);
  }

  @Test
  void aServerHasADoorAtOnce() {
    assertThat(early("run -- x", null)).isEqualTo(new InetSocketAddress(8080));
    assertThat(early("run -- x", "9001")).isEqualTo(new InetSocketAddress(9001));
    assertThat(early("gateway --listen=:9002 --upstream 1", "9001"))
        .isEqualTo(new InetSocketAddress(9002));
    assertThat(early("run --listen 1 --listen 127.0.0.1:0 -- x", null))
        .extracting(at -> Objects.requireNonNull(at).getAddress().isLoopbackAddress())
        .isEqualTo(true);
    assertThat(early("run --config f --listen 9003 -- x", null))
        .isEqualTo(new InetSocketAddress(9003));
  }

  @Test
  void whatIsNoServerHasNone() {
    for (String line :
        List.of(
            "",
            "--help",
            "serve",
            "run --help",
            "gateway --check",
            "run -V",
            "run --config f -- x",
            "run --config=f -- x")) {
      assertThat(early(line, null)).as(line).isNull();
    }
  }

  @Test
  void whatTheServerIsToldIsNotOurs() {
    assertThat(early("run -- x --listen 9 --help --config f", null))
        .isEqualTo(new InetSocketAddress(8080));
  }

  /** The door and the settings read the same, or the door leaves it alone. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "8080",
        ":8080",
        "127.0.0.1:80",
        "[::1]:80",
        "localhost:0",
        "",
        ":",
        "a",
        "::1:80",
        "65536",
        "-1",
        "+1",
        "008080",
        "127.0.0.1",
        "[::1]",
        "nowhere.invalid:1",
        "http://x:80"
      })
  void theDoorIsWhereTheSettingsSay(String text) {
    Mistakes mistakes = new Mistakes();
    Section flags =
        new Section("command line", Map.of(Key.LISTEN, List.of(Said.byFlag(Key.LISTEN, text))));
    Configuration configuration =
        Configuration.of(
            new Asked(true, flags, List.of("x"), null, Map.of(), 20_000, null), mistakes);
    InetSocketAddress early =
        EarlyArguments.address(new String[] {"run", "--listen", text, "--", "x"}, null);

    assertThat(early).isEqualTo(configuration == null ? null : configuration.gateway().listen());
  }
}
