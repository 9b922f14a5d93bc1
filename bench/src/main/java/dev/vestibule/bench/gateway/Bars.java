package dev.vestibule.bench.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Draws the figures as SVG: a block a figure, a bar a program, each block with a scale of its own.
 */
final class Bars {

  private static final int LEFT = 110;
  private static final int WIDTH = 300;
  private static final int COLUMN = 500;
  private static final int COLUMNS = 2;
  private static final int BAR = 18;
  private static final int TOP = 72;

  private Bars() {}

  static String draw(List<Figure> figures, List<String> programs, String caption) {
    List<String> rows = new ArrayList<>(List.of(Figure.BARE));
    rows.addAll(programs);
    int block = BAR * rows.size() + 52;
    int height = TOP + block * ((figures.size() + COLUMNS - 1) / COLUMNS) + 8;
    StringBuilder svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" \
        font-family="system-ui, sans-serif" font-size="13">
        <title>The gateway beside HAProxy, nginx and Caddy</title>
        <style>
          .ink { fill: #1c2733 } .quiet { fill: #5b6875 } .peer { fill: #a9b6c2 } .ours { fill: #2563a8 }
          @media (prefers-color-scheme: dark) {
            .paper { fill: #12181f } .ink { fill: #e8edf2 } .quiet { fill: #9aa7b4 }
            .peer { fill: #4a5968 } .ours { fill: #7db4ee }
          }
          @media (prefers-color-scheme: light) { .paper { fill: #ffffff } }
        </style>
        <rect class="paper" fill="#ffffff" width="100%%" height="100%%"/>
        <text class="ink" x="16" y="28" font-size="17" font-weight="600">The gateway beside others, in one run</text>
        <text class="quiet" x="16" y="48" font-size="12">%s</text>
        """
            .formatted(COLUMN * COLUMNS, height, escape(caption)));
    for (int i = 0; i < figures.size(); i++) {
      block(svg, figures.get(i), rows, COLUMN * (i % COLUMNS), TOP + block * (i / COLUMNS));
    }
    return svg.append("</svg>\n").toString();
  }

  private static void block(StringBuilder svg, Figure figure, List<String> rows, int x, int y) {
    text(svg, "ink", "start", x + 16, y + 14, figure.title());
    double most = rows.stream().mapToDouble(row -> figure.value(row).orElse(0)).max().orElseThrow();
    int at = y + 24;
    for (String row : rows) {
      OptionalDouble value = figure.value(row);
      if (value.isEmpty()) {
        continue;
      }
      double width = most == 0 ? 0 : WIDTH * value.getAsDouble() / most;
      text(svg, "ink", "end", x + LEFT - 8, at + 13, row);
      svg.append(
          String.format(
              Locale.ROOT,
              "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>%n",
              row.equals(OurGateway.NAME) ? "ours" : "peer",
              x + LEFT,
              at + 2,
              Math.max(1, width),
              BAR - 4));
      text(svg, "quiet", "start", x + LEFT + (int) width + 6, at + 13, Report.number(value));
      at += BAR;
    }
  }

  private static void text(
      StringBuilder svg, String style, String anchor, int x, int y, String content) {
    svg.append(
        "<text class=\"%s\" text-anchor=\"%s\" x=\"%d\" y=\"%d\">%s</text>%n"
            .formatted(style, anchor, x, y, escape(content)));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
