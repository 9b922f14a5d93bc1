package dev.vestibule.chat.phases;

import static java.lang.System.Logger.Level.INFO;

import dev.vestibule.chat.conversation.Conversations;
import dev.vestibule.chat.signin.Revocations;

/**
 * Phase {@code cache}: reads what every admission and the first search need into memory. The server
 * can do without: admissions ask the database then, and the first search is slower.
 */
public final class WarmUp {

  // About as many as fit into the database's own cache.
  private static final int MESSAGES = 2_000;

  private final Revocations revocations;
  private final Conversations conversations;

  /**
   * Names what is read.
   *
   * @param revocations needed at admission
   * @param conversations needed by the search
   */
  public WarmUp(Revocations revocations, Conversations conversations) {
    this.revocations = revocations;
    this.conversations = conversations;
  }

  /**
   * Does the phase's work.
   *
   * @param slowdown how slowly
   * @throws InterruptedException when the phase is given up
   */
  public void run(Slowdown slowdown) throws InterruptedException {
    Slowdown.Course course = slowdown.begin(2);
    int revoked = revocations.warm();
    course.portion();
    int messages = conversations.warm(MESSAGES);
    course.portion();
    System.getLogger(WarmUp.class.getName())
        .log(INFO, "cache: {0} revocations, {1} messages", revoked, messages);
  }
}
