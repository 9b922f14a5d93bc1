package dev.vestibule.gateway.http;

import java.util.regex.Pattern;

/** Hosts and ports as {@code Host} has them (RFC 9110 section 7.2). */
final class Authority {

  /** A name (RFC 3986's reg-name), or an address in brackets; a port. Empty is allowed there. */
  private static final Pattern HOST =
      Pattern.compile(
          "(?:\\[[0-9A-Fa-f:.]+(?:%25[A-Za-z0-9._~-]+)?\\]|[A-Za-z0-9._~!$&'()*+;=%-]*)(?::\\d{0,5})?");

  private Authority() {}

  static boolean isHost(String text) {
    return HOST.matcher(text).matches();
  }
}
