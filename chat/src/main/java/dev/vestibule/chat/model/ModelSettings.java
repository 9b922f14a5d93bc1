package dev.vestibule.chat.model;

import java.net.URI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which model answers, checked. Prints without its key. Immutable.
 *
 * @param url where an OpenAI-compatible endpoint is, such as {@code http://127.0.0.1:11434/v1};
 *     {@code /chat/completions} is put behind it
 * @param name the model's name there
 * @param key shown to the endpoint; null when it asks for none
 * @param limits how long it may take
 */
public record ModelSettings(URI url, String name, @Nullable ModelKey key, ModelLimits limits) {

  // RFC 1122 section 3.2.1.3 (g). A name may begin like that too, and lead anywhere.
  private static final Pattern LOOPBACK = Pattern.compile("127(\\.\\d{1,3}){3}");

  /** The text without the key, in case somebody repeated it. */
  String redact(String text) {
    return key == null ? text : key.redact(text);
  }

  /** Whether others on the way could read the key. */
  boolean sendsKeyInTheClear() {
    String host = url.getHost();
    boolean here =
        host.equalsIgnoreCase("localhost")
            || LOOPBACK.matcher(host).matches()
            || host.equals("[::1]");
    return key != null && !here && !url.getScheme().equals("https");
  }
}
