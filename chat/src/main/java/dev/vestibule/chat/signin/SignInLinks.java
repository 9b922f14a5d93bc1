package dev.vestibule.chat.signin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Links that sign their user in once, within ten minutes. Only a hash of each token is kept, and in
 * memory alone. Safe for use by many threads.
 */
public final class SignInLinks {

  /** How long a link is good for. */
  public static final Duration LIFETIME = Duration.ofMinutes(10);

  private static final int TOKEN_BYTES = 32;

  private record Open(String user, Instant expires) {}

  private final SecureRandom random = new SecureRandom();
  private final InstantSource clock;
  private final Map<String, Open> open = new ConcurrentHashMap<>();

  /**
   * Begins with no link.
   *
   * @param clock says what has expired
   */
  public SignInLinks(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Makes a link's token.
   *
   * @param user who is signed in by it
   * @return 256 random bits, in base64url
   */
  public String issue(String user) {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    open.put(hash(token), new Open(user, clock.instant().plus(LIFETIME)));
    return token;
  }

  /**
   * Uses a token up.
   *
   * @param token what a stranger says it is
   * @return the user that it signs in, or null when it is unknown, used or too old
   */
  public @Nullable String redeem(String token) {
    Instant now = clock.instant();
    open.values().removeIf(link -> !link.expires().isAfter(now));
    // Removing it decides who used it; of two at the same time one gets null.
    Open link = open.remove(hash(token));
    return link == null ? null : link.user();
  }

  private static String hash(String token) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
