package dev.vestibule.bench.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The figures as a table that Markdown understands, and a person too. */
final class Report {

  private Report() {}

  static String table(List<Figure> figures, List<String> programs) {
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("", Figure.BARE));
    head.addAll(programs);
    head.addAll(List.of("gateway / best", "bar"));
    rows.add(head);
    for (Figure figure : figures) {
      rows.add(row(figure, programs));
    }
    int[] widths = new int[head.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder table = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      line(table, rows.get(i), widths);
      if (i == 0) {
        table.append('|');
        for (int at = 0; at < widths.length; at++) {
          table.append("-".repeat(widths[at] + 1)).append(at == 0 ? "-|" : ":|");
        }
        table.append('\n');
      }
    }
    return table.toString();
  }

  private static void line(StringBuilder table, List<String> row, int[] widths) {
    table.append('|');
    for (int i = 0; i < widths.length; i++) {
      String room = " ".repeat(widths[i] - row.get(i).length());
      table.append(' ').append(i == 0 ? row.get(i) + room : room + row.get(i)).append(" |");
    }
    table.append('\n');
  }

  private static List<String> row(Figure figure, List<String> programs) {
    List<String> row = new ArrayList<>();
    row.add(figure.title());
    row.add(number(figure.value(Figure.BARE)));
    programs.forEach(program -> row.add(number(figure.value(program))));
    OptionalDouble ratio = figure.ratio();
    row.add(ratio.isEmpty() ? "" : String.format(Locale.ROOT, "%.2f x", ratio.getAsDouble()));
    row.add(bar(figure));
    return row;
  }

  private static String bar(Figure figure) {
    Figure.Bar bar = figure.bar();
    Boolean met = figure.met();
    if (bar == null) {
      return "";
    }
    String text =
        bar.ofRatio()
            ? String.format(Locale.ROOT, "%.1f x", bar.limit())
            : number(OptionalDouble.of(bar.limit()));
    return met == null ? text : text + (met ? ": met" : ": MISSED");
  }

  /** Three digits that count. */
  static String number(OptionalDouble value) {
    if (value.isEmpty()) {
      return "-";
    }
    double is = value.getAsDouble();
    String format = is < 10 ? "%.2f" : is < 100 ? "%.1f" : "%,.0f";
    return String.format(Locale.ROOT, format, is);
  }
}
