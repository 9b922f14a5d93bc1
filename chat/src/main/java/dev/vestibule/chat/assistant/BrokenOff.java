package dev.vestibule.chat.assistant;

/** An answer that ends before its end, for a reason that whoever reads it can be told. */
public final class BrokenOff extends Exception {

  /**
   * Says why.
   *
   * @param sentence Markdown, put behind what there is of the answer
   */
  public BrokenOff(String sentence) {
    super(sentence, null, false, false);
  }

  /**
   * Why.
   *
   * @return Markdown
   */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
