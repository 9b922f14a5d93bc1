package dev.vestibule.chat.model;

import dev.vestibule.Scheduler;
import dev.vestibule.Ticker;
import dev.vestibule.chat.assistant.AnswerListener;
import dev.vestibule.chat.assistant.Assistant;
import dev.vestibule.chat.assistant.BrokenOff;
import dev.vestibule.chat.assistant.Guide;
import dev.vestibule.chat.assistant.Question;
import dev.vestibule.chat.conversation.Conversations;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * Answers with a model, and says so when it cannot. Before the first token has been told, the guide
 * answers in its place; after it, the answer ends where it stands. Safe for use by many threads.
 */
final class ModelAssistant implements Assistant {

  /** Its {@link #name()}. */
  static final String NAME = "model";

  /** Begins the last paragraph of an answer that has no end. */
  static final String BROKE_OFF = "**The model broke off here**";

  private final ModelSettings settings;
  private final Callable<Endpoint> endpoint;
  private final CircuitBreaker breaker;
  private final Guide guide;
  private final Memory memory;
  private final Ticker ticker;
  private final Scheduler scheduler;
  private final Pauses pauses;
  private final FailureLog log;
  private final Consumer<String> failures;

  private volatile ModelFailure lastFailure =
      new ModelFailure(ModelFailure.Kind.DOWN, "nothing yet");

  /**
   * Puts it together; nothing is asked yet.
   *
   * @param endpoint gets the endpoint ready when it is first called; may block
   * @param failures told the kind of each failure; must not block
   */
  ModelAssistant(
      ModelSettings settings,
      Callable<Endpoint> endpoint,
      CircuitBreaker breaker,
      Guide guide,
      Conversations conversations,
      Ticker ticker,
      Scheduler scheduler,
      Pauses pauses,
      Consumer<String> failures) {
    this.settings = settings;
    this.endpoint = endpoint;
    this.breaker = breaker;
    this.guide = guide;
    this.memory = new Memory(conversations);
    this.ticker = ticker;
    this.scheduler = scheduler;
    this.pauses = pauses;
    this.log = new FailureLog(settings.name(), ticker);
    this.failures = failures;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void answer(Question question, AnswerListener listener) throws Exception {
    listener.thinking("Asking the model " + settings.name());
    Answering answering =
        answering(new ModelTools(guide.tools(), question, listener), listener, memory.of(question));
    try {
      answering.run(endpoint.call());
      log.answered();
    } catch (ModelFailure failure) {
      if (failure.kind() == ModelFailure.Kind.STOPPED) {
        return;
      }
      failed(failure);
      if (answering.shown()) {
        throw new BrokenOff("%s: %s.".formatted(BROKE_OFF, failure.kind().words()));
      }
      inItsPlace(failure, question, listener);
    }
  }

  private void failed(ModelFailure failure) {
    log.failed(failure);
    failures.accept(failure.kind().label());
    if (failure.kind() != ModelFailure.Kind.DOWN) {
      lastFailure = failure;
    }
  }

  private void inItsPlace(ModelFailure failure, Question question, AnswerListener listener) {
    ModelFailure.Kind why =
        failure.kind() == ModelFailure.Kind.DOWN ? lastFailure.kind() : failure.kind();
    String what =
        breaker.getState() == CircuitBreaker.State.CLOSED
            ? "**The model did not answer**: %s."
            : "**The model is down**: %s. It is asked again by itself.";
    String sentence =
        (what + " The built-in guide answers in its place.\n\n").formatted(why.words());
    listener.answering(guide.name());
    guide.answer(question, new Beginning(sentence, listener));
  }

  /**
   * Asks whether the model answers, in as few words as possible. Not through the breaker: whoever
   * binds that does it.
   *
   * @return true
   * @throws ModelFailure when it did not answer
   * @throws Exception when it could not be asked
   */
  boolean probe() throws Exception {
    AnswerListener nobody = AnswerListener.silent();
    Question question = new Question("-", new UUID(0, 0), "");
    List<Said> dialogue = List.of(new Said.Asked("Answer with the one word: yes"));
    try {
      answering(new ModelTools(List.of(), question, nobody), nobody, dialogue)
          .probe(endpoint.call());
      log.answered();
      return true;
    } catch (ModelFailure failure) {
      failed(failure);
      throw failure;
    }
  }

  private Answering answering(ModelTools tools, AnswerListener listener, List<Said> dialogue) {
    return new Answering(
        settings.limits(), breaker, ticker, scheduler, pauses, tools, listener, dialogue);
  }

  /** Hears the guide in the model's place: its answer begins with why that is so. */
  private static final class Beginning implements AnswerListener {
    private final AnswerListener listener;
    private String sentence;

    Beginning(String sentence, AnswerListener listener) {
      this.sentence = sentence;
      this.listener = listener;
    }

    @Override
    public void thinking(String detail) {
      listener.thinking(detail);
    }

    @Override
    public void toolExecuting(String tool, String title) {
      listener.toolExecuting(tool, title);
    }

    @Override
    public void toolCompleted(String tool, String title, String result) {
      listener.toolCompleted(tool, title, result);
    }

    @Override
    public void delta(String text) {
      if (!sentence.isEmpty()) {
        listener.delta(sentence);
        sentence = "";
      }
      listener.delta(text);
    }
  }
}
