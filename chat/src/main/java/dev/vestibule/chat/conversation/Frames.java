package dev.vestibule.chat.conversation;

import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The frames of {@code docs/chat-protocol.md}: what the page says, read with suspicion, and what
 * the server says, written. Safe for use by many threads.
 */
public final class Frames {

  /** The largest frame that a page may send, in bytes; a larger one ends the session with 1009. */
  public static final int MOST_BYTES = 64 * 1024;

  /** The longest text of one message, in UTF-16 units. */
  public static final int MOST_TEXT = 16_000;

  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          // A parse error that quotes its input would carry a message into the log.
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  /** What a page's frame was understood as. */
  public sealed interface Read {}

  /**
   * A message.
   *
   * @param id made by the page; the same id is the same message
   * @param conversation where it belongs; null for a new conversation
   * @param text not blank, at most {@link #MOST_TEXT} long
   */
  public record Send(UUID id, @Nullable UUID conversation, String text) implements Read {}

  /**
   * Something else.
   *
   * @param id the frame's own id, if that much was understood
   * @param detail what was expected, for a person
   */
  public record Misunderstood(@Nullable String id, String detail) implements Read {}

  private Frames() {}

  /**
   * Reads a frame of the page.
   *
   * @param text as it came
   * @return what it means; never throws for bad input
   */
  public static Read read(String text) {
    JsonNode node;
    try {
      node = MAPPER.readTree(text);
    } catch (JacksonException e) {
      return new Misunderstood(null, "This frame is not JSON.");
    }
    if (!node.isObject()) {
      return new Misunderstood(null, "This frame is not a JSON object.");
    }
    String id = textAt(node, "id");
    if (id == null || !UUID_TEXT.matcher(id).matches()) {
      return new Misunderstood(null, "id: expected a UUID in lower case");
    }
    if (!"send".equals(textAt(node, "type"))) {
      return new Misunderstood(id, "type: expected \"send\"");
    }
    UUID conversation = null;
    if (node.hasNonNull("conversation")) {
      String named = textAt(node, "conversation");
      if (named == null || !UUID_TEXT.matcher(named).matches()) {
        return new Misunderstood(id, "conversation: expected a UUID in lower case, or null");
      }
      conversation = UUID.fromString(named);
    }
    String said = textAt(node, "text");
    if (said == null || said.isBlank()) {
      return new Misunderstood(id, "text: expected a message");
    }
    if (said.length() > MOST_TEXT) {
      return new Misunderstood(
          id, "text: %d characters (expected: at most %d)".formatted(said.length(), MOST_TEXT));
    }
    return new Send(UUID.fromString(id), conversation, said);
  }

  private static @Nullable String textAt(JsonNode node, String name) {
    JsonNode value = node.get(name);
    return value != null && value.isString() ? value.stringValue() : null;
  }

  // ---- What the server says. The records' components are the frames' members.

  private record Hello(String type, String user) {}

  private record Accepted(
      String type, UUID id, UUID conversation, String title, UUID message, UUID run) {}

  private record Event(
      String type,
      UUID conversation,
      UUID run,
      int seq,
      String event,
      Map<String, String> detail) {}

  private record Delta(String type, UUID conversation, UUID run, int seq, String text) {}

  private record Refusal(String type, @Nullable String id, String detail) {}

  static String hello(String user) {
    return write(new Hello("hello", user));
  }

  static String accepted(UUID id, Turn turn) {
    return write(
        new Accepted(
            "accepted", id, turn.conversation(), turn.title(), turn.question(), turn.run()));
  }

  static String event(Turn turn, int seq, String event, Map<String, String> detail) {
    return write(new Event("event", turn.conversation(), turn.run(), seq, event, detail));
  }

  static String delta(Turn turn, int seq, String text) {
    return write(new Delta("delta", turn.conversation(), turn.run(), seq, text));
  }

  /**
   * Says that a frame was not taken.
   *
   * @param id the frame's, or null
   * @param detail for a person
   * @return the frame
   */
  public static String error(@Nullable String id, String detail) {
    return write(new Refusal("error", id, detail));
  }

  private static String write(Object frame) {
    return MAPPER.writeValueAsString(frame);
  }
}
