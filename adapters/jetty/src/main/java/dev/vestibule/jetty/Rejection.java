package dev.vestibule.jetty;

import java.util.Objects;

/**
 * Why a request is not even held.
 *
 * @param status an HTTP status from 400 to 499, such as 401 or 403
 * @param detail for a person, and seen by strangers
 */
public record Rejection(int status, String detail) {

  /**
   * Checks the status.
   *
   * @throws IllegalArgumentException when it is not one of the client's errors
   */
  public Rejection {
    if (status < 400 || status > 499) {
      throw new IllegalArgumentException("status: " + status + " (expected: 400 to 499)");
    }
    Objects.requireNonNull(detail, "detail");
  }
}
