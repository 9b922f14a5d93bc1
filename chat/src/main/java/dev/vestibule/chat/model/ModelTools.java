package dev.vestibule.chat.model;

import dev.vestibule.chat.assistant.AnswerListener;
import dev.vestibule.chat.assistant.Question;
import dev.vestibule.chat.assistant.Tool;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Uses the tools that a model asks for, as whoever asked the model. Used by one thread. */
final class ModelTools {

  /** The one argument that a tool may have. */
  static final String QUERY = "query";

  private static final int MOST_CALLS = 8;
  private static final int MOST_TEXT = 16_000;
  private static final JsonMapper MAPPER = new JsonMapper();

  private final List<Tool> tools;
  private final Question question;
  private final AnswerListener listener;

  ModelTools(List<Tool> tools, Question question, AnswerListener listener) {
    this.tools = tools;
    this.question = question;
    this.listener = listener;
  }

  List<Tool> all() {
    return tools;
  }

  /** Uses them, one after the other; a result for each, whatever the model wrote. */
  Said.Found use(List<Said.Call> calls) {
    List<Said.Result> results = new ArrayList<>();
    for (Said.Call call : calls) {
      String text =
          results.size() < MOST_CALLS
              ? use(call)
              : "Not done: at most %d tools at once.".formatted(MOST_CALLS);
      results.add(new Said.Result(call, text));
    }
    return new Said.Found(results);
  }

  private String use(Said.Call call) {
    Tool tool =
        tools.stream().filter(each -> each.name().equals(call.tool())).findFirst().orElse(null);
    if (tool == null) {
      return "There is no such tool.";
    }
    String query = tool.asksFor() == null ? "" : query(call.arguments());
    if (query == null) {
      return "These arguments were not understood. Expected: {\"" + QUERY + "\": \"...\"}";
    }
    listener.toolExecuting(tool.name(), tool.title());
    try {
      Tool.Result result = tool.use(new Question(question.user(), question.message(), query));
      listener.toolCompleted(tool.name(), tool.title(), result.line());
      String text = result.markdown();
      return text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT) + "\n(cut off here)";
    } catch (Exception e) {
      System.getLogger(ModelTools.class.getName())
          .log(System.Logger.Level.WARNING, "tool " + tool.name() + " failed", e);
      listener.toolCompleted(tool.name(), tool.title(), "failed");
      return "This tool failed just now.";
    }
  }

  private static @Nullable String query(String arguments) {
    try {
      JsonNode query = MAPPER.readTree(arguments).path(QUERY);
      return query.isString() ? query.stringValue() : null;
    } catch (JacksonException e) {
      return null;
    }
  }
}
