package dev.vestibule.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class EffectiveSettingsTest {

  @Test
  void inColumnsWithTheirSource() {
    EffectiveSettings settings =
        new EffectiveSettings("Settings:")
            .add("environment", "production", "default")
            .add("drain.grace", Duration.ofSeconds(10), "Cloud Run")
            .add("readiness.interval", Duration.ofMillis(1500), "VESTIBULE_READINESS_INTERVAL");
    assertThat(settings)
        .hasToString(
            """
            Settings:
              environment         production  default
              drain.grace         10s         Cloud Run
              readiness.interval  1500ms      VESTIBULE_READINESS_INTERVAL\
            """);
    assertThat(new EffectiveSettings("None")).hasToString("None");
  }

  @Test
  void secretsAreMaskedWhenTheyAreAdded() {
    EffectiveSettings settings = new EffectiveSettings("Settings:");
    for (String key :
        new String[] {"model.key", "apiKey", "db.password", "a-token", "client_secret", "TOKEN"}) {
      settings.add(key, "hunter2", "default");
    }
    settings.add("url", "jdbc:x://ada:hunter2@db.example/chat?a=b", "default");
    assertThat(settings.toString()).doesNotContain("hunter2").contains("ada:******@db.example");
    assertThat(settings.settings()).hasSize(7).noneMatch(it -> it.value().contains("hunter2"));
    assertThat(settings.add("max-waiting", 7, "default").toString()).contains("7");
  }
}
