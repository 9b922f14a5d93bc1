package dev.vestibule.bench.crowd;

/** A server that a crowd comes to. */
interface Crowded extends AutoCloseable {

  /** Where it listens. */
  int port();

  /** Blocks until so many are connected. */
  void awaitConnections(int count) throws Exception;

  /** Blocks until so many wait. */
  void awaitWaiting(int count) throws Exception;

  /** Opens the gate. Returns when, on the machine's monotonic clock in nanoseconds. */
  long open() throws Exception;

  @Override
  void close();
}
