package dev.vestibule;

import java.net.InetAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one arrival fared. Tells more than strangers should know: it belongs in figures, the log and
 * the admin side.
 *
 * @param route the pattern of its route; {@code /**} for a path that no route takes
 * @param outcome whether it was let in
 * @param reason why it was refused; null unless it was
 * @param phase the phase that it waited for or failed on; null when there was none
 * @param client its address; null where it is not known
 * @param waited from the client's knock to the outcome
 * @param bound what limited its time
 * @param limit how long it would have waited at most
 */
public record WaitEnded(
    String route,
    Outcome outcome,
    @Nullable Reason reason,
    @Nullable String phase,
    @Nullable InetAddress client,
    Duration waited,
    Bound bound,
    Duration limit) {

  /** How a wait can end. */
  public enum Outcome {
    /** Let in. */
    ADMITTED,
    /** Not let in, for a reason. */
    REFUSED,
    /** The client went away first. */
    LEFT
  }
}
