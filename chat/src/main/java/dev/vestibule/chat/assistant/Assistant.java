package dev.vestibule.chat.assistant;

/** Who answers. Safe for use by many threads. */
@FunctionalInterface
public interface Assistant {

  /**
   * Answers a question, telling the listener as it goes: thinking, tools in pairs, then the answer.
   *
   * @param question what was asked, by whom
   * @param listener told by the calling thread alone
   * @throws BrokenOff when the answer cannot be ended, for a reason that can be told
   * @throws Exception when the answer cannot be given or ended; what was told so far stands
   */
  void answer(Question question, AnswerListener listener) throws Exception;

  /**
   * Tells apart who answered, in figures.
   *
   * @return one lower-case word, always the same
   */
  default String name() {
    return "assistant";
  }
}
