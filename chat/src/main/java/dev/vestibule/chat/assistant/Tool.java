package dev.vestibule.chat.assistant;

import org.jspecify.annotations.Nullable;

/** Something that can be looked up, by the guide or by a model. Safe for use by many threads. */
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
   * What a model has to say to use it; it becomes the question's text.
   *
   * @return in words for the model; null when the tool needs nothing
   */
  default @Nullable String asksFor() {
    return null;
  }

  /**
   * Uses it.
   *
   * @param question what was asked
   * @return what was found, which may be that there is nothing
   * @throws Exception when it could not look
   */
  Result use(Question question) throws Exception;
}
