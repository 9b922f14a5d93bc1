package dev.vestibule.clients;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * After how long client libraries give up on a handshake by themselves, told by the User-Agent that
 * they send. Whoever holds a client for longer holds nobody: the client is gone, and never hears
 * why. Immutable.
 */
public final class ClientProfiles {

  private static final String RESOURCE = "profiles.properties";

  private final Map<String, Duration> byProduct;

  private ClientProfiles(Map<String, Duration> byProduct) {
    this.byProduct = byProduct;
  }

  /**
   * The profiles that come with Vestibule, from its resource {@code profiles.properties}, which
   * says where each figure comes from.
   *
   * @return read anew with each call
   */
  public static ClientProfiles known() {
    Properties file = new Properties();
    try (InputStream bytes = ClientProfiles.class.getResourceAsStream(RESOURCE);
        Reader text =
            new InputStreamReader(Objects.requireNonNull(bytes), StandardCharsets.UTF_8)) {
      file.load(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, Duration> byProduct = new TreeMap<>();
    file.forEach((product, seconds) ->
        byProduct.put(product.toString(), Duration.ofSeconds(Long.parseLong(seconds.toString()))));
    return new ClientProfiles(Map.copyOf(byProduct));
  }

  /**
   * After how long a client gives up.
   *
   * @param userAgent the header's value, or null when the client sent none
   * @return the shortest time of the products that it names; null when none of them is known
   */
  public @Nullable Duration givesUpAfter(@Nullable String userAgent) {
    Duration shortest = null;
    if (userAgent != null) {
      for (String product : userAgent.split(" ", -1)) {
        int slash = product.indexOf('/');
        Duration time = byProduct.get(slash < 0 ? product : product.substring(0, slash));
        if (time != null && (shortest == null || time.compareTo(shortest) < 0)) {
          shortest = time;
        }
      }
    }
    return shortest;
  }

  /**
   * All of them.
   *
   * @return by product, in no order
   */
  public Map<String, Duration> byProduct() {
    return byProduct;
  }
}
