package dev.vestibule.gateway.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What values mean. One that is wrong is added to the mistakes, and something else stands in. */
final class Reading {

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)|0");
  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,10}");

  private final Mistakes mistakes;

  Reading(Mistakes mistakes) {
    this.mistakes = mistakes;
  }

  int count(Key key, Said said) {
    Form.Count form = (Form.Count) key.form();
    if (NUMBER.matcher(said.text()).matches()) {
      long value = Long.parseLong(said.text());
      if (value >= form.least() && value <= form.most()) {
        return (int) value;
      }
    }
    mistakes.add(said, form.expected());
    return form.least();
  }

  Duration time(Key key, Said said) {
    Form.Time form = (Form.Time) key.form();
    Duration value = duration(said.text());
    if (value != null && value.compareTo(form.least()) >= 0 && value.compareTo(form.most()) <= 0) {
      return value;
    }
    mistakes.add(said, form.expected());
    return form.most();
  }

  private static @Nullable Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    if (matcher.group(1) == null) {
      return Duration.ZERO;
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }

  /** One of a type's values; the first where it is wrong. */
  <E extends Enum<E>> E choice(Key key, Said said, Class<E> type) {
    for (E value : type.getEnumConstants()) {
      if (value.name().toLowerCase(Locale.ROOT).equals(said.text())) {
        return value;
      }
    }
    mistakes.add(said, key.form().expected());
    return type.getEnumConstants()[0];
  }

  /** Where to listen: without a host, everywhere. */
  InetSocketAddress listening(Key key, Said said) {
    InetSocketAddress address = address(key, said, said.text(), true);
    return address == null ? new InetSocketAddress(0) : address;
  }

  /** Where somebody else listens: without a host, on this machine. */
  @Nullable InetSocketAddress remote(Key key, Said said, String text) {
    return address(key, said, text, false);
  }

  private @Nullable InetSocketAddress address(Key key, Said said, String text, boolean own) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    String port = text.substring(colon + 1);
    boolean six = host.startsWith("[") && host.endsWith("]");
    if (six) {
      host = host.substring(1, host.length() - 1);
    }
    // 2001:db8::1 is an address without a port, and ::8080 could be meant in two ways.
    boolean form = port.matches("\\d{1,5}") && (six || host.indexOf(':') < 0) && isHost(host, six);
    int number = form ? Integer.parseInt(port) : -1;
    if (number < (own ? 0 : 1) || number > 65_535) {
      mistakes.add(said, key.form().expected());
      return null;
    }
    if (host.isEmpty()) {
      return own
          ? new InetSocketAddress(number)
          : new InetSocketAddress(InetAddress.getLoopbackAddress(), number);
    }
    try {
      return new InetSocketAddress(InetAddress.getByName(host), number);
    } catch (UnknownHostException e) {
      mistakes.add(said, "a host that resolves");
      return null;
    }
  }

  /** The JDK would look up anything, and takes an empty name for loopback. */
  private static boolean isHost(String host, boolean six) {
    return six ? host.matches("[0-9A-Fa-f:.%\\w]+") : host.matches("[\\w.-]*");
  }
}
