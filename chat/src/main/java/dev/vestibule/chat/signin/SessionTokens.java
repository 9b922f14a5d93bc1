package dev.vestibule.chat.signin;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Signs and checks the token in the session cookie: a JWT with HS256. Checking needs the key and
 * nothing else, so it works before the database is there. Safe for use by many threads.
 */
public final class SessionTokens {

  /** How long a sign-in lasts. */
  public static final Duration LIFETIME = Duration.ofDays(30);

  /** The name of the cookie; see {@code docs/chat-protocol.md}. */
  public static final String COOKIE = "vestibule_session";

  private static final int LONGEST = 1024;

  private final CookieKey key;
  private final InstantSource clock;

  /**
   * Uses a key, which need not be known yet.
   *
   * @param key waited for when first needed
   * @param clock says what has expired
   */
  public SessionTokens(CookieKey key, InstantSource clock) {
    this.key = key;
    this.clock = clock;
  }

  /**
   * Signs somebody in.
   *
   * @param user the user's name
   * @return the token, good for {@link #LIFETIME}
   */
  public String issue(String user) {
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .subject(user)
            .jwtID(UUID.randomUUID().toString())
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(LIFETIME)))
            .build();
    try {
      SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
      token.sign(new MACSigner(key.await()));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot sign with the cookie key", e);
    }
  }

  /**
   * Checks a token's signature and time. Whether it was revoked is another question: {@link
   * Revocations}.
   *
   * @param token what the cookie holds, or null
   * @return what it says, or null when it is not to be believed
   */
  public @Nullable Session check(@Nullable String token) {
    if (token == null || token.length() > LONGEST) {
      return null;
    }
    try {
      SignedJWT parsed = SignedJWT.parse(token);
      // The header is the sender's to write: the algorithm is ours to choose.
      if (!JWSAlgorithm.HS256.equals(parsed.getHeader().getAlgorithm())
          || !parsed.verify(new MACVerifier(key.await()))) {
        return null;
      }
      JWTClaimsSet claims = parsed.getJWTClaimsSet();
      String user = claims.getSubject();
      String id = claims.getJWTID();
      Date expires = claims.getExpirationTime();
      if (user == null || id == null || expires == null) {
        return null;
      }
      Session session = new Session(user, id, expires.toInstant());
      return session.expires().isAfter(clock.instant()) ? session : null;
    } catch (ParseException | JOSEException | IllegalArgumentException e) {
      return null;
    }
  }
}
