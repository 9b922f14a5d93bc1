package dev.vestibule.bench.estimates;

import dev.vestibule.Estimate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts what becomes of clients; counts are doubles, as shares are all that is asked. */
final class Tally {

  /** What a gate that holds everybody for a while would have done for the same clients. */
  static final class Hold {
    final double atMost;
    double admitted;
    double refused;
    double waited;
    double inVain;

    Hold(double atMost) {
      this.atMost = atMost;
    }

    private void knocked(double budget, double remains, double over) {
      double patience = Math.min(budget, atMost);
      if (remains <= patience) {
        admitted++;
        waited += remains;
      } else {
        refused++;
        inVain += Math.min(patience, over);
      }
    }

    double admittedShare() {
      return share(admitted, admitted + refused);
    }

    double meanWait() {
      return share(waited, admitted);
    }

    double meanInVain() {
      return share(inVain, refused);
    }
  }

  final Hold brief = new Hold(2.1);
  final Hold patient = new Hold(30);
  final Hold estimated = new Hold(30);

  double clients;
  private double estimates;
  private double covered;
  private double unknown;
  private double servable;
  private double tooLong;
  private double wrongly;
  private double told;
  // Of those that come back in time.
  private final List<Double> late = new ArrayList<>();

  /**
   * A client knocks.
   *
   * @param remains until its route opens, or infinite
   * @param over until its route opens or startup fails
   */
  void knocked(double budget, double remains, double over, @Nullable Estimate estimate) {
    clients++;
    servable += remains <= budget ? 1 : 0;
    brief.knocked(budget, remains, over);
    patient.knocked(budget, remains, over);
    if (estimate == null) {
      unknown++;
    } else if (Double.isFinite(remains)) {
      estimates++;
      covered += remains <= estimate.p95().toNanos() / 1e9 ? 1 : 0;
    }
  }

  void admitted(double waited) {
    estimated.admitted++;
    estimated.waited += waited;
  }

  void tooLong(double waited, boolean wrong) {
    tooLong++;
    wrongly += wrong ? 1 : 0;
    inVain(waited);
  }

  void inVain(double waited) {
    estimated.refused++;
    estimated.inVain += waited;
  }

  /** A client was refused and told when to come back, and will. */
  void told(double remains, double retryAfter) {
    if (!Double.isFinite(remains)) {
      return;
    }
    told++;
    if (remains <= retryAfter) {
      late.add(retryAfter - remains);
    }
  }

  double coveredShare() {
    return share(covered, estimates);
  }

  double unknownShare() {
    return share(unknown, clients);
  }

  /** Of those whose route opened within their budget. */
  double wronglyShare() {
    return share(wrongly, servable);
  }

  /** Of those that were refused as TOO_LONG. */
  double wronglyShareOfRefused() {
    return share(wrongly, tooLong);
  }

  double tooLongShare() {
    return share(tooLong, clients);
  }

  double backInTimeShare() {
    return share(late.size(), told);
  }

  /** How long after opening those that come back in time come back. */
  double meanLate() {
    return share(late.stream().mapToDouble(it -> it).sum(), late.size());
  }

  /** Which of them is no later than 95 in 100. */
  double mostlyLate() {
    int rank = (int) Math.ceil(0.95 * late.size()) - 1;
    return late.isEmpty()
        ? Double.NaN
        : late.stream().sorted().skip(rank).findFirst().orElseThrow();
  }

  double mostLate() {
    return late.stream().mapToDouble(it -> it).max().orElse(Double.NaN);
  }

  private static double share(double part, double all) {
    return all == 0 ? Double.NaN : part / all;
  }
}
