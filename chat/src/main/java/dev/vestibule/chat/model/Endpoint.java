package dev.vestibule.chat.model;

import dev.vestibule.chat.assistant.Tool;
import java.util.List;
import java.util.function.Consumer;

/** Where a model can be asked. Waits for nobody and knows no time limits. Safe for many threads. */
interface Endpoint extends AutoCloseable {

  /** What of an answer has come. */
  sealed interface Heard {}

  /** A sign of work that nobody has to see. */
  record Alive() implements Heard {}

  /** More of the text; not empty. */
  record Text(String text) implements Heard {}

  /** Tools that the model wants. */
  record Calls(List<Said.Call> calls) implements Heard {}

  /** The model says the last of it: what follows at once, if anything, and the connection's end. */
  record Finished() implements Heard {}

  /** The connection has ended. The last that is heard. */
  record Ended() implements Heard {}

  /** Something failed. The last that is heard. */
  record Failed(ModelFailure failure) implements Heard {}

  /** A question under way. */
  @FunctionalInterface
  interface Asking {
    /** Lets go of it, wherever it stands; little or nothing is heard after that. */
    void cancel();
  }

  /**
   * Asks once.
   *
   * @param dialogue what was said so far, the question last
   * @param tools what the model may use
   * @param mayUse false when it has used enough and has to answer
   * @param heard told in order, by one thread at a time; must not block
   */
  Asking ask(List<Said> dialogue, List<Tool> tools, boolean mayUse, Consumer<Heard> heard);

  @Override
  void close();
}
