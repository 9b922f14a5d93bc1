package dev.vestibule.chat.conversation;

import dev.vestibule.chat.phases.Database;
import dev.vestibule.chat.signin.Users;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;

/**
 * What was said, in the database. Everything is asked for with its owner's name, and nobody gets at
 * what is another's. Safe for use by many threads.
 */
public final class Conversations {

  private static final int LONGEST_TITLE = 60;

  /**
   * A conversation in the list.
   *
   * @param id its id
   * @param title the beginning of its first message
   * @param updatedAt when something was last said
   */
  public record Summary(UUID id, String title, Instant updatedAt) {}

  /**
   * A message.
   *
   * @param id its id
   * @param role {@code user} or {@code assistant}
   * @param text Markdown, if it is the assistant's
   * @param state {@code complete}, {@code running} or {@code interrupted}
   * @param createdAt when it was said
   */
  public record Message(UUID id, String role, String text, String state, Instant createdAt) {}

  /**
   * A message as whoever answers the next one sees it.
   *
   * @param role {@code user} or {@code assistant}
   * @param answeredBy the name of the assistant; null if it is the user's, or nobody knows any more
   * @param text what it says
   */
  public record Earlier(String role, @Nullable String answeredBy, String text) {}

  /**
   * A conversation with all that was said.
   *
   * @param id its id
   * @param title the beginning of its first message
   * @param messages in order
   */
  public record Whole(UUID id, String title, List<Message> messages) {}

  /**
   * Something that was found.
   *
   * @param conversation where
   * @param title the conversation's
   * @param role who said it
   * @param text what was said
   * @param at when
   */
  public record Found(UUID conversation, String title, String role, String text, Instant at) {}

  private final Database database;
  private final Users users;
  private final InstantSource clock;

  /**
   * Uses a database, which need not be ready yet.
   *
   * @param database where they are kept
   * @param users whose they are
   * @param clock says when something was said
   */
  public Conversations(Database database, Users users, InstantSource clock) {
    this.database = database;
    this.users = users;
    this.clock = clock;
  }

  /**
   * Stores a message and the run that will answer it, as one, unless it is stored already.
   *
   * @param owner who says it
   * @param send what is said
   * @return the turn; empty when the conversation is not the owner's
   */
  public Optional<Turn> take(String owner, Frames.Send send) {
    try {
      return database.together(() -> known(owner, send.id()).or(() -> store(owner, send)));
    } catch (DuplicateKeyException e) {
      // The same message came twice at the same time, and the other one was faster.
      return known(owner, send.id());
    }
  }

  private Optional<Turn> known(String owner, UUID clientId) {
    return database
        .jdbc()
        .sql(
            "select r.id, r.conversation, c.title, r.question, r.answer from runs r"
                + " join conversations c on c.id = r.conversation"
                + " where r.owner = ? and r.client_id = ?")
        .params(owner, clientId)
        .query((row, number) ->
            new Turn(
                row.getObject("conversation", UUID.class),
                row.getString("title"),
                row.getObject("question", UUID.class),
                row.getObject("answer", UUID.class),
                row.getObject("id", UUID.class),
                false))
        .optional();
  }

  private Optional<Turn> store(String owner, Frames.Send send) {
    OffsetDateTime now = now();
    UUID conversation = send.conversation();
    String title;
    if (conversation == null) {
      conversation = UUID.randomUUID();
      title = titleOf(send.text());
      users.ensure(owner);
      database
          .jdbc()
          .sql(
              "insert into conversations (id, owner, title, created_at, updated_at)"
                  + " values (?, ?, ?, ?, ?)")
          .params(conversation, owner, title, now, now)
          .update();
    } else {
      title = titleOf(owner, conversation);
      if (title == null) {
        return Optional.empty();
      }
      database
          .jdbc()
          .sql("update conversations set updated_at = ? where id = ?")
          .params(now, conversation)
          .update();
    }
    Turn turn =
        new Turn(
            conversation, title, UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID(), true);
    insertMessage(turn.question(), conversation, "user", "complete", send.text(), now);
    insertMessage(turn.answer(), conversation, "assistant", "running", "", now);
    database
        .jdbc()
        .sql(
            "insert into runs"
                + " (id, owner, client_id, conversation, question, answer, state, started_at)"
                + " values (?, ?, ?, ?, ?, ?, 'running', ?)")
        .params(turn.run(), owner, send.id(), conversation, turn.question(), turn.answer(), now)
        .update();
    return Optional.of(turn);
  }

  private void insertMessage(
      UUID id, UUID conversation, String role, String state, String text, OffsetDateTime at) {
    database
        .jdbc()
        .sql(
            "insert into messages (id, conversation, role, state, text, created_at)"
                + " values (?, ?, ?, ?, ?, ?)")
        .params(id, conversation, role, state, text, at)
        .update();
  }

  private @Nullable String titleOf(String owner, UUID conversation) {
    return database
        .jdbc()
        .sql("select title from conversations where id = ? and owner = ?")
        .params(conversation, owner)
        .query(String.class)
        .optional()
        .orElse(null);
  }

  static String titleOf(String text) {
    String line = text.strip().lines().findFirst().orElse("").strip();
    int points = line.codePointCount(0, line.length());
    if (points <= LONGEST_TITLE) {
      return line;
    }
    return line.substring(0, line.offsetByCodePoints(0, LONGEST_TITLE - 1)).strip() + "\u2026";
  }

