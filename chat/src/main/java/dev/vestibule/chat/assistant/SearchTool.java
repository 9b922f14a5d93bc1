package dev.vestibule.chat.assistant;

import dev.vestibule.chat.conversation.Conversations;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Looks for words in the conversations of whoever asks. */
public final class SearchTool implements Tool {

  private static final int MOST = 8;
  private static final int EXCERPT = 120;
  private static final Pattern QUOTED =
      Pattern.compile("[\"\u201c\u201d]([^\"\u201c\u201d]{1,200})[\"\u201c\u201d]");
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Conversations conversations;
  private final Set<String> ownStems;

  /**
   * Searches the database.
   *
   * @param conversations everybody's; asked for the asker's alone
   */
  public SearchTool(Conversations conversations) {
    this.conversations = conversations;
    this.ownStems = Set.copyOf(new java.util.HashSet<>(Words.stemsOf(words())));
  }

  @Override
  public String name() {
    return "search_conversations";
  }

  @Override
  public String title() {
    return "Search your conversations";
  }

  @Override
  public String words() {
    return """
    search find found look conversation conversations chat chats history earlier before \
    previous previously said say wrote write written asked ask mentioned mention talked talk \
    discussed remember message messages last yesterday
    """;
  }

  @Override
  public String asksFor() {
    return "the few words to look for, all of which occur, or one phrase in double quotes";
  }

  @Override
  public Result use(Question question) {
    List<String> words = wanted(question.text());
    List<Conversations.Found> found =
        conversations.search(question.user(), words, question.message(), MOST);
    String wanted =
        words.isEmpty()
            ? "anything"
            : words.stream()
                .map(word -> "\u201c" + Markdown.escape(word) + "\u201d")
                .collect(Collectors.joining(" and "));
    if (found.isEmpty()) {
      return new Result(
          "nothing found", "I found nothing about " + wanted + " in your conversations.\n");
    }
    List<List<String>> rows =
        found.stream()
            .map(hit ->
                List.of(
                    WHEN.format(hit.at()),
                    hit.title(),
                    hit.role().equals("user") ? "you" : "guide",
                    excerpt(hit.text(), words)))
            .toList();
    String count = Markdown.count(rows.size(), "message", "messages");
    return new Result(
        count + (rows.size() == MOST ? ", the newest" : ""),
        "I looked for %s in your conversations, newest first:\n\n%s"
            .formatted(
                wanted, Markdown.table(List.of("when", "conversation", "who", "text"), rows)));
  }

  /** What is quoted; else what is left of the question without the words that ask for a search. */
  private List<String> wanted(String text) {
    Matcher quoted = QUOTED.matcher(text);
    if (quoted.find()) {
      return List.of(quoted.group(1).strip());
    }
    return Words.of(text).stream()
        .filter(word -> !ownStems.contains(Words.stem(word)))
        .distinct()
        .limit(6)
        .toList();
  }

  private static String excerpt(String text, List<String> words) {
    String line = text.replaceAll("\\s+", " ").strip();
    int at = words.isEmpty() ? 0 : line.toLowerCase(Locale.ROOT).indexOf(words.getFirst());
    int from = Math.max(0, Math.min(at - EXCERPT / 3, line.length() - EXCERPT));
    int to = Math.min(line.length(), from + EXCERPT);
    return (from > 0 ? "\u2026" : "")
        + line.substring(from, to)
        + (to < line.length() ? "\u2026" : "");
  }
}
