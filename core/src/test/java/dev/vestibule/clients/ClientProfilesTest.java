package dev.vestibule.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientProfilesTest {

  private final ClientProfiles profiles = ClientProfiles.known();

  @ParameterizedTest
  @CsvSource({
    "okhttp/5.3.0, 10",
    "Python/3.11 websockets/10.4, 10",
    "Python/3.11 aiohttp/3.9.1, 300",
    "okhttp/5.3.0 Python/3.11 aiohttp/3.9.1, 10",
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0, 20"
  })
  void aLibraryIsKnownByTheProductThatItNames(String userAgent, long seconds) {
    assertThat(profiles.givesUpAfter(userAgent)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "notokhttp/5",
        "Java-http-client/25",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"
      })
  void nothingIsSaidOfOthers(String userAgent) {
    assertThat(profiles.givesUpAfter(userAgent)).isNull();
    assertThat(profiles.givesUpAfter(null)).isNull();
  }

  @Test
  void everyTimeIsPositive() {
    assertThat(profiles.byProduct())
        .isNotEmpty()
        .allSatisfy((product, time) -> {
          assertThat(product).doesNotContain("/", " ");
          assertThat(time).isPositive();
        });
  }
}
