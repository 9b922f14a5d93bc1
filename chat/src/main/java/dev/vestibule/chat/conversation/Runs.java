package dev.vestibule.chat.conversation;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import dev.vestibule.Ticker;
import dev.vestibule.chat.assistant.Assistant;
import dev.vestibule.chat.assistant.Question;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Takes messages, and lets the assistant answer them. A run belongs to its user and not to the
 * socket that began it: it goes on when that is lost, and all of the user's pages hear it. Safe for
 * use by many threads.
 */
public final class Runs {

  private static final System.Logger LOG = System.getLogger(Runs.class.getName());

  /** How many answers one user may have under way. */
  public static final int MOST_PER_USER = 8;

  private final Conversations conversations;
  private final Sockets sockets;
  private final Assistant assistant;
  private final Executor executor;
  private final Ticker ticker;
  private final AnswerTimes times;

  private final Set<Run> underWay = ConcurrentHashMap.newKeySet();
  private volatile boolean closing;

  /**
   * Begins with none.
   *
   * @param conversations where turns are stored
   * @param sockets who hears
   * @param assistant who answers
   * @param executor runs each answer on a thread of its own
   * @param ticker says how long ago an answer was stored, and how long answers take
   * @param times hears how long answers took
   */
  public Runs(
      Conversations conversations,
      Sockets sockets,
      Assistant assistant,
      Executor executor,
      Ticker ticker,
      AnswerTimes times) {
    this.conversations = conversations;
    this.sockets = sockets;
    this.assistant = assistant;
    this.executor = executor;
    this.ticker = ticker;
    this.times = times;
  }

  /**
   * Hears a frame of a page, and answers it with {@code accepted} or {@code error}. Returns when
   * the turn is stored; the run goes on by itself.
   *
   * @param socket where it came from
   * @param text the frame
   */
  public void heard(Socket socket, String text) {
    switch (Frames.read(text)) {
      case Frames.Misunderstood bad -> socket.send(Frames.error(bad.id(), bad.detail()));
      case Frames.Send send -> take(socket, send);
    }
  }

  private void take(Socket socket, Frames.Send send) {
    String user = socket.session().user();
    String id = send.id().toString();
    if (closing) {
      socket.send(Frames.error(id, "The server is restarting; this message was not taken."));
      return;
    }
    if (underWay.stream().filter(run -> run.isFor(user)).count() >= MOST_PER_USER) {
      socket.send(Frames.error(id, "Too many answers are under way; wait for one of them."));
      return;
    }
    Optional<Turn> taken;
    try {
      taken = conversations.take(user, send);
    } catch (RuntimeException e) {
      LOG.log(ERROR, "a message could not be stored", e);
      socket.send(Frames.error(id, "This message could not be stored; send it again."));
      return;
    }
    if (taken.isEmpty()) {
      socket.send(Frames.error(id, "There is no such conversation among yours."));
      return;
    }
    Turn turn = taken.get();
    // Before the run begins, so that no page hears of a run that it cannot place.
    socket.send(Frames.accepted(send.id(), turn));
    if (turn.isNew()) {
      begin(user, turn, send.text());
    }
  }

  private void begin(String user, Turn turn, String text) {
    Run run = new Run(user, turn, conversations, sockets, ticker, times);
    run.answering(assistant.name());
    underWay.add(run);
    executor.execute(() -> {
      try {
        run.run(assistant, new Question(user, turn.question(), text));
      } finally {
        underWay.remove(run);
        synchronized (underWay) {
          underWay.notifyAll();
        }
      }
    });
  }

  /**
   * How many answers are under way.
   *
   * @return zero or more
   */
  public int count() {
    return underWay.size();
  }

  /**
   * Takes no more messages, gives the answers that are under way some time, and stores the rest as
   * interrupted.
   *
   * @param grace how long to wait for them
   * @throws InterruptedException when the calling thread is interrupted
   */
  public void close(Duration grace) throws InterruptedException {
    closing = true;
    long end = ticker.read() + grace.toNanos();
    synchronized (underWay) {
      long left = grace.toMillis();
      while (!underWay.isEmpty() && left > 0) {
        underWay.wait(left);
        left = (end - ticker.read()) / 1_000_000;
      }
    }
    for (Run run : underWay) {
      run.interrupt();
      LOG.log(WARNING, "an answer was interrupted by the end of the process");
    }
    LOG.log(INFO, "no answers under way");
  }
}
