package dev.vestibule.chat.assistant;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds which of a few texts a question is about, by Okapi BM25 (Robertson and Zaragoza, 2009) with
 * its usual constants: rare words count more than frequent ones, and long texts have no advantage.
 * Filled by one thread, then safe for use by many.
 *
 * @param <T> what a text stands for
 */
final class Index<T> {

  private static final double K1 = 1.2;
  private static final double B = 0.75;

  /** Something that fits, and how well; more is better. */
  record Match<T>(T value, double score) {}

  private record Entry<T>(T value, Map<String, Integer> counts, int length) {}

  private final List<Entry<T>> entries = new ArrayList<>();
  private final Map<String, Integer> spread = new HashMap<>();
  private int words;

  void add(T value, String text) {
    Map<String, Integer> counts = new HashMap<>();
    List<String> stems = Words.stemsOf(text);
    stems.forEach(stem -> counts.merge(stem, 1, Integer::sum));
    counts.keySet().forEach(stem -> spread.merge(stem, 1, Integer::sum));
    entries.add(new Entry<>(value, counts, stems.size()));
    words += stems.size();
  }

  int size() {
    return entries.size();
  }

  /** What shares a word with the question, best first. */
  List<Match<T>> find(String question) {
    Set<String> stems = new HashSet<>(Words.stemsOf(question));
    return entries.stream()
        .map(entry -> new Match<>(entry.value(), score(entry, stems)))
        .filter(match -> match.score() > 0)
        .sorted(Comparator.comparingDouble((Match<T> match) -> match.score()).reversed())
        .toList();
  }

  private double score(Entry<T> entry, Set<String> stems) {
    double average = (double) words / entries.size();
    double score = 0;
    for (String stem : stems) {
      int count = entry.counts().getOrDefault(stem, 0);
      if (count > 0) {
        int in = spread.getOrDefault(stem, 0);
        double rarity = Math.log(1 + (entries.size() - in + 0.5) / (in + 0.5));
        double length = 1 - B + B * entry.length() / average;
        score += rarity * count * (K1 + 1) / (count + K1 * length);
      }
    }
    return score;
  }
}
