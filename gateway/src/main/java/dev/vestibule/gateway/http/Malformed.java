package dev.vestibule.gateway.http;

import dev.vestibule.Problem;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import org.jspecify.annotations.Nullable;

/** What is said of a request that the decoder could not read. */
final class Malformed {

  private Malformed() {}

  static Problem problem(@Nullable Throwable cause) {
    if (cause instanceof TooLongHttpHeaderException) {
      return Answers.of(431, "the headers are too long");
    }
    if (cause instanceof TooLongHttpLineException) {
      return Answers.of(414, "the request line is too long");
    }
    return Answers.of(400, "the request is not well formed");
  }
}
