package dev.vestibule.chat.assistant;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of the built-in documentation.
 *
 * @param title its heading
 * @param words what questions about it are likely to say
 * @param text Markdown
 */
public record Topic(String title, String words, String text) {

  private static final String HEADING = "## ";
  private static final String WORDS = "words: ";

  /**
   * Reads the documentation that comes with the program.
   *
   * @return every topic
   * @throws IOException when it is not there
   */
  public static List<Topic> builtIn() throws IOException {
    try (InputStream in = Topic.class.getResourceAsStream("/guide.md")) {
      if (in == null) {
        throw new IOException("guide.md: missing (expected: on the class path)");
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  static List<Topic> parse(String text) {
    List<Topic> topics = new ArrayList<>();
    int at = text.indexOf(HEADING);
    while (at >= 0) {
      int next = text.indexOf("\n" + HEADING, at);
      topics.add(one(text.substring(at, next < 0 ? text.length() : next)));
      at = next < 0 ? -1 : next + 1;
    }
    return List.copyOf(topics);
  }

  private static Topic one(String part) {
    List<String> lines = part.lines().toList();
    String title = lines.getFirst().substring(HEADING.length()).strip();
    if (lines.size() < 3 || !lines.get(1).startsWith(WORDS)) {
      throw new IllegalArgumentException(
          "topic: %s (expected: a line with its words, then its text)".formatted(title));
    }
    String words = lines.get(1).substring(WORDS.length()).strip();
    return new Topic(title, words, String.join("\n", lines.subList(2, lines.size())).strip());
  }
}
