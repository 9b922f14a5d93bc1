package dev.vestibule.gateway.admin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** Reads one object or a list of them, whose members are strings. The parser is loaded with it. */
final class PushReader {

  static final String PHASE = "phase";
  static final String STATE = "state";
  static final String UPSTREAM = "upstream";
  static final String CAUSE = "cause";
  private static final List<String> MEMBERS = List.of(PHASE, STATE, UPSTREAM, CAUSE);

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final JsonParser parser;
  private final PushMistakes mistakes;
  private final List<Map<String, String>> objects = new ArrayList<>();

  private PushReader(JsonParser parser, PushMistakes mistakes) {
    this.parser = parser;
    this.mistakes = mistakes;
  }

  /** What could be read; what could not is among the mistakes. */
  static List<Map<String, String>> read(byte[] body, PushMistakes mistakes) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
      return new PushReader(parser, mistakes).read();
    } catch (JacksonException e) {
      // The message may show what was sent, to whoever sent it.
      mistakes.add("body", e.getOriginalMessage(), "JSON");
      return List.of();
    }
  }

  private List<Map<String, String>> read() {
    JsonToken first = parser.nextToken();
    if (first == JsonToken.START_ARRAY) {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        element();
      }
      if (objects.isEmpty() && mistakes.isEmpty()) {
        mistakes.add("body", "[]", "one or more objects");
      }
    } else if (first == null) {
      mistakes.add("body", "empty", "an object, or a list of objects");
    } else {
      element();
    }
    if (first != null && parser.nextToken() != null) {
      mistakes.add("body", "more than one value", "an object, or a list of objects");
    }
    return objects;
  }

  private void element() {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      mistakes.add("body", parser.getString(), "an object, or a list of objects");
      parser.skipChildren();
      return;
    }
    Map<String, String> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (!MEMBERS.contains(name)) {
        mistakes.add(name, "unknown", "one of " + MEMBERS);
      } else if (value != JsonToken.VALUE_STRING) {
        mistakes.add(name, parser.getString(), "a string");
        // So that it is not called missing as well.
        members.put(name, parser.getString());
      } else {
        members.put(name, parser.getString());
      }
      parser.skipChildren();
    }
    objects.add(members);
  }
}
