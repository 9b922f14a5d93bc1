package dev.vestibule.gateway.child;

/** Why the child is not there. Without a stack trace: where we noticed explains nothing. */
final class ChildFailure extends Exception {

  private static final long serialVersionUID = 1;

  ChildFailure(String message) {
    super(message, null, false, false);
  }

  static ChildFailure inARow(int times) {
    return new ChildFailure(times == 1 ? "it failed" : "it failed " + times + " times in a row");
  }
}
