package dev.vestibule.spring;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vestibule.PhaseSnapshot;
import dev.vestibule.StartupSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The page that shows a startup to a person: each phase a bar, its state in words. Without scripts;
 * while startup runs it loads itself again every second. Immutable.
 */
final class Waterfall {

  // Units of the bars' own width, not of the screen's.
  private static final long WIDTH = 1000;

  private final String template;
  private final String contentSecurityPolicy;

  Waterfall() {
    try (InputStream resource = Waterfall.class.getResourceAsStream("waterfall.html")) {
      template = new String(Objects.requireNonNull(resource).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String style =
        template.substring(template.indexOf("<style>") + 7, template.indexOf("</style>"));
    contentSecurityPolicy =
        "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; frame-ancestors 'none'"
            .formatted(hash(style));
  }

  /** Allows the page its own style sheet, and nothing else. */
  String contentSecurityPolicy() {
    return contentSecurityPolicy;
  }

  String page(StartupSnapshot startup) {
    boolean running = startup.state() == dev.vestibule.StartupState.RUNNING;
    StringBuilder rows = new StringBuilder();
    long total = Math.max(1, startup.elapsed().toMillis());
    for (PhaseSnapshot phase : startup.phases()) {
      appendRow(rows, phase, startup.elapsed(), total);
    }
    String summary =
        switch (startup.state()) {
          case RUNNING -> "Connections wait until it is ready. ";
          case COMPLETE -> "Everything is ready. ";
          case DEGRADED -> "Ready, without something that it can do without. ";
          case FAILED -> "Something that it needs failed. ";
          case CLOSED -> "It is going away. ";
        };
    return template
        .replace("{{refresh}}", running ? "<meta http-equiv=\"refresh\" content=\"1\">\n" : "")
        .replace("{{title}}", "Startup: " + lower(startup.state()))
        .replace("{{summary}}", summary + seconds(startup.elapsed()) + " in all.")
        .replace("{{rows}}", rows);
  }

  private static void appendRow(
      StringBuilder rows, PhaseSnapshot phase, Duration now, long totalMillis) {
    Duration began = phase.startedAt();
    Duration ended = phase.endedAt();
    long from = began == null ? 0 : share(began, totalMillis);
    long to = began == null ? 0 : share(ended == null ? now : ended, totalMillis);
    String state = lower(phase.state());
    rows.append("<tr><th scope=\"row\">").append(escape(phase.name())).append("</th><td class=\"");
    rows.append(state).append("\">").append(state);
    rows.append(phase.optional() ? " (optional)" : "");
    rows.append(phase.attempt() > 1 ? ", attempt " + phase.attempt() : "").append("</td>");
    rows.append("<td class=\"bar\"><svg viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\"");
    rows.append(" aria-hidden=\"true\">");
    if (began != null) {
      rows.append("<rect class=\"").append(state).append("\" x=\"").append(from);
      // So that what took no time can still be seen.
      rows.append("\" width=\"").append(Math.max(4, to - from)).append("\" height=\"10\"/>");
    }
    rows.append("</svg></td><td class=\"time\">").append(took(began, ended, now));
    rows.append("</td></tr>\n");
  }

  private static long share(Duration at, long totalMillis) {
    return Math.min(WIDTH, WIDTH * at.toMillis() / totalMillis);
  }

  private static String took(@Nullable Duration began, @Nullable Duration ended, Duration now) {
    return began == null ? "" : seconds((ended == null ? now : ended).minus(began));
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.2f s", Math.max(0, duration.toMillis()) / 1000.0);
  }

  private static String lower(Enum<?> state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  private static String hash(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
