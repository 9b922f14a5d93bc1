package dev.vestibule.gateway.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a file says, each value with its line; not yet what it means.
 *
 * @param top the gateway's and the child's
 * @param upstreams null when it says nothing of any
 * @param routes null when it says nothing of any
 */
public record SettingsFile(
    Section top, @Nullable List<Section> upstreams, @Nullable List<Section> routes) {

  /** Bytes; a file of a thousand routes has a tenth of it. */
  static final int LARGEST = 1024 * 1024;

  private static final String UPSTREAMS = "upstreams";
  private static final String ROUTES = "routes";

  /** Copies the lists, so that the record is immutable. */
  public SettingsFile {
    upstreams = upstreams == null ? null : List.copyOf(upstreams);
    routes = routes == null ? null : List.copyOf(routes);
  }

  /**
   * Reads a file.
   *
   * @param said its name, as it was said
   * @param mistakes told of what is wrong with it
   * @return what could be read of it
   */
  public static SettingsFile read(Said said, Mistakes mistakes) {
    String text = text(said, mistakes);
    return text == null ? nothing(said.text()) : parse(said.text(), text, mistakes);
  }

  /** Reads a text as if a file had it. */
  static SettingsFile parse(String file, String text, Mistakes mistakes) {
    Yaml.Node root = Yaml.parse(file, text, mistakes);
    if (root == null) {
      return nothing(file);
    }
    return new Reader(file, mistakes).file(root);
  }

  private static SettingsFile nothing(String file) {
    return new SettingsFile(Section.empty(file), null, null);
  }

  private static @Nullable String text(Said said, Mistakes mistakes) {
    try (InputStream in = Files.newInputStream(Path.of(said.text()))) {
      // Not its size: a device has none.
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        mistakes.add(said, "a file of at most " + LARGEST + " bytes");
        return null;
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      mistakes.add(said, "a file in UTF-8");
    } catch (NoSuchFileException e) {
      mistakes.add(said, "a file that exists");
    } catch (AccessDeniedException e) {
      mistakes.add(said, "a file that this user may read");
    } catch (IOException | InvalidPathException e) {
      mistakes.add(said, "a file that can be read");
    }
    return null;
  }

  private record Reader(String file, Mistakes mistakes) {

    private static final Set<Key> TOP = Place.inFile(Place.GATEWAY, Place.CHILD);

    SettingsFile file(Yaml.Node root) {
      Map<Key, List<Said>> top = new EnumMap<>(Key.class);
      List<Section> upstreams = null;
      List<Section> routes = null;
      if (root instanceof Yaml.Entries entries) {
        for (Map.Entry<String, Yaml.Entry> it : entries.entries().entrySet()) {
          Yaml.Entry entry = it.getValue();
          switch (it.getKey()) {
            case UPSTREAMS -> upstreams = sections(UPSTREAMS, entry, Place.inFile(Place.UPSTREAM));
            case ROUTES -> routes = sections(ROUTES, entry, Place.inFile(Place.ROUTE));
            default -> value("", it.getKey(), entry, TOP, top);
          }
        }
      } else {
        mistakes.add(at(root.line()) + kind(root) + " (expected: keys and values)");
      }
      return new SettingsFile(new Section(file, top), upstreams, routes);
    }

    private List<Section> sections(String name, Yaml.Entry entry, Set<Key> keys) {
      List<Section> sections = new ArrayList<>();
      if (!(entry.value() instanceof Yaml.Items list) || list.items().isEmpty()) {
        mistakes.add(at(entry.line()) + name, kind(entry.value()), "a list of one or more");
        return sections;
      }
      for (int i = 0; i < list.items().size(); i++) {
        Yaml.Node item = list.items().get(i);
        String path = name + "[" + i + "]";
        if (item instanceof Yaml.Entries entries) {
          Map<Key, List<Said>> values = new EnumMap<>(Key.class);
          entries.entries().forEach((key, value) -> value(path + ".", key, value, keys, values));
          sections.add(new Section(at(item.line()) + path, values));
        } else {
          mistakes.add(at(item.line()) + path, kind(item), "keys and values");
        }
      }
      return sections;
    }

    private void value(
        String path, String name, Yaml.Entry entry, Set<Key> keys, Map<Key, List<Said>> into) {
      Key key = keys.stream().filter(it -> it.key().equals(name)).findFirst().orElse(null);
      if (key == null) {
        mistakes.add(
            at(entry.line())
                + path
                + Mistakes.shown(name)
                + " (expected: one of "
                + names(keys)
                + ")");
        return;
      }
      String where = path + name;
      switch (entry.value()) {
        case Yaml.Text text -> into.put(key, List.of(said(text, where)));
        case Yaml.Items list when key == Key.ORIGIN -> into.put(key, texts(list, where, key));
        default ->
            mistakes.add(at(entry.line()) + where, kind(entry.value()), key.form().expected());
      }
    }

    private List<Said> texts(Yaml.Items list, String where, Key key) {
      List<Said> texts = new ArrayList<>();
      for (int i = 0; i < list.items().size(); i++) {
        Yaml.Node item = list.items().get(i);
        String path = where + "[" + i + "]";
        if (item instanceof Yaml.Text text) {
          texts.add(said(text, path));
        } else {
          mistakes.add(at(item.line()) + path, kind(item), key.form().expected());
        }
      }
      return texts;
    }

    private Said said(Yaml.Text text, String path) {
      return new Said(at(text.line()) + path, text.value(), file + ":" + text.line());
    }

    private String at(int line) {
      return file + ":" + line + ": ";
    }

    private static String names(Set<Key> keys) {
      Set<String> names = new TreeSet<>();
      keys.forEach(key -> names.add(key.key()));
      if (keys.equals(TOP)) {
        names.addAll(List.of(UPSTREAMS, ROUTES));
      }
      return String.join(", ", names);
    }

    private static String kind(Yaml.Node node) {
      return switch (node) {
        case Yaml.Text text -> text.value().isEmpty() ? "nothing" : Mistakes.shown(text.value());
        case Yaml.Items items -> items.items().isEmpty() ? "an empty list" : "a list";
        case Yaml.Entries entries -> "keys and values";
      };
    }
  }
}
