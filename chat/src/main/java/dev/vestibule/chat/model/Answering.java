package dev.vestibule.chat.model;

import dev.vestibule.Scheduler;
import dev.vestibule.Ticker;
import dev.vestibule.chat.assistant.AnswerListener;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One answer of a model on its way: rounds of asking and using tools, each asked again as long as
 * that is allowed. Used by one thread, which waits in one place: for the next event of a queue that
 * the endpoint, the limits, and whoever wants to stop write to.
 */
final class Answering {

  /** How often a model may use tools before it has to answer. */
  static final int MOST_ROUNDS = 6;

  /** How often the endpoint may be asked in vain. */
  static final int MOST_ATTEMPTS = 3;

  /** How long the connection may stay open once the model has said all. */
  static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private sealed interface Event {}

  // The number tells an event of this call from a late one of the call before.
  private record Told(int call, Endpoint.Heard heard) implements Event {}

  private record Late(int call) implements Event {}

  private record GoOn() implements Event {}

  private record GiveUp(ModelFailure.Kind why) implements Event {}

  private final ModelLimits limits;
  private final CircuitBreaker breaker;
  private final Ticker ticker;
  private final Scheduler scheduler;
  private final Pauses pauses;
  private final ModelTools tools;
  private final AnswerListener listener;

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final long begunAt;
  private final List<Said> dialogue;
  private int attempts;
  private int calls;
  private boolean shown;

  Answering(
      ModelLimits limits,
      CircuitBreaker breaker,
      Ticker ticker,
      Scheduler scheduler,
      Pauses pauses,
      ModelTools tools,
      AnswerListener listener,
      List<Said> dialogue) {
    this.limits = limits;
    this.breaker = breaker;
    this.ticker = ticker;
    this.scheduler = scheduler;
    this.pauses = pauses;
    this.tools = tools;
    this.listener = listener;
    this.dialogue = new ArrayList<>(dialogue);
    this.begunAt = ticker.read();
  }

  /** Whether a part of the answer has been told, so that it cannot be begun anew. */
  boolean shown() {
    return shown;
  }

  /**
   * Tells the whole answer.
   *
   * @throws ModelFailure why it is not whole
   */
  void run(Endpoint endpoint) throws ModelFailure, InterruptedException {
    Scheduler.Scheduled whole = giveUpInTime();
    listener.onStop(() -> events.add(new GiveUp(ModelFailure.Kind.STOPPED)));
    try {
      for (int round = 1; ; round++) {
        Said.Answered reply = askUntilAnswered(endpoint, round < MOST_ROUNDS);
        if (reply.calls().isEmpty() || round == MOST_ROUNDS) {
          if (!shown) {
            throw new ModelFailure(ModelFailure.Kind.EMPTY, "no text in " + round + " rounds");
          }
          return;
        }
        dialogue.add(reply);
        dialogue.add(tools.use(reply.calls()));
      }
    } finally {
      whole.cancel();
    }
  }

  /**
   * Asks once and past the breaker, whether the model answers: its first word says so.
   *
   * @throws ModelFailure when it said none
   */
  void probe(Endpoint endpoint) throws ModelFailure, InterruptedException {
    Scheduler.Scheduled whole = giveUpInTime();
    try {
      ask(endpoint, true, true);
    } finally {
      whole.cancel();
    }
  }

  private Scheduler.Scheduled giveUpInTime() {
    return scheduler.schedule(
        () -> events.add(new GiveUp(ModelFailure.Kind.TOO_LONG)), limits.answer());
  }

  private Said.Answered askUntilAnswered(Endpoint endpoint, boolean mayUse)
      throws ModelFailure, InterruptedException {
    ModelFailure before = null;
    while (true) {
      // While it is not closed, a probe finds out, and nobody's question has to wait for that. With
      // permission comes the duty to say how it went.
      if (breaker.getState() != CircuitBreaker.State.CLOSED || !breaker.tryAcquirePermission()) {
        throw before != null
            ? before
            : new ModelFailure(ModelFailure.Kind.DOWN, "its breaker is " + breaker.getState());
      }
      try {
        return askWithPermission(endpoint, mayUse);
      } catch (ModelFailure failure) {
        before = failure;
        attempts++;
        Duration pause = pause(failure);
        if (shown || pause == null) {
          throw failure;
        }
        pause(
            pause,
            "The model did not answer (%s); asking again in %s"
                .formatted(failure.kind().words(), seconds(pause)));
      }
    }
  }

  /** How long to wait before the next attempt; null when there is none. */
  private @Nullable Duration pause(ModelFailure failure) {
    if (!failure.kind().isRetried() || attempts >= MOST_ATTEMPTS) {
      return null;
    }
    Duration pause = pauses.after(attempts, failure.retryAfter());
    Duration left = limits.answer().minusNanos(ticker.read() - begunAt);
    return pause.compareTo(left) < 0 ? pause : null;
  }

