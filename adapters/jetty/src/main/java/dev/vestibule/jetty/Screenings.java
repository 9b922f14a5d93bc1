package dev.vestibule.jetty;

import java.util.Set;

/** Screenings that many need. */
public final class Screenings {

  private Screenings() {}

  /**
   * Lets in the pages of these origins, and clients that send no Origin: those are not browsers,
   * and a program can write into the header what it likes. Others are rejected with 403.
   *
   * @param exact origins as a browser sends them, RFC 6454 section 6.2: scheme, host and a port
   *     unless it is the scheme's own, such as {@code https://chat.example} or {@code
   *     http://localhost:3000}; the case of letters does not matter
   * @return a screening
   * @throws IllegalArgumentException naming an origin that no browser sends
   */
  public static Screening origins(Set<String> exact) {
    return new Origins(exact, false);
  }

  /**
   * As {@link #origins}, but a client without an Origin is rejected too: for pages alone.
   *
   * @param exact origins as a browser sends them
   * @return a screening
   * @throws IllegalArgumentException naming an origin that no browser sends
   */
  public static Screening originsOnly(Set<String> exact) {
    return new Origins(exact, true);
  }

  /**
   * Asks several screenings, in order.
   *
   * @param screenings the first that rejects decides
   * @return a screening
   */
  public static Screening all(Screening... screenings) {
    Screening[] ordered = screenings.clone();
    return request -> {
      for (Screening screening : ordered) {
        Rejection rejection = screening.screen(request);
        if (rejection != null) {
          return rejection;
        }
      }
      return null;
    };
  }
}
