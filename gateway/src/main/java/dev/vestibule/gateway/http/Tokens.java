package dev.vestibule.gateway.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;

/** Header values that are lists of tokens with commas between them (RFC 9110 section 5.6.1). */
final class Tokens {

  private Tokens() {}

  /** The tokens of all headers of a name, in order, as they were written; empty ones left out. */
  static List<String> of(HttpHeaders headers, CharSequence name) {
    List<String> values = headers.getAll(name);
    if (values.isEmpty()) {
      return List.of();
    }
    List<String> tokens = new ArrayList<>();
    for (String value : values) {
      addAll(value, tokens);
    }
    return tokens;
  }

  static List<String> split(String value) {
    List<String> tokens = new ArrayList<>();
    addAll(value, tokens);
    return tokens;
  }

  private static void addAll(String value, List<String> tokens) {
    int at = 0;
    while (at <= value.length()) {
      int comma = value.indexOf(',', at);
      int end = comma < 0 ? value.length() : comma;
      String token = value.substring(at, end).strip();
      if (!token.isEmpty()) {
        tokens.add(token);
      }
      at = end + 1;
    }
  }
}
