package dev.vestibule.chat;

import dev.vestibule.chat.model.ModelKey;
import dev.vestibule.chat.model.ModelLimits;
import dev.vestibule.chat.model.ModelSettings;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name a model. Its key is not among them: a command line is no secret. */
final class ModelOptions {

  /** May hold the key. Not VESTIBULE_...: those are the starter's settings, printed at start. */
  static final String KEY_VARIABLE = "CHAT_MODEL_KEY";

  private static final String CONNECT = "connect";
  private static final String FIRST_TOKEN = "first-token";
  private static final String BETWEEN_TOKENS = "between-tokens";
  private static final String ANSWER = "answer";
  private static final List<String> LIMITS = List.of(CONNECT, FIRST_TOKEN, BETWEEN_TOKENS, ANSWER);

  // Far more than any key has, and far less than a file that is named by mistake may have.
  private static final long MOST_KEY_BYTES = 8_192;

  @Option(
      names = "--model-url",
      paramLabel = "URL",
      description =
          "let a model answer: an OpenAI-compatible endpoint, such as http://127.0.0.1:11434/v1"
              + " (default: the built-in guide answers, offline)")
  private @Nullable String url;

  @Option(
      names = "--model-name",
      paramLabel = "NAME",
      description = "the model's name there, such as llama3.2")
  private @Nullable String name;

  @Option(
      names = "--model-key-file",
      paramLabel = "FILE",
      description = "a file that holds the endpoint's key alone; else $CHAT_MODEL_KEY, if set")
  private @Nullable String keyFile;

  @Option(
      names = "--model-timeout",
      paramLabel = "WHAT=DURATION",
      description =
          "connect (default: 5s), first-token (60s), between-tokens (20s) or answer, the whole of"
              + " it (5m); repeatable")
  private List<String> timeouts = new ArrayList<>();

  // So that a key that is written here all the same is refused without being printed.
  @Option(names = "--model-key", hidden = true, arity = "0..1", fallbackValue = "")
  private @Nullable String key;

  /** What they say; null when no model is named, or when something is wrong with it. */
  @Nullable ModelSettings read(Options options, Map<String, String> environment) {
    int before = options.mistakes().size();
    if (key != null) {
      options.mistake(
          "--model-key",
          ModelKey.MASK,
          KEY_VARIABLE + " or --model-key-file, because others can read a command line");
    }
    if (url == null) {
      withoutUrl(options);
      return null;
    }
    if (!areLibrariesThere()) {
      options.mistake("--model-url", "its libraries are missing", "lib-model/* on the class path");
    }
    URI endpoint = url(url, options);
    String called = name == null ? "" : name.strip();
    if (called.isEmpty() || called.length() > 200) {
      options.mistake(
          "--model-name", name == null ? "nothing" : name, "the model's name, such as llama3.2");
    }
    ModelLimits limits = limits(options);
    ModelKey shown = key(options, environment);
    return endpoint == null || options.mistakes().size() > before
        ? null
        : new ModelSettings(endpoint, called, shown, limits);
  }

  private static boolean areLibrariesThere() {
    try {
      Class.forName(
          "org.springframework.ai.openai.OpenAiChatModel",
          false,
          ModelOptions.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private void withoutUrl(Options options) {
    String expected = "together with --model-url";
    if (name != null) {
      options.mistake("--model-name", name, expected);
    }
    if (keyFile != null) {
      options.mistake("--model-key-file", keyFile, expected);
    }
    timeouts.forEach(value -> options.mistake("--model-timeout", value, expected));
  }

  private static @Nullable URI url(String value, Options options) {
    String expected = "http or https, a host and a path alone, such as http://127.0.0.1:11434/v1";
    try {
      URI url = new URI(value.strip());
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (http
          && url.getHost() != null
          && url.getRawUserInfo() == null
          && url.getRawQuery() == null
          && url.getRawFragment() == null) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Said below.
    }
    // What stands before an @ or behind a ? may be a secret.
    options.mistake(
        "--model-url",
        value.replaceAll("//[^/]*@", "//" + ModelKey.MASK + "@").replaceAll("[?#].*", "?..."),
        expected);
    return null;
  }

  private ModelLimits limits(Options options) {
    Map<String, Duration> named = new HashMap<>();
    for (String value : timeouts) {
      int equals = value.indexOf('=');
      String what = equals < 0 ? value : value.substring(0, equals);
      if (equals < 0 || !LIMITS.contains(what)) {
        options.mistake(
            "--model-timeout", value, "WHAT=DURATION, WHAT one of " + String.join(", ", LIMITS));
      } else if (named.put(
              what, options.duration("--model-timeout", value, value.substring(equals + 1)))
          != null) {
        options.mistake("--model-timeout", value, "each once");
      }
    }
    ModelLimits usual = ModelLimits.DEFAULT;
    return new ModelLimits(
        named.getOrDefault(CONNECT, usual.connect()),
        named.getOrDefault(FIRST_TOKEN, usual.firstToken()),
        named.getOrDefault(BETWEEN_TOKENS, usual.betweenTokens()),
        named.getOrDefault(ANSWER, usual.answer()));
  }

  private @Nullable ModelKey key(Options options, Map<String, String> environment) {
    String variable = environment.get(KEY_VARIABLE);
    if (keyFile == null) {
      return variable == null ? null : key(KEY_VARIABLE, variable, options);
    }
    if (variable != null) {
      options.mistake("--model-key-file", keyFile, "not together with " + KEY_VARIABLE);
    }
    String expected = "a file that can be read and holds the key alone";
    try {
      Path file = Path.of(keyFile);
      if (Files.isRegularFile(file) && Files.size(file) <= MOST_KEY_BYTES) {
        return key("--model-key-file", Files.readString(file), options);
      }
    } catch (IOException | InvalidPathException e) {
      // Said below.
    }
    options.mistake("--model-key-file", keyFile.replace('\0', '?'), expected);
    return null;
  }

  private @Nullable ModelKey key(String option, String value, Options options) {
    String stripped = value.strip();
    if (ModelKey.isKey(stripped)) {
      return new ModelKey(stripped);
    }
    options.mistake(
        option, stripped.isEmpty() ? "''" : ModelKey.MASK, "one line of visible ASCII characters");
    return null;
  }
}