  /**
   * Stores how far an answer has come, for the case that the process ends before the answer does.
   *
   * @param turn which one
   * @param text the answer so far
   * @param answeredBy the name of the assistant
   */
  public void progress(Turn turn, String text, String answeredBy) {
    database
        .jdbc()
        .sql("update messages set text = ?, answered_by = ? where id = ? and state = 'running'")
        .params(text, answeredBy, turn.answer())
        .update();
  }

  /**
   * Stores the end of a run, as one.
   *
   * @param turn which one
   * @param text the whole answer
   * @param state {@code complete} or {@code interrupted}
   * @param answeredBy the name of the assistant
   */
  public void end(Turn turn, String text, String state, String answeredBy) {
    database.together(() -> {
      OffsetDateTime now = now();
      database
          .jdbc()
          .sql("update messages set text = ?, state = ?, answered_by = ? where id = ?")
          .params(text, state, answeredBy, turn.answer())
          .update();
      database
          .jdbc()
          .sql("update runs set state = ?, ended_at = ? where id = ?")
          .params(state, now, turn.run())
          .update();
      return database
          .jdbc()
          .sql("update conversations set updated_at = ? where id = ?")
          .params(now, turn.conversation())
          .update();
    });
  }

  /**
   * Marks what the process before this one left under way.
   *
   * @return how many runs
   */
  public int markInterrupted() {
    return database.together(() -> {
      database
          .jdbc()
          .sql("update messages set state = 'interrupted' where state = 'running'")
          .update();
      return database
          .jdbc()
          .sql("update runs set state = 'interrupted', ended_at = ? where state = 'running'")
          .param(now())
          .update();
    });
  }

  /**
   * Lists what somebody owns.
   *
   * @param owner whose
   * @return newest first, at most 500
   */
  public List<Summary> list(String owner) {
    return database
        .jdbc()
        .sql(
            "select id, title, updated_at from conversations where owner = ?"
                + " order by updated_at desc, id limit 500")
        .param(owner)
        .query((row, number) ->
            new Summary(
                row.getObject("id", UUID.class),
                row.getString("title"),
                row.getObject("updated_at", OffsetDateTime.class).toInstant()))
        .list();
  }

  /**
   * Reads a conversation.
   *
   * @param owner who asks
   * @param id which one
   * @return empty when it is not the owner's, or is not
   */
  public Optional<Whole> find(String owner, UUID id) {
    String title = titleOf(owner, id);
    if (title == null) {
      return Optional.empty();
    }
    List<Message> messages =
        database
            .jdbc()
            .sql(
                "select id, role, text, state, created_at from messages where conversation = ?"
                    + " order by position")
            .param(id)
            .query(Conversations::message)
            .list();
    return Optional.of(new Whole(id, title, messages));
  }

  /**
   * Reads what was said in a conversation before one of its messages.
   *
   * @param owner who asks
   * @param message one of the owner's messages
   * @param most how many messages
   * @return the newest of them in order, without empty ones and answers that are under way
   */
  public List<Earlier> before(String owner, UUID message, int most) {
    return database
        .jdbc()
        .sql(
            "select m.role, m.answered_by, m.text from messages m"
                + " join messages asked on asked.conversation = m.conversation"
                + " join conversations c on c.id = m.conversation"
                + " where asked.id = ? and c.owner = ? and m.position < asked.position"
                + " and m.text <> '' and m.state <> 'running'"
                + " order by m.position desc limit ?")
        .params(message, owner, most)
        .query((row, number) ->
            new Earlier(row.getString("role"), row.getString("answered_by"), row.getString("text")))
        .list()
        .reversed();
  }

  private static Message message(ResultSet row, int number) throws SQLException {
    return new Message(
        row.getObject("id", UUID.class),
        row.getString("role"),
        row.getString("text"),
        row.getString("state"),
        row.getObject("created_at", OffsetDateTime.class).toInstant());
  }

  /**
   * Looks for words in what somebody said or was answered.
   *
   * @param owner who asks
   * @param words all of which must occur, in any case
   * @param except a message that is not wanted: the question itself
   * @param most how many to find
   * @return newest first
   */
  public List<Found> search(String owner, List<String> words, UUID except, int most) {
    StringBuilder sql =
        new StringBuilder(
            "select m.conversation, c.title, m.role, m.text, m.created_at from messages m"
                + " join conversations c on c.id = m.conversation"
                + " where c.owner = :owner and m.id <> :except and m.text <> ''");
    for (int i = 0; i < words.size(); i++) {
      sql.append(" and locate(:word").append(i).append(", lower(m.text)) > 0");
    }
    sql.append(" order by m.position desc limit :most");
    var statement =
        database.jdbc().sql(sql.toString()).param("owner", owner).param("except", except);
    for (int i = 0; i < words.size(); i++) {
      statement = statement.param("word" + i, words.get(i).toLowerCase(Locale.ROOT));
    }
    return statement
        .param("most", most)
        .query((row, number) ->
            new Found(
                row.getObject("conversation", UUID.class),
                row.getString("title"),
                row.getString("role"),
                row.getString("text"),
                row.getObject("created_at", OffsetDateTime.class).toInstant()))
        .list();
  }

  /**
   * Reads the newest messages of everybody, so that the database has them in memory when the first
   * search comes.
   *
   * @param most how many
   * @return how many there were
   */
  public int warm(int most) {
    return database
        .jdbc()
        .sql("select length(text) from messages order by position desc limit ?")
        .param(most)
        .query(Integer.class)
        .list()
        .size();
  }

  private OffsetDateTime now() {
    return OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
  }
}
