package dev.vestibule.chat.signin;

import dev.vestibule.chat.phases.Database;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;

/** Who may use the chat. Safe for use by many threads. */
public final class Users {

  /** What a name looks like. */
  public static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,63}");

  private final Database database;
  private final InstantSource clock;

  /**
   * Uses a database, which need not be ready yet.
   *
   * @param database where they are kept
   * @param clock says when somebody was added
   */
  public Users(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Whether a name can be a user's.
   *
   * @param name any string
   * @return whether it is 1 to 64 letters, digits, dots, hyphens and underscores, the first a
   *     letter or a digit
   */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /**
   * Adds a user without a password, unless there is one of that name.
   *
   * @param name the user's name
   */
  public void ensure(String name) {
    if (exists(name)) {
      return;
    }
    try {
      insert(name, null);
    } catch (DuplicateKeyException e) {
      // Somebody else was faster: there is one now.
    }
  }

  /**
   * Adds a user, or gives one who has none a password.
   *
   * @param name the user's name
   * @param hash the encoded password
   * @return false when there is one of that name with a password already
   */
  public boolean add(String name, String hash) {
    int given =
        database
            .jdbc()
            .sql("update users set password_hash = ? where name = ? and password_hash is null")
            .params(hash, name)
            .update();
    if (given > 0) {
      return true;
    }
    try {
      insert(name, hash);
      return true;
    } catch (DuplicateKeyException e) {
      return false;
    }
  }

  /**
   * Looks up a password.
   *
   * @param name the user's name
   * @return the encoded password; null when there is no such user, or none with a password
   */
  public @Nullable String hashOf(String name) {
    return database
        .jdbc()
        .sql("select password_hash from users where name = ? and password_hash is not null")
        .param(name)
        .query(String.class)
        .optional()
        .orElse(null);
  }

  /**
   * How many there are.
   *
   * @return zero or more
   */
  public int count() {
    return database.jdbc().sql("select count(*) from users").query(Integer.class).single();
  }

  private boolean exists(String name) {
    return database
        .jdbc()
        .sql("select 1 from users where name = ?")
        .param(name)
        .query(Integer.class)
        .optional()
        .isPresent();
  }

  private void insert(String name, @Nullable String hash) {
    database
        .jdbc()
        .sql("insert into users (name, password_hash, created_at) values (?, ?, ?)")
        .param(name)
        .param(hash)
        .param(OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
        .update();
  }
}
