package dev.vestibule.chat.assistant;

import java.util.List;
import java.util.stream.Collectors;

/** Looks a question up in the documentation that is built in. */
public final class DocumentationTool implements Tool {

  // A second topic is worth reading only if it fits almost as well as the first.
  private static final double ALMOST = 0.75;

  private final Index<Topic> topics = new Index<>();
  private final List<Topic> all;

  /**
   * Makes an index of topics.
   *
   * @param all every topic
   */
  public DocumentationTool(List<Topic> all) {
    this.all = List.copyOf(all);
    // The title and the words say what a topic is about; its text only mentions things.
    this.all.forEach(topic ->
        topics.add(topic, (topic.title() + " " + topic.words() + " ").repeat(3) + topic.text()));
  }

  @Override
  public String name() {
    return "read_documentation";
  }

  @Override
  public String title() {
    return "Look it up in the documentation";
  }

  @Override
  public String words() {
    return String.join(" ", subjects());
  }

  /** What each topic is about, for whoever decides which tool a question is for. */
  List<String> subjects() {
    return all.stream().map(topic -> topic.title() + " " + topic.words()).toList();
  }

  @Override
  public String asksFor() {
    return "what to look up about Vestibule, in a few words";
  }

  @Override
  public Result use(Question question) {
    List<Index.Match<Topic>> found = topics.find(question.text());
    if (found.isEmpty()) {
      return new Result(
          "no topic fits",
          "The documentation that I have says nothing about this.\n\n" + contents());
    }
    List<Topic> chosen =
        found.stream()
            .filter(match -> match.score() >= ALMOST * found.getFirst().score())
            .limit(2)
            .map(Index.Match::value)
            .toList();
    String text =
        chosen.stream()
            .map(topic -> "### " + topic.title() + "\n\n" + topic.text().strip() + "\n")
            .collect(Collectors.joining("\n"));
    return new Result(chosen.stream().map(Topic::title).collect(Collectors.joining("; ")), text);
  }

  private String contents() {
    return "I can tell you about:\n\n"
        + all.stream().map(topic -> "- " + topic.title() + "\n").collect(Collectors.joining());
  }
}
