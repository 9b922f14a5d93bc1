package dev.vestibule.bench.timing;

import java.util.List;
import java.util.Locale;

/**
 * Draws, as SVG, how long after readiness each client was let in: one row a strategy, one dot a
 * client, log scale.
 */
final class Chart {

  private static final int LEFT = 120;
  private static final int WIDTH = 760;
  private static final int ROW = 64;
  private static final int TOP = 64;
  private static final double LEAST_MS = 0.1;
  private static final double MOST_MS = 10_000;

  private Chart() {}

  static String draw(List<Experiment.Result> results, String caption) {
    int height = TOP + ROW * results.size() + 60;
    StringBuilder svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" \
        font-family="system-ui, sans-serif" font-size="14">
        <title>Time from readiness to the 101, per client</title>
        <style>
          .ink { fill: #1c2733 } .quiet { fill: #5b6875 } .line { stroke: #c9d2da }
          .dot { fill: #2563a8; fill-opacity: .35 } .mark { stroke: #b4471b; stroke-width: 2 }
          @media (prefers-color-scheme: dark) {
            .paper { fill: #12181f } .ink { fill: #e8edf2 } .quiet { fill: #9aa7b4 } .line { stroke: #33404d }
            .dot { fill: #7db4ee } .mark { stroke: #f0956a }
          }
          @media (prefers-color-scheme: light) { .paper { fill: #ffffff } }
        </style>
        <rect class="paper" fill="#ffffff" width="100%%" height="100%%"/>
        <text class="ink" x="16" y="28" font-size="17" font-weight="600">From ready to let in, each client (log scale)</text>
        <text class="quiet" x="16" y="48" font-size="12">%s</text>
        """
            .formatted(LEFT + WIDTH + 60, height, caption));
    for (double ms = LEAST_MS; ms <= MOST_MS; ms *= 10) {
      String label =
          ms < 1000 ? "%s ms".formatted(number(ms)) : "%s s".formatted(number(ms / 1000));
      line(svg, "line", x(ms), TOP, TOP + ROW * results.size());
      svg.append(text("quiet", "middle", x(ms), TOP + ROW * results.size() + 20, label));
    }
    for (int i = 0; i < results.size(); i++) {
      drawRow(svg, results.get(i), TOP + ROW * i + ROW / 2);
    }
    svg.append(
        text(
            "quiet",
            "start",
            LEFT,
            height - 12,
            "Dots: clients. Bar: 99th percentile, named at the right."));
    return svg.append("</svg>\n").toString();
  }

  private static void drawRow(StringBuilder svg, Experiment.Result result, int middle) {
    svg.append(text("ink", "end", LEFT - 12, middle + 5, result.name()));
    List<Long> connects = result.connects();
    for (int i = 0; i < connects.size(); i++) {
      // Spread over the height of the row, in an order that shows no stripes.
      double offset = ((i * 37L) % 41 - 20) * 0.9;
      svg.append(
          String.format(
              Locale.ROOT,
              "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>%n",
              x(connects.get(i) / 1e6),
              middle + offset));
    }
    double p99 = result.summary().p99();
    line(svg, "mark", x(p99), middle - 26, middle + 26);
    svg.append(
        text(
            "ink",
            "start",
            x(p99) + 7,
            middle - 18,
            String.format(Locale.ROOT, "p99 %.1f ms", p99)));
  }

  private static double x(double ms) {
    double position = Math.log10(Math.clamp(ms, LEAST_MS, MOST_MS) / LEAST_MS);
    return LEFT + WIDTH * position / Math.log10(MOST_MS / LEAST_MS);
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  private static void line(StringBuilder svg, String style, double x, int from, int to) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>%n",
            style,
            x,
            x,
            from,
            to));
  }

  private static String text(String style, String anchor, double x, int y, String content) {
    return String.format(
        Locale.ROOT,
        "<text class=\"%s\" text-anchor=\"%s\" x=\"%.1f\" y=\"%d\" font-size=\"13\">%s</text>%n",
        style,
        anchor,
        x,
        y,
        content);
  }
}
