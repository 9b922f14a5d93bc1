package dev.vestibule.chat;

import java.io.Console;
import org.jspecify.annotations.Nullable;

/** Whether somebody sits in front of this process. */
final class Terminal {

  private Terminal() {}

  /** The terminal, or null when input or output is something else. */
  // Which of the two a JDK does without a terminal has changed more than once.
  @SuppressWarnings("SystemConsoleNull")
  static @Nullable Console console() {
    Console console = System.console();
    return console != null && console.isTerminal() ? console : null;
  }
}
