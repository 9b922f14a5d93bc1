package dev.vestibule.waterfall;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;

/**
 * The page around what is shown of a startup: complete as it comes from the server. Its one script
 * only brings it up to date; without scripts it loads itself again. Immutable.
 */
public final class Page {

  private final String template;
  private final String contentSecurityPolicy;

  /** Loads the page. */
  public Page() {
    try (InputStream resource = Page.class.getResourceAsStream("startupz.html")) {
      template = new String(Objects.requireNonNull(resource).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    contentSecurityPolicy =
        ("default-src 'none'; style-src 'sha256-%s'; script-src 'sha256-%s'; connect-src 'self';"
                + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
            .formatted(hash("style"), hash("script"));
  }

  /**
   * Allows the page its own style sheet, its own script and its own server, and nothing else.
   *
   * @return value of the header {@code Content-Security-Policy}
   */
  public String contentSecurityPolicy() {
    return contentSecurityPolicy;
  }

  /**
   * A whole page.
   *
   * @param title in plain text
   * @param main the element main, as markup
   * @param live whether it may change by itself
   * @return HTML
   */
  public String of(String title, String main, boolean live) {
    String refresh =
        live ? "<noscript><meta http-equiv=\"refresh\" content=\"2\"></noscript>\n" : "";
    // The parts last: what is in them is not to be taken for a placeholder.
    int at = template.indexOf("{{main}}");
    return template.substring(0, at).replace("{{refresh}}", refresh).replace("{{title}}", title)
        + main
        + template.substring(at + "{{main}}".length());
  }

  /**
   * Text, for an element or a quoted attribute.
   *
   * @param text any
   * @return markup that shows it
   */
  public static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /**
   * How long something took: for example 0.42 s, 12.3 s or 4 min 5 s.
   *
   * @param duration what is negative is shown as zero
   * @return for a person
   */
  public static String seconds(Duration duration) {
    double seconds = Math.max(0, duration.toMillis()) / 1000.0;
    if (seconds >= 120) {
      return "%d min %d s".formatted((long) seconds / 60, (long) seconds % 60);
    }
    return String.format(Locale.ROOT, seconds < 10 ? "%.2f s" : "%.1f s", seconds);
  }

  /**
   * How long something will take that is only guessed: 0.4 s, 8 s, 3 min.
   *
   * @param duration what is negative is shown as zero
   * @return for a person
   */
  public static String roughly(Duration duration) {
    double seconds = Math.max(0, duration.toMillis()) / 1000.0;
    if (seconds >= 120) {
      return Math.round(seconds / 60) + " min";
    }
    return seconds < 2 ? String.format(Locale.ROOT, "%.1f s", seconds) : Math.round(seconds) + " s";
  }

  private String hash(String element) {
    int from = template.indexOf("<" + element + ">") + element.length() + 2;
    String content = template.substring(from, template.indexOf("</" + element + ">"));
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
