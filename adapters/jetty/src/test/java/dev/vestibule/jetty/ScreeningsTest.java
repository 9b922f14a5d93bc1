package dev.vestibule.jetty;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScreeningsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "chat.example",
        "https://chat.example/",
        "https://chat.example:443",
        "http://chat.example:80",
        "https://*.example",
        "null",
        "https://",
        "https://a b",
        "https://user@chat.example",
        "https://chat.example?x"
      })
  void anOriginThatNoBrowserSendsIsNamed(String origin) {
    assertThatThrownBy(() -> Screenings.origins(Set.of(origin)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("origin: " + origin + " (expected: ");
  }
}
