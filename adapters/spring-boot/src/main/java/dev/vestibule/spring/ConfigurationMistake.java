package dev.vestibule.spring;

import java.util.List;
import org.springframework.boot.ExitCodeGenerator;

/** Something in the configuration is wrong, and a person can put it right: exit code 2. */
final class ConfigurationMistake extends RuntimeException implements ExitCodeGenerator {

  static final int EXIT_CODE = 2;

  private volatile boolean reported;

  ConfigurationMistake(List<String> mistakes) {
    // Without a stack trace: the mistake is not in the code.
    super(String.join("\n", mistakes), null, false, false);
  }

  /** Whether a person has been told already. */
  boolean isReported() {
    return reported;
  }

  void reported() {
    reported = true;
  }

  @Override
  public int getExitCode() {
    return EXIT_CODE;
  }
}
