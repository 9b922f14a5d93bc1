package dev.vestibule.chat.signin;

import dev.vestibule.chat.phases.Database;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sign-ins that were ended before their time. Kept in the database, and in memory too once phase
 * {@code cache} has read them, so that nobody's admission waits for a query. Safe for use by many
 * threads.
 */
public final class Revocations {

  private final Database database;
  private final InstantSource clock;
  private final Set<String> known = ConcurrentHashMap.newKeySet();
  private volatile boolean allKnown;

  /**
   * Uses a database, which need not be ready yet.
   *
   * @param database where they are kept
   * @param clock says which have become pointless
   */
  public Revocations(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Ends a sign-in for good.
   *
   * @param session whose token must not be believed any more
   */
  public void revoke(Session session) {
    known.add(session.id());
    database
        .jdbc()
        .sql("merge into revocations (session, expires_at) key (session) values (?, ?)")
        .params(session.id(), OffsetDateTime.ofInstant(session.expires(), ZoneOffset.UTC))
        .update();
  }

  /**
   * Whether a sign-in was ended.
   *
   * @param session what a valid token says
   * @return whether it was revoked, as far as that can be known: before the database is ready only
   *     what this process has revoked itself
   */
  public boolean isRevoked(Session session) {
    if (known.contains(session.id())) {
      return true;
    }
    if (allKnown || !database.isReady()) {
      return false;
    }
    return database
        .jdbc()
        .sql("select 1 from revocations where session = ?")
        .param(session.id())
        .query(Integer.class)
        .optional()
        .isPresent();
  }

  /**
   * Reads all of them into memory.
   *
   * @return how many there are
   */
  public int warm() {
    known.addAll(database.jdbc().sql("select session from revocations").query(String.class).list());
    allKnown = true;
    return known.size();
  }

  /**
   * Forgets those whose tokens have expired anyway.
   *
   * @return how many were forgotten in the database
   */
  public int forgetExpired() {
    return database
        .jdbc()
        .sql("delete from revocations where expires_at < ?")
        .param(OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
        .update();
  }
}
