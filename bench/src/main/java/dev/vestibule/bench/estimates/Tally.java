package dev.vestibule.bench.estimates;

import dev.vestibule.Estimate;
import org.jspecify.annotations.Nullable;

/** Counts what becomes of clients. Times in seconds. Used by one thread. */
final class Tally {

  /** What a gate that holds everybody for a while would have done for the same clients. */
  static final class Hold {
    final double atMost;
    long admitted;
    long refused;
    double waited;
    double inVain;

    Hold(double atMost) {
      this.atMost = atMost;
    }

    private void knocked(double budget, double remains) {
      double patience = Math.min(budget, atMost);
      if (remains <= patience) {
        admitted++;
        waited += remains;
      } else {
        refused++;
        inVain += patience;
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

  long clients;
  private long estimates;
  private long covered;
  private long unknown;
  private long servable;
  private long tooLong;
  private long wrongly;
  private long told;
  private long backInTime;
  private double late;

  void knocked(double budget, double remains, @Nullable Estimate estimate) {
    clients++;
    brief.knocked(budget, remains);
    patient.knocked(budget, remains);
    if (estimate == null) {
      unknown++;
    } else if (Double.isFinite(remains)) {
      estimates++;
      covered += remains <= estimate.p95().toNanos() / 1e9 ? 1 : 0;
    }
  }

  void decided(double budget, double remains, boolean refused) {
    boolean inTime = remains <= budget;
    servable += inTime ? 1 : 0;
    if (refused) {
      tooLong++;
      wrongly += inTime ? 1 : 0;
      estimated.refused++;
    } else {
      estimated.knocked(budget, remains);
    }
  }

  /** A client was refused and told when to come back, and will. */
  void told(double remains, double retryAfter) {
    if (!Double.isFinite(remains)) {
      return;
    }
    told++;
    if (remains <= retryAfter) {
      backInTime++;
      late += retryAfter - remains;
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
    return share(backInTime, told);
  }

  /** How long after opening those that come back in time come back. */
  double meanLate() {
    return share(late, backInTime);
  }

  private static double share(double part, double all) {
    return all == 0 ? Double.NaN : part / all;
  }
}
