package dev.vestibule.chat;

import dev.vestibule.chat.conversation.Conversations;
import dev.vestibule.chat.phases.DataDirectory;
import dev.vestibule.chat.phases.Database;
import dev.vestibule.chat.phases.Slowdown;
import dev.vestibule.chat.signin.CookieKey;
import dev.vestibule.chat.signin.Passwords;
import dev.vestibule.chat.signin.Revocations;
import dev.vestibule.chat.signin.SessionTokens;
import dev.vestibule.chat.signin.Users;
import java.nio.file.Path;
import java.time.Duration;

/** The parts behind the web with their database open, without a startup around them. */
public final class OpenHouse implements AutoCloseable {

  public final ManualClock clock = new ManualClock();
  public final CookieKey key = new CookieKey();
  public final DataDirectory directory;
  public final Database database;
  public final Users users;
  public final Revocations revocations;
  public final Passwords passwords;
  public final SessionTokens tokens = new SessionTokens(key, clock);
  public final Conversations conversations;

  public OpenHouse(Path data) throws Exception {
    directory = new DataDirectory(data, key);
    database = new Database(data);
    users = new Users(database, clock);
    revocations = new Revocations(database, clock);
    passwords = new Passwords(database, users, clock);
    conversations = new Conversations(database, users, clock);
    Slowdown slowdown = Slowdown.of(Duration.ZERO);
    directory.run(slowdown);
    database.run(slowdown, conversations::markInterrupted);
  }

  @Override
  public void close() throws java.io.IOException {
    database.close();
    directory.close();
  }
}
