package dev.vestibule.chat;

import dev.vestibule.Door;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where the process begins. */
public final class ChatMain {

  private ChatMain() {}

  /**
   * Opens the door, then reads the command line and does what it says. Exit codes: 0 after SIGTERM
   * or a command that worked; 1 when startup or a command failed; 2 when the command line is wrong.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    String logs = "java.util.logging.manager";
    if (System.getProperty(logs) == null) {
      // By name: a call of one of its methods would set the JDK's own logging up before.
      System.setProperty(logs, LastingLog.class.getName());
    }
    // First of all, before any class of the command line or of Spring is loaded.
    Door door = null;
    IOException closed = null;
    try {
      door = EarlyArguments.open(args);
    } catch (IOException e) {
      closed = e;
    }
    run(args, door, closed);
  }

  private static void run(String[] args, @Nullable Door door, @Nullable IOException closed) {
    int code = CommandLineOfChat.execute(args, door, closed);
    if (code != CommandLineOfChat.RUNNING) {
      if (door != null) {
        door.close();
      }
      System.exit(code);
    }
  }
}
