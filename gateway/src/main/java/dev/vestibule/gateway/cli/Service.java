package dev.vestibule.gateway.cli;

import dev.vestibule.Door;
import org.jspecify.annotations.Nullable;

/** The life of a process that serves. */
final class Service {
  private Service() {}

  static int begin(Serving.Read.Serve read, @Nullable Door door) {
    return 1;
  }
}
