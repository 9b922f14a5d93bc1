package dev.vestibule.gateway.admin;

/** Why a phase failed or is down, in its server's own words. Has no stack: nothing was thrown. */
final class Said extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Control characters are written out: this goes to logs and terminals. */
  Said(String words) {
    super(words.isEmpty() ? "its server said so" : Printable.of(words, false), null, false, false);
  }

  /** The words alone: the name of this class says nothing to whoever reads why something failed. */
  @Override
  @SuppressWarnings("OverrideThrowableToString")
  public String toString() {
    return String.valueOf(getMessage());
  }
}
