package dev.vestibule.bench.crowd;

import dev.vestibule.bench.Conversation;
import java.io.IOException;

/** A {@link CrowdServer} in a process of its own, which has just started. */
final class ColdServer implements Crowded {

  private final Conversation process;
  private final int port;

  private ColdServer(Conversation process) throws IOException {
    this.process = process;
    this.port = Integer.parseInt(process.hear()[1]);
  }

  static ColdServer start(boolean gated, int crowd) throws IOException {
    return new ColdServer(
        Conversation.with(CrowdServer.class, gated ? "gated" : "bare", Integer.toString(crowd)));
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void awaitConnections(int count) throws IOException {
    process.ask("connections");
  }

  @Override
  public void awaitWaiting(int count) throws IOException {
    process.ask("waiting");
  }

  @Override
  public long open() throws IOException {
    return Long.parseLong(process.ask("open")[1]);
  }

  @Override
  public void close() {
    process.close();
  }
}
