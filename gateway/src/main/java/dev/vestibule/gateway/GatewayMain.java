package dev.vestibule.gateway;

import dev.vestibule.Door;
import dev.vestibule.gateway.cli.EarlyArguments;
import dev.vestibule.gateway.cli.LastingLog;
import dev.vestibule.gateway.cli.Serving;
import java.io.IOException;

/** Where the process begins. */
public final class GatewayMain {

  private GatewayMain() {}

  /**
   * Opens the door, then reads the command line and does what it says. Exit codes: that of the
   * server for {@code run}; 0 after SIGTERM, or after {@code --check} found nothing wrong; 1 when
   * the gateway could not be opened; 2 when the command line or the file is wrong.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    // First of all, before any class of the command line or of Netty is loaded.
    Door door = null;
    IOException closed = null;
    try {
      door = EarlyArguments.open(args);
    } catch (IOException e) {
      closed = e;
    }
    String logs = "java.util.logging.manager";
    if (System.getProperty(logs) == null) {
      // By name: a call of one of its methods would set the JDK's own logging up before.
      System.setProperty(logs, LastingLog.class.getName());
    }
    int code = Serving.main(args, door, closed);
    if (code != Serving.RUNNING) {
      if (door != null) {
        door.close();
      }
      System.exit(code);
    }
  }
}
