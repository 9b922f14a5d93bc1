package dev.vestibule.chat.phases;

import static java.lang.System.Logger.Level.INFO;

import dev.vestibule.chat.signin.Passwords;
import dev.vestibule.chat.signin.Revocations;

/** Phase {@code finalize}: throws away what has become pointless. */
public final class Housekeeping {

  private final Passwords passwords;
  private final Revocations revocations;

  /**
   * Names what is cleaned.
   *
   * @param passwords whose old attempts go
   * @param revocations whose expired entries go
   */
  public Housekeeping(Passwords passwords, Revocations revocations) {
    this.passwords = passwords;
    this.revocations = revocations;
  }

  /**
   * Does the phase's work.
   *
   * @param slowdown how slowly
   * @throws InterruptedException when the phase is given up
   */
  public void run(Slowdown slowdown) throws InterruptedException {
    Slowdown.Course course = slowdown.begin(2);
    int attempts = passwords.forgetExpired();
    course.portion();
    int revoked = revocations.forgetExpired();
    course.portion();
    if (attempts + revoked > 0) {
      System.getLogger(Housekeeping.class.getName())
          .log(INFO, "forgot {0} sign-in attempts, {1} revocations", attempts, revoked);
    }
  }
}
