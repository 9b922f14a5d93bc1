package dev.vestibule.chat.assistant;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes text apart into the words that carry its meaning. */
final class Words {

  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

  private static final Set<String> EMPTY =
      Set.of(
          "a", "about", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but",
          "by", "can", "could", "did", "do", "does", "for", "from", "get", "had", "has", "have",
          "how", "i", "if", "in", "is", "it", "its", "just", "me", "mine", "my", "of", "on", "or",
          "our", "please", "s", "should", "show", "so", "some", "t", "tell", "than", "that", "the",
          "their", "them", "then", "there", "these", "they", "this", "to", "us", "was", "we",
          "were", "what", "when", "where", "which", "who", "why", "will", "with", "would", "you",
          "your");

  private Words() {}

  /** The words of a text in order, lower case, without those that say nothing. */
  static List<String> of(String text) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(text.toLowerCase(Locale.ROOT));
    while (matcher.find()) {
      if (!EMPTY.contains(matcher.group())) {
        words.add(matcher.group());
      }
    }
    return words;
  }

  /** The words of a text without their endings, so that "held phases" meets "a phase". */
  static List<String> stemsOf(String text) {
    return of(text).stream().map(Words::stem).toList();
  }

  static String stem(String word) {
    String stem = word;
    for (String ending : List.of("ing", "ed", "es", "s")) {
      if (stem.endsWith(ending) && stem.length() - ending.length() >= 3) {
        stem = stem.substring(0, stem.length() - ending.length());
        break;
      }
    }
    // "phases" has lost its e by now, and "phase" must lose it too.
    return stem.endsWith("e") && stem.length() > 3 ? stem.substring(0, stem.length() - 1) : stem;
  }
}
