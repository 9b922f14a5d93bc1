package dev.vestibule.gateway.config;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * YAML as far as settings need it: maps, lists and texts, each with the line that it begins in.
 * Made from the parser's events one by one, so that what is too deep or an alias is refused where
 * it begins and nothing is ever unfolded; scalars stay as they were written, since who reads one
 * knows what it should be.
 */
final class Yaml {

  /** More than the deepest that settings have, which is 4. */
  static final int DEEPEST = 8;

  /** What a text holds. */
  sealed interface Node {
    /** Its line, from 1. */
    int line();
  }

  record Text(int line, String value) implements Node {}

  record Items(int line, List<Node> items) implements Node {}

  record Entries(int line, Map<String, Entry> entries) implements Node {}

  /** A value with the line of its key. */
  record Entry(int line, Node value) {}

  private final String file;
  private final Mistakes mistakes;
  private final Iterator<Event> events;

  private Yaml(String file, String text, Mistakes mistakes) {
    this.file = file;
    this.mistakes = mistakes;
    LoadSettings settings =
        LoadSettings.builder().setLabel(file).setCodePointLimit(text.length() + 1).build();
    this.events = new Parse(settings).parseString(text).iterator();
  }

  /** The one document of a text; null when there is none, or what is wrong was added. */
  static @Nullable Node parse(String file, String text, Mistakes mistakes) {
    try {
      return new Yaml(file, text, mistakes).document();
    } catch (Refusal e) {
      mistakes.add(String.valueOf(e.getMessage()));
    } catch (MarkedYamlEngineException e) {
      mistakes.add(
          at(file, line(e.getProblemMark().orElse(null)))
              + Mistakes.shown(e.getProblem())
              + " (expected: YAML)");
    } catch (YamlEngineException e) {
      // Of characters that YAML does not allow: it knows where, but tells no line.
      mistakes.add(
          file + ": " + Mistakes.shown(String.valueOf(e.getMessage())) + " (expected: YAML)");
    }
    return null;
  }

  private @Nullable Node document() {
    events.next(); // the stream begins
    Event begin = events.next();
    if (begin.getEventId() == Event.ID.StreamEnd) {
      return null;
    }
    Node root = node(events.next(), 0);
    events.next(); // the document ends
    Event next = events.next();
    if (next.getEventId() != Event.ID.StreamEnd) {
      throw new Refusal(next, "a second document", "one");
    }
    return root;
  }

  private Node node(Event event, int depth) {
    if (event instanceof NodeEvent node && !(node instanceof AliasEvent)) {
      node.getAnchor()
          .ifPresent(anchor -> {
            throw new Refusal(node, "&" + anchor, "no anchors");
          });
    }
    return switch (event) {
      case AliasEvent alias -> throw new Refusal(alias, "*" + alias.getAlias(), "no aliases");
      case ScalarEvent scalar -> {
        refuseTag(scalar, scalar.getTag().orElse(null));
        yield new Text(line(scalar), scalar.getValue());
      }
      case CollectionStartEvent start -> collection(start, depth);
      default -> throw new Refusal(event, String.valueOf(event.getEventId()), "a value");
    };
  }

  private Node collection(CollectionStartEvent start, int depth) {
    refuseTag(start, start.getTag().orElse(null));
    if (depth == DEEPEST) {
      throw new Refusal(start, "nested " + (depth + 1) + " deep", "<= " + DEEPEST);
    }
    return start instanceof SequenceStartEvent sequence
        ? items(sequence, depth)
        : entries((MappingStartEvent) start, depth);
  }

  private Items items(SequenceStartEvent start, int depth) {
    List<Node> items = new ArrayList<>();
    for (Event next = events.next();
        next.getEventId() != Event.ID.SequenceEnd;
        next = events.next()) {
      items.add(node(next, depth + 1));
    }
    return new Items(line(start), items);
  }

  private Entries entries(MappingStartEvent start, int depth) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (Event next = events.next();
        next.getEventId() != Event.ID.MappingEnd;
        next = events.next()) {
      if (!(node(next, depth + 1) instanceof Text key)) {
        throw new Refusal(next, "a list or map as a key", "a name");
      }
      Entry entry = new Entry(key.line(), node(events.next(), depth + 1));
      Entry before = entries.putIfAbsent(key.value(), entry);
      if (before != null) {
        mistakes.add(
            at(file, key.line()) + Mistakes.shown(key.value()),
            "again",
            "once; it is in line " + before.line() + " too");
      }
    }
    return new Entries(line(start), entries);
  }

  private void refuseTag(Event event, @Nullable String tag) {
    if (tag != null) {
      throw new Refusal(event, tag, "no tags");
    }
  }

  private static int line(Event event) {
    return line(event.getStartMark().orElse(null));
  }

  private static int line(@Nullable Mark mark) {
    return mark == null ? 0 : mark.getLine() + 1;
  }

  private static String at(String file, int line) {
    return file + ":" + line + ": ";
  }

  /** What cannot be read any further. */
  private final class Refusal extends RuntimeException {

    Refusal(Event event, String what, String expected) {
      super(at(file, line(event)) + Mistakes.shown(what) + " (expected: " + expected + ")");
    }
  }
}
