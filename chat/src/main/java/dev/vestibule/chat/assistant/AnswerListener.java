package dev.vestibule.chat.assistant;

/** Hears an answer as it is made. */
public interface AnswerListener {

  /**
   * Another than the assistant that was asked answers from here on.
   *
   * @param assistant its {@link Assistant#name()}
   */
  default void answering(String assistant) {}

  /**
   * Says how to end the answer once nobody wants it any more. An assistant that waits for something
   * else calls this before it waits.
   *
   * @param stop told once, by any thread, at once if nobody wants the answer already; must not
   *     block
   */
  default void onStop(Runnable stop) {}

  /**
   * The question has been read, or there is something new to say of it.
   *
   * @param detail what is being thought about, one line
   */
  void thinking(String detail);

  /**
   * A tool is about to be used.
   *
   * @param tool its name
   * @param title what it does, for a person
   */
  void toolExecuting(String tool, String title);

  /**
   * The tool has been used.
   *
   * @param tool its name
   * @param title what it did, for a person
   * @param result what came of it, one line
   */
  void toolCompleted(String tool, String title, String result);

  /**
   * More of the answer.
   *
   * @param text Markdown, to be put behind what came before
   */
  void delta(String text);

  /**
   * Hears everything and does nothing.
   *
   * @return a new one
   */
  static AnswerListener silent() {
    return new AnswerListener() {
      @Override
      public void thinking(String detail) {}

      @Override
      public void toolExecuting(String tool, String title) {}

      @Override
      public void toolCompleted(String tool, String title, String result) {}

      @Override
      public void delta(String text) {}
    };
  }
}
