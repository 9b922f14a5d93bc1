package dev.vestibule.e2e;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A client library as it is when nothing is configured but the address and one subprotocol. */
interface Caller {

  String SUBPROTOCOL = "chat.v1";
  String MESSAGE = "hello";

  /**
   * Asks for one session, says hello once it has it, and tells what a program is told. May block.
   */
  void call(URI uri, Ears ears) throws Exception;

  /** Any class of the library. */
  Class<?> library();

  /** Whom a program hears by. */
  interface Ears {
    void saw(String what);

    /** It hears no more of this attempt. */
    void end(String what);
  }

  /** An exception and what it wraps, in its own words. */
  static String words(@Nullable Throwable failure) {
    StringBuilder words = new StringBuilder();
    Throwable t = failure;
    for (int depth = 0; t != null && depth < 3; depth++) {
      if (depth > 0) {
        words.append(", caused by ");
      }
      words.append(t.getClass().getSimpleName());
      String message = t.getMessage();
      Throwable cause = t.getCause();
      // Many only repeat what they wrap.
      boolean repeats = cause != null && cause.toString().equals(message);
      if (message != null && !message.isBlank() && !repeats) {
        words.append(": ").append(message.strip());
      }
      t = cause;
    }
    return words.toString();
  }

  static String response(int status, @Nullable String retryAfter, String body) {
    String reason =
        body.contains("\"reason\":") ? body.replaceAll(".*\"reason\":\"(\\w+)\".*", "$1") : "";
    return "; with the response: "
        + status
        + (retryAfter == null ? "" : ", Retry-After " + retryAfter)
        + (reason.isEmpty() ? "" : ", problem " + reason);
  }

  static String close(int code, @Nullable String reason) {
    return "close " + code + (reason == null || reason.isEmpty() ? "" : " \"" + reason + "\"");
  }
}
