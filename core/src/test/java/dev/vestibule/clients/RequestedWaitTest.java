package dev.vestibule.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestedWaitTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          wait=10                           | 10
          respond-async, wait=7             | 7
          wait=7, wait=3                    | 7
          WAIT = "4"                        | 4
          wait=5; foo=bar, handling=lenient | 5
          wait=0                            | 0
          """)
  void thePreferHeaderSaysWholeSeconds(String header, long seconds) {
    assertThat(RequestedWait.ofPrefer(header)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "wait", "wait=", "wait=-1", "wait=1.5", "wait=999999", "await=5"})
  void whatCannotBeUnderstoodInPreferIsIgnored(String header) {
    assertThat(RequestedWait.ofPrefer(header)).isNull();
    assertThat(RequestedWait.ofPrefer(null)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "vestibule-wait=2.5, 2500",
    "a=b&vestibule-wait=4&c, 4000",
    "vestibule-wait=0, 0",
    "vestibule-wait=1&vestibule-wait=9, 1000",
    "vestibule-wait=99999.999, 99999999"
  })
  void theQuerySaysSeconds(String query, long millis) {
    assertThat(RequestedWait.ofQuery(query)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&&", "=", "wait=5", "xvestibule-wait=5", "vestibule-wait"})
  void aQueryThatDoesNotNameItSaysNothing(String query) {
    assertThat(RequestedWait.ofQuery(query)).isNull();
    assertThat(RequestedWait.ofQuery(null)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "vestibule-wait=, ''",
    "vestibule-wait=soon, soon",
    "vestibule-wait=-1, -1",
    "vestibule-wait=<script>, ?script?",
    "vestibule-wait=100000, 100000",
    "vestibule-wait=12345678901234567890123, 12345678901234567890"
  })
  void aBadValueIsNamedAndWhatWasExpected(String query, String shown) {
    assertThatThrownBy(() -> RequestedWait.ofQuery(query))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "vestibule-wait: %s (expected: seconds, 0 to 99999, such as 2.5)".formatted(shown));
  }

  /** Whatever comes: a time that is not negative, nothing, or one kind of complaint. */
  @Test
  void noInputDoesAnythingElse() {
    Random random = new Random(20261126);
    String alphabet = "vestibule-wait=0123456789.,;\"&%+ <\u0000\u00e9";
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "vestibule-wait=" : "wait=");
      for (int length = random.nextInt(30); length > 0; length--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      Duration preferred = RequestedWait.ofPrefer(text.toString());
      assertThat(preferred == null || !preferred.isNegative()).isTrue();
      try {
        Duration asked = RequestedWait.ofQuery(text.toString());
        assertThat(asked == null || !asked.isNegative()).isTrue();
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageContaining("(expected: seconds").hasMessageMatching("[ -~]+");
      }
    }
  }
}
