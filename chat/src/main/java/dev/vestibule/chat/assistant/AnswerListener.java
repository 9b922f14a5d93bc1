package dev.vestibule.chat.assistant;

/** Hears an answer as it is made. */
public interface AnswerListener {

  /**
   * The question has been read.
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
}
