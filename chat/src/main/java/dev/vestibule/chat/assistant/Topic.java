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
    for (String part : text.split("(?m)^(?=" + HEADING + ")")) {
      if (part.startsWith(HEADING)) {
        String[] lines = part.split("\n", 3);
        if (lines.length < 3 || !lines[1].startsWith(WORDS)) {
          throw new IllegalArgumentException(
              "topic: %s (expected: a line with its words, then its text)".formatted(lines[0]));
        }
        topics.add(
            new Topic(
                lines[0].substring(HEADING.length()).strip(),
                lines[1].substring(WORDS.length()).strip(),
                lines[2].strip()));
      }
    }
    return List.copyOf(topics);
  }
}
