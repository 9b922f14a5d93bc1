package dev.vestibule.chat.signin;

import dev.vestibule.chat.phases.Database;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Signing in by name and password, with a bound on how often somebody may be wrong. Safe for use by
 * many threads.
 *
 * <p>Wrong attempts are counted in the database, per name and per address, so that a restart does
 * not forget them. An attempt is written down before the password is looked at and taken back when
 * it was right; so many at the same time get no further than one after another.
 */
public final class Passwords {

  /** How many wrong attempts for one name within {@link #WINDOW}. */
  public static final int PER_NAME = 10;

  /** How many wrong attempts from one address within {@link #WINDOW}. */
  public static final int PER_ADDRESS = 50;

  /** How long a wrong attempt counts. */
  public static final Duration WINDOW = Duration.ofMinutes(15);

  // bcrypt reads no further than 72 bytes.
  private static final int MOST_BYTES = 72;
  private static final int LEAST = 8;

  // A hash of nobody's password, so that an unknown name takes as long as a known one.
  private static final String NOBODY =
      "$2a$10$7EqJtq98hPqEX7fNZaFWoOhi5BWX4Z3dDkGVjXTQeGFzq1DNYsv8i";

  /** How an attempt ended. */
  public sealed interface Outcome {}

  /**
   * The password was right.
   *
   * @param user the user's name
   */
  public record Right(String user) implements Outcome {}

  /** The name or the password was wrong; which of them is not told. */
  public record Wrong() implements Outcome {}

  /**
   * There were too many wrong attempts.
   *
   * @param retryAfter when the next one counts
   */
  public record TooMany(Duration retryAfter) implements Outcome {}

  private record Attempt(long id, String subject) {}

  private final Database database;
  private final Users users;
  private final InstantSource clock;
  private final PasswordEncoder encoder = new BCryptPasswordEncoder(10);

  /**
   * Uses a database, which need not be ready yet.
   *
   * @param database where attempts are kept
   * @param users whose passwords they are
   * @param clock says when an attempt was made
   */
  public Passwords(Database database, Users users, InstantSource clock) {
    this.database = database;
    this.users = users;
    this.clock = clock;
  }

  /**
   * Encodes a new password.
   *
   * @param password 8 characters to 72 bytes of UTF-8
   * @return what may be stored
   * @throws IllegalArgumentException when it is too short or too long, not naming it
   */
  public String encode(String password) {
    int bytes = password.getBytes(StandardCharsets.UTF_8).length;
    if (password.length() < LEAST || bytes > MOST_BYTES) {
      throw new IllegalArgumentException(
          "password: %d characters, %d bytes (expected: at least %d characters, at most %d bytes)"
              .formatted(password.length(), bytes, LEAST, MOST_BYTES));
    }
    return encoder.encode(password);
  }

  /**
   * Tries to sign in.
   *
   * @param name what somebody says their name is
   * @param password what they say their password is
   * @param address where they come from
   * @return how it ended
   */
  public Outcome check(String name, String password, String address) {
    String byName = "name:" + (Users.isName(name) ? name : "-");
    String byAddress = "address:" + address;
    Attempt first = begin(byName);
    Attempt second = begin(byAddress);
    Duration wait = longer(excess(byName, PER_NAME), excess(byAddress, PER_ADDRESS));
    if (wait.isPositive()) {
      takeBack(first, second);
      return new TooMany(wait);
    }
    String hash = Users.isName(name) ? users.hashOf(name) : null;
    boolean fits = password.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES;
    boolean right = encoder.matches(fits ? password : "-", hash == null ? NOBODY : hash);
    if (hash == null || !fits || !right) {
      return new Wrong();
    }
    takeBack(first, second);
    return new Right(name);
  }

  /**
   * Forgets attempts that do not count any more.
   *
   * @return how many
   */
  public int forgetExpired() {
    return database
        .jdbc()
        .sql("delete from sign_in_attempts where attempted_at <= ?")
        .param(at(clock.instant().minus(WINDOW)))
        .update();
  }

  private Attempt begin(String subject) {
    GeneratedKeyHolder key = new GeneratedKeyHolder();
    database
        .jdbc()
        .sql("insert into sign_in_attempts (subject, attempted_at) values (?, ?)")
        .params(subject, at(clock.instant()))
        .update(key, "id");
    Number id = key.getKey();
    if (id == null) {
      throw new IllegalStateException("an attempt got no id");
    }
    return new Attempt(id.longValue(), subject);
  }

  private void takeBack(Attempt... attempts) {
    for (Attempt attempt : attempts) {
      database.jdbc().sql("delete from sign_in_attempts where id = ?").param(attempt.id()).update();
    }
  }

  /** How long until one more is allowed; zero when it is now. */
  private Duration excess(String subject, int most) {
    Instant since = clock.instant().minus(WINDOW);
    List<OffsetDateTime> counted =
        database
            .jdbc()
            .sql(
                "select attempted_at from sign_in_attempts where subject = ? and attempted_at > ?"
                    + " order by attempted_at desc limit ?")
            .params(subject, at(since), most + 1)
            .query((row, number) -> row.getObject("attempted_at", OffsetDateTime.class))
            .list();
    if (counted.size() <= most) {
      return Duration.ZERO;
    }
    // One more is allowed once the oldest of the last `most`, the present one aside, has gone.
    Duration left = Duration.between(since, counted.get(most).toInstant());
    return left.isPositive() ? left : Duration.ofSeconds(1);
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private static OffsetDateTime at(Instant instant) {
    return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
  }
}
