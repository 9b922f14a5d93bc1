package dev.vestibule.chat.assistant;

/** Something that the guide can look up. Safe for use by many threads. */
public interface Tool {

  /**
   * What a tool found.
   *
   * @param line the result in one line
   * @param markdown the result for the answer
   */
  record Result(String line, String markdown) {}

  /**
   * Names it in events.
   *
   * @return lower case, with underscores
   */
  String name();

  /**
   * What it does.
   *
   * @return a few words for a person
   */
  String title();

  /**
   * What it is good for.
   *
   * @return words that questions for it are likely to use
   */
  String words();

  /**
   * Uses it.
   *
   * @param question what was asked
   * @return what was found, which may be that there is nothing
   * @throws Exception when it could not look
   */
  Result use(Question question) throws Exception;
}
