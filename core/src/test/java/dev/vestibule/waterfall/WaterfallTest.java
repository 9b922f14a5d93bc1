package dev.vestibule.waterfall;

import static dev.vestibule.waterfall.Snapshots.down;
import static dev.vestibule.waterfall.Snapshots.failed;
import static dev.vestibule.waterfall.Snapshots.pending;
import static dev.vestibule.waterfall.Snapshots.ready;
import static dev.vestibule.waterfall.Snapshots.running;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Estimate;
import dev.vestibule.Estimator;
import dev.vestibule.GateSnapshot.RouteSnapshot;
import dev.vestibule.RouteState;
import dev.vestibule.StartupSnapshot;
import dev.vestibule.StartupState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaterfallTest {

  private static final String HOSTILE = "</th><script>alert('1')</script>\"&{{main}}{{title}}";

  private static final StartupSnapshot RUNNING =
      Snapshots.of(
          StartupState.RUNNING,
          12_300,
          ready("init", 0, 600),
          running("services", 600, "init"),
          pending("finalize", "services"));

  private static final List<RouteSnapshot> WAIT = List.of(route("/chat", RouteState.HOLD));

  private static RouteSnapshot route(String pattern, RouteState state) {
    return new RouteSnapshot(pattern, state, null, null, 0);
  }

  @Test
  void whetherConnectionsAreLetInIsSaidFirst() {
    StartupSnapshot away = Snapshots.of(StartupState.COMPLETE, 100, down("model", 0, 100));
    List<RouteSnapshot> open =
        List.of(route("/chat", RouteState.PACED), route("/api/**", RouteState.OPEN));
    List<RouteSnapshot> mixed =
        List.of(
            route("/chat", RouteState.HOLD),
            route("/api/**", RouteState.OPEN),
            route("/a<b", RouteState.OPEN));
    assertThat(said(away, open)).isEqualTo("Connections are let in. Away now: model.");
    assertThat(said(away, mixed))
        .isEqualTo(
            "Connections to /chat wait until it is ready. Connections to /api/**, /a&lt;b are let"
                + " in. Away now: model.");
    assertThat(said(RUNNING, WAIT))
        .isEqualTo(
            "Connections wait until it is ready. 1 of 3 phases are over. Running: services.");
    assertThat(said(Snapshots.of(StartupState.COMPLETE, 1, ready("a", 0, 1)), open))
        .isEqualTo("Everything is ready.");
  }

  private static String said(StartupSnapshot startup, List<RouteSnapshot> routes) {
    String main = Waterfall.main(Outlook.of(startup, routes, null));
    String from = "class=\"status\">";
    int at = main.indexOf(from) + from.length();
    return main.substring(at, main.indexOf("</p>", at));
  }

  @Test
  void fewStartsPromiseNothingOfTheSlowest() {
    Estimate one =
        new Estimate(Duration.ofSeconds(8), Duration.ofSeconds(8), Duration.ofSeconds(9), 1);
    assertThat(Waterfall.main(Outlook.of(RUNNING, WAIT, (now, phases) -> one)))
        .contains("About 8 s to go (by one earlier start).")
        .doesNotContain("19 in 20");
  }

  @Test
  void aPhasesNameIsTextWhateverItHolds() {
    StartupSnapshot startup =
        Snapshots.of(StartupState.RUNNING, 100, running(HOSTILE, 0), pending("b", HOSTILE));
    Outlook outlook = Outlook.of(startup, List.of(), (now, phases) -> estimate());
    Page page = new Page();

    String whole = page.of(Waterfall.title(startup), Waterfall.main(outlook), true);

    assertThat(whole)
        .doesNotContain("alert('1')", "</th><script")
        .contains("&lt;/th&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;{{main}}")
        .containsOnlyOnce("<script>")
        .containsOnlyOnce("<main ");
    assertThat(outlook.toJson()).contains("\"</th><script>alert('1')</script>\\\"&{{main}}");
  }

  @Test
  void whatIsEstimatedIsSaidInWordsAndDrawnAndInTheJson() {
    Outlook outlook = Outlook.of(RUNNING, WAIT, (now, phases) -> estimate());

    assertThat(Waterfall.main(outlook))
        .contains(
            "12.3 s so far. About 8 s to go; 19 in 20 starts need less than 15 s more"
                + " (by 12 earlier starts).",
            "ends in about 8 s",
            "<rect class=\"expected\"")
        .contains("0 s</span><span class=\"unseen\"> to </span><span>20.3 s</span>");
    assertThat(outlook.toJson())
        .startsWith(RUNNING.toJson().substring(0, RUNNING.toJson().length() - 1))
        .contains(
            ",\"estimate\":{\"p10Millis\":5000.000,\"p50Millis\":8000.000,"
                + "\"p95Millis\":15000.000,\"starts\":12},\"estimates\":{\"services\":{")
        .endsWith("\"criticalPath\":[\"init\",\"services\",\"finalize\"]}");
  }

  @Test
  void whatIsNotKnownIsNotSaid() {
    Estimator broken =
        (now, phases) -> {
          throw new IllegalStateException("no idea");
        };
    for (Outlook outlook :
        new Outlook[] {Outlook.of(RUNNING, WAIT, null), Outlook.of(RUNNING, WAIT, broken)}) {
      assertThat(Waterfall.main(outlook))
          .contains("12.3 s so far.")
          .doesNotContain("bout ", "expected", "19 in 20", "no idea");
      assertThat(outlook.toJson()).contains("\"estimate\":null,\"estimates\":{}");
    }
  }

  @Test
  void whatDecidesTheEndIsSaidInWordsAndByShape() {
    String main = Waterfall.main(Outlook.of(RUNNING, WAIT, null));
    assertThat(main)
        .contains("Decides the end: <b>init</b>, then <b>services</b>, then <b>finalize</b>.")
        .contains("◆</span>init<span class=\"unseen\">, decides the end</span>")
        .contains("y=\"0\" height=\"10\"");
  }

  @Test
  void aStrangerLearnsThatItFailedAndNotWhy() {
    StartupSnapshot startup =
        Snapshots.of(
            StartupState.FAILED,
            42_700,
            failed("database", 700, 42_700, new IllegalStateException("10.1.2.3 said <no>")));
    Outlook outlook = Outlook.of(startup, List.of(), null);
    assertThat(Waterfall.main(outlook))
        .contains("It will not become ready: database failed.", "It failed after 42.7 s.")
        .doesNotContain("10.1.2.3", "IllegalState", "aid &lt;no");
    assertThat(outlook.toJson()).doesNotContain("10.1.2.3", "IllegalState");
    assertThat(outlook.isLive()).isFalse();
  }

  private static Estimate estimate() {
    return new Estimate(Duration.ofSeconds(5), Duration.ofSeconds(8), Duration.ofSeconds(15), 12);
  }
}