  private void pause(Duration pause, String sentence) throws ModelFailure, InterruptedException {
    Scheduler.Scheduled timer = scheduler.schedule(() -> events.add(new GoOn()), pause);
    listener.thinking(sentence);
    try {
      while (true) {
        switch (events.take()) {
          case GoOn _ -> {
            return;
          }
          case GiveUp(ModelFailure.Kind why) -> throw givenUp(why);
          case Told _ -> {}
          case Late _ -> {}
        }
      }
    } finally {
      timer.cancel();
    }
  }

  private Said.Answered askWithPermission(Endpoint endpoint, boolean mayUse)
      throws ModelFailure, InterruptedException {
    long began = ticker.read();
    boolean settled = false;
    try {
      Said.Answered reply = ask(endpoint, mayUse, false);
      settled = true;
      breaker.onSuccess(ticker.read() - began, TimeUnit.NANOSECONDS);
      return reply;
    } catch (ModelFailure failure) {
      if (failure.kind().isCounted()) {
        settled = true;
        breaker.onError(ticker.read() - began, TimeUnit.NANOSECONDS, failure);
      }
      throw failure;
    } finally {
      if (!settled) {
        breaker.releasePermission();
      }
    }
  }

  private Said.Answered ask(Endpoint endpoint, boolean mayUse, boolean firstWord)
      throws ModelFailure, InterruptedException {
    int call = ++calls;
    Reply reply = new Reply(call);
    reply.within(limits.firstToken());
    Endpoint.Asking asking =
        endpoint.ask(dialogue, tools.all(), mayUse, heard -> events.add(new Told(call, heard)));
    try {
      while (true) {
        boolean over =
            switch (events.take()) {
              case Told told -> told.call() == call && reply.take(told.heard());
              case Late late -> late.call() == call && reply.late();
              case GiveUp(ModelFailure.Kind why) -> throw givenUp(why);
              case GoOn _ -> false;
            };
        if (over || (firstWord && reply.hasBegun())) {
          return reply.whole();
        }
      }
    } finally {
      reply.timer.cancel();
      asking.cancel();
    }
  }

  private ModelFailure givenUp(ModelFailure.Kind why) {
    return new ModelFailure(why, why == ModelFailure.Kind.TOO_LONG ? limits.answer() + "" : "");
  }

  static String seconds(Duration duration) {
    return Math.max(1, Math.ceilDiv(duration.toMillis(), 1_000)) + " s";
  }

  /** What one call has brought so far. */
  private final class Reply {
    private final int call;
    private final StringBuilder text = new StringBuilder();
    private final List<Said.Call> wanted = new ArrayList<>();
    private Scheduler.Scheduled timer = () -> {};
    private Duration limit = Duration.ZERO;
    private boolean alive;
    private boolean finished;

    Reply(int call) {
      this.call = call;
    }

    void within(Duration time) {
      timer.cancel();
      limit = time;
      timer = scheduler.schedule(() -> events.add(new Late(call)), time);
    }

    /** True when there is no more to come. */
    boolean take(Endpoint.Heard heard) throws ModelFailure {
      finished |= heard instanceof Endpoint.Finished;
      within(finished ? LAST_WORDS : limits.betweenTokens());
      switch (heard) {
        case Endpoint.Alive _ -> alive = true;
        case Endpoint.Text(String more) -> {
          text.append(more);
          show(more);
        }
        case Endpoint.Calls(List<Said.Call> more) -> wanted.addAll(more);
        case Endpoint.Finished _ -> {}
        case Endpoint.Ended _ -> {
          return true;
        }
        case Endpoint.Failed(ModelFailure failure) -> {
          if (finished) {
            return true;
          }
          throw failure;
        }
      }
      return false;
    }

    /**
     * A reply that is blank is none: its beginning is kept back until there is something to see.
     */
    private void show(String more) {
      if (shown) {
        listener.delta(more);
      } else if (!text.toString().isBlank()) {
        shown = true;
        listener.delta(text.toString());
      }
    }

    /** Whether there is a part of an answer in it. */
    boolean hasBegun() {
      return !text.toString().isBlank() || !wanted.isEmpty();
    }

    /** True when what is late is not needed. */
    boolean late() throws ModelFailure {
      if (finished) {
        return true;
      }
      throw new ModelFailure(
          alive ? ModelFailure.Kind.STALLED : ModelFailure.Kind.SILENT,
          "nothing came for " + limit);
    }

    Said.Answered whole() {
      return new Said.Answered(text.toString(), wanted);
    }
  }
}
