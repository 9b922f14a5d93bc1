package dev.vestibule.chat.assistant;

import dev.vestibule.chat.phases.Slowdown;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The assistant that is built in: no model, no network. It finds out which of its tools a question
 * is for, uses them, and answers with what they return. Safe for use by many threads once {@link
 * #run} has returned.
 *
 * <h2>How it decides</h2>
 *
 * <p>Each tool comes with words that questions for it are likely to use, and the documentation with
 * those of each topic. The question is scored against all of them ({@link Index}); the best one's
 * tool is used, and a second one if it fits almost as well. A question that fits nothing is still
 * looked up in the documentation, and the answer says so when nothing is found.
 */
public final class Guide implements Assistant {

  // Below this share of the best score a second tool would answer another question.
  private static final double ALMOST = 0.8;
  private static final int MOST_TOOLS = 2;
  private static final Pattern PORTION = Pattern.compile("\\S+\\s*|\\s+");

  private static final String KNOWN_QUESTION = "How long did each startup phase take?";
  private static final String KNOWN_TOOL = "startup_timeline";
  private static final String NOBODY = "-";

  private static final String SIGNATURE =
      "\n*I am the built-in guide: offline, without a language model. What I say comes from the"
          + " tools above.*\n";

  private final List<Tool> tools;
  private volatile Index<Tool> intents = new Index<>();
  private volatile DocumentationTool documentation = new DocumentationTool(List.of());

  /**
   * Takes what it can use beside its documentation.
   *
   * @param tools at least the startup timeline, which it proves itself with
   */
  public Guide(List<Tool> tools) {
    this.tools = List.copyOf(tools);
  }

  /**
   * Phase {@code services}: makes the index, tries every tool, and answers a question whose answer
   * can be told to be right.
   *
   * @param slowdown how slowly
   * @throws Exception when the documentation is missing, a tool fails, or the answer is wrong
   */
  public void run(Slowdown slowdown) throws Exception {
    List<Topic> topics = Topic.builtIn();
    Slowdown.Course course = slowdown.begin(topics.size() + tools.size() + 2);
    DocumentationTool made = new DocumentationTool(topics);
    course.portion();
    Index<Tool> index = new Index<>();
    for (String subject : made.subjects()) {
      index.add(made, subject);
      course.portion();
    }
    for (Tool tool : tools) {
      index.add(tool, tool.words());
      tool.use(new Question(NOBODY, new UUID(0, 0), KNOWN_QUESTION));
      course.portion();
    }
    documentation = made;
    intents = index;
    proveItself();
    course.portion();
  }

  private void proveItself() throws IOException {
    List<String> used = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    answer(
        new Question(NOBODY, new UUID(0, 0), KNOWN_QUESTION),
        new AnswerListener() {
          @Override
          public void thinking(String detail) {}

          @Override
          public void toolExecuting(String tool, String title) {}

          @Override
          public void toolCompleted(String tool, String title, String result) {
            used.add(tool);
          }

          @Override
          public void delta(String more) {
            text.append(more);
          }
        });
    if (!used.contains(KNOWN_TOOL) || text.indexOf("| services | running |") < 0) {
      throw new IOException(
          "the guide's own question used %s (expected: %s, and its own phase in the answer)"
              .formatted(used, KNOWN_TOOL));
    }
  }

  @Override
  public String name() {
    return "guide";
  }

  /**
   * What it can use, for whoever answers in its place.
   *
   * @return its tools, and its documentation, which is empty until {@link #run} has returned
   */
  public List<Tool> tools() {
    List<Tool> all = new ArrayList<>(tools);
    all.add(documentation);
    return List.copyOf(all);
  }

  @Override
  public void answer(Question question, AnswerListener listener) {
    List<Tool> chosen = choose(question.text());
    listener.thinking("Which of %d tools can answer this".formatted(tools.size() + 1));
    StringBuilder answer = new StringBuilder();
    for (Tool tool : chosen) {
      if (!answer.isEmpty()) {
        answer.append('\n');
      }
      answer.append(use(tool, question, listener));
    }
    answer.append(SIGNATURE);
    Matcher portion = PORTION.matcher(answer);
    while (portion.find()) {
      listener.delta(portion.group());
    }
  }

  private static String use(Tool tool, Question question, AnswerListener listener) {
    listener.toolExecuting(tool.name(), tool.title());
    try {
      Tool.Result result = tool.use(question);
      listener.toolCompleted(tool.name(), tool.title(), result.line());
      return result.markdown();
    } catch (Exception e) {
      System.getLogger(Guide.class.getName())
          .log(System.Logger.Level.WARNING, "tool " + tool.name() + " failed", e);
      listener.toolCompleted(tool.name(), tool.title(), "failed");
      return "I could not "
          + lowerFirst(tool.title())
          + ": it failed just now. Please ask again.\n";
    }
  }

  private static String lowerFirst(String title) {
    return Character.toLowerCase(title.charAt(0)) + title.substring(1);
  }

  /** The tools that a question is for, best first; never none. */
  List<Tool> choose(String question) {
    Map<Tool, Double> best = new LinkedHashMap<>();
    intents.find(question).forEach(match -> best.putIfAbsent(match.value(), match.score()));
    if (best.isEmpty()) {
      return List.of(documentation);
    }
    double first = best.values().iterator().next();
    return best.entrySet().stream()
        .filter(entry -> entry.getValue() >= ALMOST * first)
        .limit(MOST_TOOLS)
        .map(Map.Entry::getKey)
        .toList();
  }
}
