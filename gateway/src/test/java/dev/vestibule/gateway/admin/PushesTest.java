package dev.vestibule.gateway.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.PhaseFailure;
import dev.vestibule.PhaseState;
import dev.vestibule.Startup;
import dev.vestibule.StartupState;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PushesTest {

  private final House house = new House();
  private final Pushes pushes = new Pushes(house.inside.upstreams());

  @BeforeEach
  void start() {
    house.shop.start();
    house.app.start();
  }

  @AfterEach
  void close() {
    house.close();
  }

  private PhaseState state(String phase) {
    return house.shop.startup().snapshot().phase(phase).state();
  }

  private void taken(String body) {
    assertThat(pushes.take(body.getBytes(UTF_8)).status()).as(body).isEqualTo(204);
  }

  private String refused(String body) {
    Answer answer = pushes.take(body.getBytes(UTF_8));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.type()).isEqualTo("application/problem+json");
    assertThat(state("database")).isEqualTo(PhaseState.RUNNING);
    assertThat(state("cache")).isEqualTo(PhaseState.RUNNING);
    String detail = answer.body().replaceFirst("^.*\"detail\":\"", "");
    return detail.substring(0, detail.length() - 2).replace("\\\"", "\"");
  }

  @Test
  void oneOrAList() {
    taken("{\"phase\":\"database\",\"state\":\"READY\"}");
    assertThat(state("database")).isEqualTo(PhaseState.READY);
    assertThat(state("cache")).isEqualTo(PhaseState.RUNNING);
    taken(
        "[{\"phase\":\"database\",\"state\":\"DOWN\",\"cause\":\"failover\"},"
            + "{\"phase\":\"cache\",\"state\":\"READY\",\"upstream\":\"shop\"}]");
    assertThat(state("database")).isEqualTo(PhaseState.DOWN);
    assertThat(state("cache")).isEqualTo(PhaseState.READY);
  }

  @Test
  void runningAgainIsTheNextStart() {
    Startup first = house.shop.startup();
    taken("{\"phase\":\"database\",\"state\":\"RUNNING\"}");
    assertThat(house.shop.startup()).isSameAs(first);
    taken("{\"phase\":\"database\",\"state\":\"READY\"}");
    taken("{\"phase\":\"database\",\"state\":\"RUNNING\"}");
    assertThat(house.shop.startup()).isNotSameAs(first);
    assertThat(state("database")).isEqualTo(PhaseState.RUNNING);
  }

  @Test
  void aCauseIsShownAsItsServerSaidItAndDoesNothingToATerminal() {
    taken("{\"phase\":\"database\",\"state\":\"FAILED\",\"cause\":\"\\u001b[2Jgone\\nfake line\"}");
    PhaseFailure failure =
        Objects.requireNonNull(house.shop.startup().snapshot().phase("database").failure());
    assertThat(failure.rootCause().toString()).isEqualTo("\\u001b[2Jgone\\u000afake line");
    assertThat(house.shop.startup().snapshot().state()).isEqualTo(StartupState.FAILED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"phase":"databse","state":"READY"} | phase: databse (expected: one of [database, cache])
          {"phase":"app","state":"READY"} | phase: app (expected: one of [database, cache])
          {"phase":"database","state":"ready"} | state: ready (expected: [RUNNING, READY, FAILED, DOWN])
          {"phase":"database"} | state: missing (expected: [RUNNING, READY, FAILED, DOWN])
          {"state":"READY"} | phase: missing (expected: one of [database, cache])
          {"phase":"database","state":"READY","why":"x"} | why: unknown (expected: one of [phase, state, upstream, cause])
          {"phase":"database","state":"READY","cause":{"a":[1]}} | cause: { (expected: a string)
          {"phase":"database","state":"READY","upstream":"app"} | upstream: app (expected: one whose readiness is pushed: [shop])
          {"phase":"database","state":"READY","upstream":"x"} | upstream: x (expected: one whose readiness is pushed: [shop])
          [] | body: [] (expected: one or more objects)
          [7] | body: 7 (expected: an object, or a list of objects)
          "READY" | body: READY (expected: an object, or a list of objects)
          {"phase":"database","state":"READY"} {} | body: more than one value (expected: an object, or a list of objects)
          """)
  void whatIsWrongIsNamedWithWhatWasExpected(String body, String said) {
    assertThat(refused(body)).isEqualTo(said);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"phase":
          {"phase":"database","phase":"cache","state":"READY"}
          {'phase':'database'}
          [{"phase":"database","state":"READY"},
          """)
  void whatIsNotJsonIsRefused(String body) {
    assertThat(refused(body)).startsWith("body: ").endsWith("(expected: JSON)");
  }

  @Test
  void nothingAtAllIsRefused() {
    assertThat(refused("")).isEqualTo("body: empty (expected: an object, or a list of objects)");
    assertThat(refused("\u00ff\u00fe")).contains("(expected: JSON)");
  }

  @Test
  void allMistakesAreSaidAtOnceAndNothingOfItIsTaken() {
    assertThat(
            refused(
                "[{\"phase\":\"cache\",\"state\":\"READY\"},"
                    + "{\"phase\":\"nope\",\"state\":\"UP\",\"x\":\"y\"},{\"state\":3}]"))
        .contains("x: unknown", "state: 3 (expected: a string)", "phase: nope", "state: UP")
        .contains("phase: missing")
        .doesNotContain("state: missing");
  }

  @Test
  void whatIsSaidOfMistakesIsBounded() {
    StringBuilder many = new StringBuilder("[{\"phase\":\"cache\",\"state\":\"READY\"}");
    for (int i = 0; i < 1_000; i++) {
      many.append(",{\"phase\":\"").append(i).append("x".repeat(20)).append("\"}");
    }
    assertThat(refused(many.append(']').toString())).hasSizeLessThan(5_000).contains("more");
    assertThat(refused("{\"phase\":\"" + "x".repeat(60_000) + "\",\"state\":\"READY\"}"))
        .hasSizeLessThan(300);
    assertThat(refused("[".repeat(60_000))).hasSizeLessThan(1_000);
  }
}
