package dev.vestibule.bench.gateway;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A program under test, and how it is started. */
interface Program {

  /** As the tables say it. */
  String name();

  /** What it says that it is. */
  String version();

  /** Whether it keeps a handshake while nothing listens behind it. */
  boolean holds();

  /**
   * Writes what it must be told, and says how it is started.
   *
   * @param place an empty directory of its own
   * @param port where it listens, on loopback
   * @param upstream the port of the server behind, on loopback
   */
  Launch launch(Path place, int port, int upstream) throws IOException;

  /** A command that stays in the foreground, and what is added to its environment. */
  record Launch(List<String> command, Map<String, String> environment) {}
}
