package dev.vestibule.chat.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.vestibule.chat.ManualClock;
import dev.vestibule.chat.OpenHouse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignInTest {

  private OpenHouse house;

  @BeforeEach
  void open(@TempDir Path data) throws Exception {
    house = new OpenHouse(data.resolve("house"));
  }

  @AfterEach
  void close() throws Exception {
    house.close();
  }

  @Test
  void aLinkSignsItsUserInOnce() {
    SignInLinks links = new SignInLinks(house.clock);
    String token = links.issue("ada");

    assertThat(token).hasSize(43);
    assertThat(links.redeem("x" + token)).isNull();
    assertThat(links.redeem(token)).isEqualTo("ada");
    assertThat(links.redeem(token)).isNull();
  }

  @Test
  void aLinkIsGoodForTenMinutesAndNoLonger() {
    ManualClock clock = new ManualClock();
    SignInLinks links = new SignInLinks(clock);
    String inTime = links.issue("ada");
    String late = links.issue("ada");

    clock.advance(Duration.ofMinutes(10).minusMillis(1));
    assertThat(links.redeem(inTime)).isEqualTo("ada");
    clock.advance(Duration.ofMillis(1));
    assertThat(links.redeem(late)).isNull();
  }

  @Test
  void aTokenSaysWhoSignedIn() {
    Session session = Objects.requireNonNull(house.tokens.check(house.tokens.issue("ada")));

    assertThat(session.user()).isEqualTo("ada");
    assertThat(session.expires()).isEqualTo(house.clock.instant().plus(SessionTokens.LIFETIME));
    assertThat(house.tokens.check(null)).isNull();
    assertThat(house.tokens.check("")).isNull();
    assertThat(house.tokens.check("a.b.c")).isNull();
  }

  @Test
  void aTokenEndsWithItsTime() {
    String token = house.tokens.issue("ada");

    house.clock.advance(SessionTokens.LIFETIME.minusSeconds(1));
    assertThat(house.tokens.check(token)).isNotNull();
    house.clock.advance(Duration.ofSeconds(1));
    assertThat(house.tokens.check(token)).isNull();
  }

  @Test
  void aTokenThatWasChangedIsNotBelieved() throws Exception {
    String token = house.tokens.issue("ada");
    JWTClaimsSet grace =
        new JWTClaimsSet.Builder(SignedJWT.parse(token).getJWTClaimsSet()).subject("grace").build();
    String[] parts = token.split("\\.", -1);
    String forged = parts[0] + "." + grace.toPayload().toBase64URL() + "." + parts[2];
    SignedJWT otherKey = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), grace);
    otherKey.sign(new MACSigner(new byte[32]));

    assertThat(house.tokens.check(forged)).isNull();
    assertThat(house.tokens.check(otherKey.serialize())).isNull();
    assertThat(house.tokens.check(new PlainJWT(grace).serialize())).isNull();
  }

  @Test
  void aTokenWithoutAnEndIsNotBelieved() throws Exception {
    SignedJWT endless =
        new SignedJWT(
            new JWSHeader(JWSAlgorithm.HS256),
            new JWTClaimsSet.Builder().subject("ada").jwtID("x").build());
    endless.sign(new MACSigner(house.key.await()));

    assertThat(house.tokens.check(endless.serialize())).isNull();
  }

  @Test
  void theKeyOutlivesTheProcessAndIsItsOwnersAlone() throws Exception {
    Path file = house.directory.path().resolve("cookie.key");
    CookieKey again = new CookieKey();
    again.readOrMake(file);

    assertThat(again.await()).isEqualTo(house.key.await()).hasSize(32);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(house.directory.path())))
        .isEqualTo("rwx------");
  }

  @Test
  void aRevokedSessionIsKnownAfterARestart() {
    Session session = Objects.requireNonNull(house.tokens.check(house.tokens.issue("ada")));
    Session other = Objects.requireNonNull(house.tokens.check(house.tokens.issue("ada")));
    house.revocations.revoke(session);

    Revocations cold = new Revocations(house.database, house.clock);
    assertThat(cold.isRevoked(session)).isTrue();
    Revocations warm = new Revocations(house.database, house.clock);
    assertThat(warm.warm()).isOne();
    assertThat(warm.isRevoked(session)).isTrue();
    assertThat(warm.isRevoked(other)).isFalse();

    assertThat(warm.forgetExpired()).isZero();
    house.clock.advance(SessionTokens.LIFETIME.plusSeconds(1));
    assertThat(warm.forgetExpired()).isOne();
  }

  @Test
  void aPasswordSignsInAndAWrongOneDoesNot() {
    house.users.add("ada", house.passwords.encode("difference engine"));

    assertThat(house.passwords.check("ada", "difference engine", "192.0.2.1"))
        .isEqualTo(new Passwords.Right("ada"));
    assertThat(house.passwords.check("ada", "analytical engine", "192.0.2.1"))
        .isEqualTo(new Passwords.Wrong());
    assertThat(house.passwords.check("nobody", "difference engine", "192.0.2.1"))
        .isEqualTo(new Passwords.Wrong());
    assertThat(house.passwords.check("not a name", "x", "192.0.2.1"))
        .isEqualTo(new Passwords.Wrong());
    assertThat(house.passwords.check("ada", "x".repeat(100), "192.0.2.1"))
        .isEqualTo(new Passwords.Wrong());
  }

  @Test
  void aUserOfALinkHasNoPasswordToGuess() {
    house.users.ensure("ada");
    house.users.ensure("ada");

    assertThat(house.users.count()).isOne();
    assertThat(house.passwords.check("ada", "", "192.0.2.1")).isEqualTo(new Passwords.Wrong());
    assertThat(house.users.add("ada", house.passwords.encode("difference engine"))).isTrue();
    assertThat(house.users.add("ada", house.passwords.encode("something else"))).isFalse();
  }

  @Test
  void wrongAttemptsForOneNameAreLimitedForAWhile() {
    house.users.add("ada", house.passwords.encode("difference engine"));
    for (int i = 0; i < Passwords.PER_NAME; i++) {
      assertThat(house.passwords.check("ada", "wrong", "192.0.2." + i))
          .isEqualTo(new Passwords.Wrong());
      house.clock.advance(Duration.ofSeconds(1));
    }

    assertThat(house.passwords.check("ada", "difference engine", "192.0.2.99"))
        .isEqualTo(new Passwords.TooMany(Passwords.WINDOW.minusSeconds(Passwords.PER_NAME)));
    assertThat(house.passwords.check("grace", "wrong", "192.0.2.99"))
        .isEqualTo(new Passwords.Wrong());

    house.clock.advance(Passwords.WINDOW.minusSeconds(Passwords.PER_NAME));
    assertThat(house.passwords.check("ada", "difference engine", "192.0.2.99"))
        .isEqualTo(new Passwords.Right("ada"));
  }

  @Test
  void rightAttemptsAreNotCounted() {
    house.users.add("ada", house.passwords.encode("difference engine"));
    for (int i = 0; i < Passwords.PER_NAME + 2; i++) {
      assertThat(house.passwords.check("ada", "difference engine", "192.0.2.1"))
          .isEqualTo(new Passwords.Right("ada"));
    }
    assertThat(house.passwords.forgetExpired()).isZero();
  }

  @Test
  void wrongAttemptsFromOneAddressAreLimited() {
    for (int i = 0; i < Passwords.PER_ADDRESS; i++) {
      house.passwords.check("name" + i, "wrong", "192.0.2.1");
    }

    assertThat(house.passwords.check("ada", "wrong", "192.0.2.1"))
        .isInstanceOf(Passwords.TooMany.class);
    assertThat(house.passwords.check("ada", "wrong", "192.0.2.2")).isEqualTo(new Passwords.Wrong());
    house.clock.advance(Passwords.WINDOW);
    assertThat(house.passwords.forgetExpired()).isPositive();
  }

  @Test
  void aPasswordHasBoundsThatAreNamed() {
    assertThatThrownBy(() -> house.passwords.encode("short"))
        .hasMessage(
            "password: 5 characters, 5 bytes (expected: at least 8 characters, at most 72 bytes)");
    assertThatThrownBy(() -> house.passwords.encode("\u00e9".repeat(37)))
        .hasMessageContaining("74 bytes");
  }
}
