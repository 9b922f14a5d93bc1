package dev.vestibule.chat.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelSettingsTest {

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:1/v1, false",
    "http://127.9.8.7/v1, false",
    "http://localhost/v1, false",
    "http://[::1]:1/v1, false",
    "https://127.example.com/v1, false",
    "http://127.example.com/v1, true",
    "http://127.0.0.1.example.com/v1, true",
    "http://localhost.example.com/v1, true",
    "http://10.0.0.1/v1, true"
  })
  void aKeyGoesInTheClearToEveryOtherMachineWithoutHttps(URI url, boolean inTheClear) {
    assertThat(
            new ModelSettings(url, "any", new ModelKey("k"), ModelLimits.DEFAULT)
                .sendsKeyInTheClear())
        .isEqualTo(inTheClear);
    assertThat(new ModelSettings(url, "any", null, ModelLimits.DEFAULT).sendsKeyInTheClear())
        .isFalse();
  }
}
