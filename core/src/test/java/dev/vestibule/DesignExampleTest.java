package dev.vestibule;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.testkit.ManualTime;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** The example of the design and of the README, which shows the whole API in one place. */
class DesignExampleTest {

  private final ManualTime time = new ManualTime();
  private final List<String> seen = new ArrayList<>();

  @Test
  void anArrivalWaitsAndIsLetIn() {
    Pool pool = () -> seen.add("database");
    Cache cache = () -> seen.add("cache");

    // README:begin
    Startup startup =
        Startup.define()
            .phase(
                "database", p -> p.run(pool::open).timeout(ofSeconds(3)).retries(4, ofSeconds(1)))
            .phase("cache", p -> p.run(cache::connect).after("database").optional())
            .phase("services", p -> p.signalled().after("database", "cache"))
            // README:end
            .ticker(time)
            .scheduler(time)
            .executor(Runnable::run)
            // README:begin
            .build();

    Gate gate =
        Gate.before(startup)
            .route("/chat/**", r -> r.requires("services"))
            .route("/**", r -> r.requiresAll())
            .holdAtMost(ofSeconds(30))
            .maxWaiting(10_000)
            // README:end
            .ticker(time)
            .scheduler(time)
            // README:begin
            .build();

    startup.start();
    // README:end

    InetAddress clientAddress = InetAddress.getLoopbackAddress();
    Executor lane = Runnable::run;

    // README:begin
    Waiter waiter =
        gate.admit(
            Arrival.at("/chat/42").from(clientAddress).on(lane),
            admission -> {
              // called exactly once, on the lane
              if (admission instanceof Admitted admitted) {
                upgrade();
                admitted.opened();
              }
              if (admission instanceof Refused refused) {
                refuse(refused.reason(), refused.retryAfterSeconds());
              }
            });
    // README:end
    assertThat(seen).containsExactly("database", "cache");
    assertThat(gate.snapshot().waiting()).isOne();

    startup.signal("services").ready();

    assertThat(seen).containsExactly("database", "cache", "upgraded");
    assertThat(startup.snapshot().state()).isEqualTo(StartupState.COMPLETE);
    assertThat(gate.snapshot().waiting()).isZero();
    assertThat(gate.snapshot().inFlight()).isZero();
    assertThat(time.pending()).isZero();
    assertThat(waiter.leave()).isFalse();
  }

  private void upgrade() {
    seen.add("upgraded");
  }

  private void refuse(Reason reason, long retryAfterSeconds) {
    seen.add(reason + " " + retryAfterSeconds);
  }

  private interface Pool {
    void open();
  }

  private interface Cache {
    void connect();
  }
}
