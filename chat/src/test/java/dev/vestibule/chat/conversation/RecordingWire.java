package dev.vestibule.chat.conversation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A page that writes down what it is sent, or reads nothing at all. */
final class RecordingWire implements Wire {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  final List<JsonNode> frames = new ArrayList<>();
  final List<Integer> closes = new ArrayList<>();
  private final boolean reads;

  RecordingWire(boolean reads) {
    this.reads = reads;
  }

  @Override
  public void send(String text, Consumer<@Nullable Throwable> done) {
    frames.add(MAPPER.readTree(text));
    if (reads) {
      done.accept(null);
    }
  }

  @Override
  public void ping() {}

  @Override
  public void close(int code, String reason) {
    closes.add(code);
  }

  List<String> types() {
    return frames.stream()
        .map(frame ->
            frame.has("event") ? frame.get("event").stringValue() : frame.get("type").stringValue())
        .toList();
  }

  JsonNode first(String type) {
    return frames.get(types().indexOf(type));
  }
}
