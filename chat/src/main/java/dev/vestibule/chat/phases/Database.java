package dev.vestibule.chat.phases;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Phase {@code database}: a pool on the embedded database in the data directory, its tables brought
 * up to date. Safe for use by many threads.
 */
public final class Database implements AutoCloseable {

  /** Somebody asked for the database before it was there. */
  public static final class NotReady extends IllegalStateException {
    private static final long serialVersionUID = 1;

    NotReady() {
      super("the database is not ready yet");
    }
  }

  private record Open(HikariDataSource pool, JdbcClient jdbc, TransactionTemplate transactions) {}

  private final Path directory;
  private volatile @Nullable Open open;
  private boolean closed;

  /**
   * Names the place; nothing is opened yet.
   *
   * @param directory where the database's file is, which must exist when the phase runs
   */
  public Database(Path directory) {
    this.directory = directory;
  }

  /**
   * Does the phase's work. May be called again after a failure, also beside an attempt that was
   * given up and has not noticed yet.
   *
   * @param slowdown how slowly
   * @param afterwards what must be done to the tables before anybody else uses them
   * @throws InterruptedException when the phase is given up
   */
  public void run(Slowdown slowdown, Runnable afterwards) throws InterruptedException {
    Slowdown.Course course = slowdown.begin(3);
    HikariDataSource pool = pool();
    boolean done = false;
    try {
      course.portion();
      Flyway.configure().dataSource(pool).locations("classpath:db/migration").load().migrate();
      course.portion();
      publish(pool);
      afterwards.run();
      course.portion();
      done = true;
    } finally {
      if (!done) {
        withdraw(pool);
      }
    }
  }

  private HikariDataSource pool() {
    HikariConfig config = new HikariConfig();
    config.setPoolName("chat");
    // async: an interrupted thread must not close the file under everybody else.
    // WRITE_DELAY: what is committed is in the file when it is acknowledged, also if the process is
    // killed in the next moment; H2 would write within half a second.
    // DB_CLOSE_ON_EXIT: it is closed after the drain, and not by a hook that races with it.
    config.setJdbcUrl(
        "jdbc:h2:async:%s;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE"
            .formatted(directory.toAbsolutePath().resolve("chat")));
    config.setUsername("sa");
    config.setPassword("");
    config.setMaximumPoolSize(8);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(3_000);
    config.setRegisterMbeans(false);
    return new HikariDataSource(config);
  }

  private synchronized void publish(HikariDataSource pool) throws InterruptedException {
    if (closed || Thread.interrupted()) {
      throw new InterruptedException("the phase was given up");
    }
    Open before = open;
    open =
        new Open(
            pool,
            JdbcClient.create(pool),
            new TransactionTemplate(new JdbcTransactionManager(pool)));
    if (before != null) {
      before.pool().close();
    }
  }

  private synchronized void withdraw(HikariDataSource pool) {
    Open now = open;
    if (now != null && now.pool().equals(pool)) {
      open = null;
    }
    pool.close();
  }

  /**
   * Whether it can be used.
   *
   * @return false until the tables are up to date, and after the end
   */
  public boolean isReady() {
    return open != null;
  }

  /**
   * For statements.
   *
   * @return Spring's client
   * @throws NotReady before the phase is done
   */
  public JdbcClient jdbc() {
    return open().jdbc();
  }

  /**
   * Does several statements as one.
   *
   * @param work what to do; anything that it throws takes all of it back
   * @param <T> what it returns
   * @return what it returned
   * @throws NotReady before the phase is done
   */
  public <T> T together(Supplier<T> work) {
    T result = open().transactions().execute(status -> work.get());
    if (result == null) {
      throw new IllegalStateException("work: null (expected: a result)");
    }
    return result;
  }

  private Open open() {
    Open now = open;
    if (now == null) {
      throw new NotReady();
    }
    return now;
  }

  @Override
  public synchronized void close() {
    closed = true;
    Open now = open;
    open = null;
    if (now != null) {
      now.pool().close();
    }
  }
}
