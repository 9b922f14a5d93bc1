package dev.vestibule.chat.conversation;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.WARNING;

import dev.vestibule.Ticker;
import dev.vestibule.chat.assistant.AnswerListener;
import dev.vestibule.chat.assistant.Assistant;
import dev.vestibule.chat.assistant.BrokenOff;
import dev.vestibule.chat.assistant.Question;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One answer as it is made. Its five events come in order, and each is true when it is sent: the
 * last one after the answer is stored. Driven by one thread; {@link #interrupt} by another.
 */
final class Run implements AnswerListener {

  private static final System.Logger LOG = System.getLogger(Run.class.getName());

  /** How much of an answer, in time, a killed process may lose. */
  static final Duration STORED_EVERY = Duration.ofSeconds(1);

  private final String user;
  private final Turn turn;
  private final Conversations conversations;
  private final Sockets sockets;
  private final Ticker ticker;
  private final AnswerTimes times;
  private final long begunAt;

  // Guarded by this.
  private final StringBuilder text = new StringBuilder();
  private int seq;
  private boolean ended;
  private long storedAt;
  private String answering = "";
  private @Nullable Duration toFirstToken;
  private @Nullable Runnable stop;

  Run(
      String user,
      Turn turn,
      Conversations conversations,
      Sockets sockets,
      Ticker ticker,
      AnswerTimes times) {
    this.user = user;
    this.turn = turn;
    this.conversations = conversations;
    this.sockets = sockets;
    this.ticker = ticker;
    this.times = times;
    this.begunAt = ticker.read();
    this.storedAt = begunAt;
  }

  boolean isFor(String name) {
    return user.equals(name);
  }

  void run(Assistant assistant, Question question) {
    event("agent_started", Map.of());
    AnswerTimes.Outcome outcome = AnswerTimes.Outcome.COMPLETE;
    try {
      assistant.answer(question, this);
    } catch (BrokenOff e) {
      delta("\n\n" + e.sentence() + "\n");
      outcome = AnswerTimes.Outcome.BROKEN_OFF;
    } catch (Throwable e) {
      // Whatever it is, somebody waits for the end of this answer.
      LOG.log(WARNING, "an answer broke off", e);
      delta("\n\nThe answer broke off here, because something failed.\n");
      outcome = AnswerTimes.Outcome.BROKEN_OFF;
    }
    end(outcome);
  }

  /** Ends the run where it stands; what its thread still says is not heard. */
  void interrupt() {
    end(AnswerTimes.Outcome.STOPPED);
    Runnable toStop;
    synchronized (this) {
      toStop = stop;
      stop = null;
    }
    if (toStop != null) {
      toStop.run();
    }
  }

  @Override
  public void onStop(Runnable toStop) {
    synchronized (this) {
      if (!ended) {
        stop = toStop;
        return;
      }
    }
    toStop.run();
  }

  @Override
  public synchronized void answering(String assistant) {
    answering = assistant;
  }

  private synchronized void end(AnswerTimes.Outcome outcome) {
    if (ended) {
      return;
    }
    ended = true;
    String state = outcome == AnswerTimes.Outcome.COMPLETE ? "complete" : "interrupted";
    String whole = text.toString();
    try {
      conversations.end(turn, whole, state, answering);
    } catch (RuntimeException e) {
      LOG.log(ERROR, "an answer could not be stored", e);
      sockets.tell(user, Frames.error(null, "An answer could not be stored; it may be lost."));
      return;
    }
    tell(
        "agent_completed",
        Map.of("message", turn.answer().toString(), "text", whole, "state", state));
    try {
      times.answered(answering, toFirstToken, sinceBegun(), outcome);
    } catch (RuntimeException e) {
      LOG.log(WARNING, "who hears how long answers took failed", e);
    }
  }

  private Duration sinceBegun() {
    return Duration.ofNanos(ticker.read() - begunAt);
  }

  @Override
  public void thinking(String detail) {
    event("agent_thinking", Map.of("text", detail));
  }

  @Override
  public void toolExecuting(String tool, String title) {
    event("tool_executing", Map.of("tool", tool, "title", title));
  }

  @Override
  public void toolCompleted(String tool, String title, String result) {
    event("tool_completed", Map.of("tool", tool, "title", title, "result", result));
  }

  @Override
  public synchronized void delta(String more) {
    if (ended) {
      return;
    }
    if (toFirstToken == null) {
      toFirstToken = sinceBegun();
    }
    text.append(more);
    sockets.tell(user, Frames.delta(turn, ++seq, more));
    if (ticker.read() - storedAt >= STORED_EVERY.toNanos()) {
      storedAt = ticker.read();
      conversations.progress(turn, text.toString(), answering);
    }
  }

  private synchronized void event(String name, Map<String, String> detail) {
    if (!ended) {
      tell(name, detail);
    }
  }

  private void tell(String name, Map<String, String> detail) {
    sockets.tell(user, Frames.event(turn, ++seq, name, detail));
  }
}
