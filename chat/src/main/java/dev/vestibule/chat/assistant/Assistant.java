package dev.vestibule.chat.assistant;

/** Who answers. Safe for use by many threads. */
public interface Assistant {

  /**
   * Answers a question, telling the listener as it goes: thinking, tools in pairs, then the answer.
   *
   * @param question what was asked, by whom
   * @param listener told by the calling thread alone
   * @throws Exception when the answer cannot be given or ended; what was told so far stands
   */
  void answer(Question question, AnswerListener listener) throws Exception;
}
