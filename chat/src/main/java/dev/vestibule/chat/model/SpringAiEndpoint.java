package dev.vestibule.chat.model;

import com.openai.client.OpenAIClientAsync;
import com.openai.client.OpenAIClientAsyncImpl;
import com.openai.core.ClientOptions;
import com.openai.core.Sleeper;
import dev.vestibule.chat.assistant.Tool;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.DefaultToolDefinition;
import org.springframework.ai.tool.definition.ToolDefinition;
import reactor.core.Disposable;
import tools.jackson.databind.json.JsonMapper;

/**
 * An OpenAI-compatible endpoint, asked through Spring AI. The only class that knows Spring AI.
 * Retries, limits and tools are not left to it: it neither ends a request that stalls nor tells a
 * stream that was cut from one that is complete.
 */
final class SpringAiEndpoint implements Endpoint {

  private static final JsonMapper MAPPER = new JsonMapper();

  // Where Reactor looks before it logs an error that comes after a cancellation, with its stack.
  private static final String ON_ERROR_DROPPED = "reactor.onErrorDropped.local";

  // It logs each failure with its stack and whatever the endpoint wrote. Ours are logged in one
  // line. Held, because the JDK keeps loggers by weak references.
  private static final Logger LOUD =
      Logger.getLogger("org.springframework.ai.chat.model.MessageAggregator");

  private static final Sleeper NO_RETRIES =
      new Sleeper() {
        @Override
        public void sleep(Duration duration) {
          throw new UnsupportedOperationException("retries are Answering's");
        }

        @Override
        public CompletableFuture<Void> sleepAsync(Duration duration) {
          return CompletableFuture.failedFuture(
              new UnsupportedOperationException("retries are Answering's"));
        }

        @Override
        public void close() {}
      };

  private final ModelSettings settings;
  private final FailureReader failures;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http;

  /**
   * Loads what it needs; touches no network.
   *
   * @param clock reads a {@code Retry-After} that names a time
   */
  SpringAiEndpoint(ModelSettings settings, InstantSource clock) {
    LOUD.setLevel(Level.OFF);
    this.settings = settings;
    this.failures = new FailureReader(settings, clock);
    // HTTP/1.1: with it the JDK asks plain servers for an upgrade that some of them choke on.
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(settings.limits().connect())
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(threads)
            .build();
    model(new Transport(http, null));
  }

  private OpenAiChatModel model(Transport transport) {
    OpenAIClientAsync client =
        new OpenAIClientAsyncImpl(
            ClientOptions.builder()
                .httpClient(transport)
                .baseUrl(settings.url().toString())
                // The library insists on one; the transport sends the real one.
                .apiKey("none")
                .maxRetries(0)
                // A plain executor: one that can be shut down is wrapped, kept for good, and shut
                // down with the first client that is garbage.
                .streamHandlerExecutor(task -> threads.execute(task))
                // Its own is a thread for each client.
                .sleeper(NO_RETRIES)
                .build());
    return OpenAiChatModel.builder()
        .openAiClient(client.sync())
        .openAiClientAsync(client)
        .options(OpenAiChatOptions.builder().model(settings.name()).build())
        .build();
  }

  @Override
  public Asking ask(List<Said> dialogue, List<Tool> tools, boolean mayUse, Consumer<Heard> heard) {
    Transport transport = new Transport(http, settings.key());
    OpenAiChatOptions.Builder options = OpenAiChatOptions.builder().model(settings.name());
    if (!tools.isEmpty()) {
      options.toolCallbacks(tools.stream().<ToolCallback>map(Described::new).toList());
      if (!mayUse) {
        options.toolChoice("none");
      }
    }
    Prompt prompt =
        new Prompt(dialogue.stream().map(SpringAiEndpoint::message).toList(), options.build());
    AtomicReference<Ending> ending = new AtomicReference<>(Ending.NONE);
    Disposable subscription =
        model(transport).stream(prompt)
            .contextWrite(context -> context.put(ON_ERROR_DROPPED, (Consumer<Throwable>) e -> {}))
            .subscribe(
                response -> tell(response, heard, ending),
                failure -> {
                  if (ending.get() != Ending.BAD) {
                    heard.accept(new Failed(failures.read(failure, transport.answered())));
                  }
                },
                () -> ended(transport, heard, ending.get()));
    return () -> {
      // First: the library's own close waits for a read, and only this ends one that stalls.
      transport.cancel();
      subscription.dispose();
    };
  }

  private static void tell(
      ChatResponse response, Consumer<Heard> heard, AtomicReference<Ending> ending) {
    if (ending.get() == Ending.BAD) {
      return;
    }
    Generation generation = response.getResult();
    heard.accept(new Alive());
    if (generation == null) {
      return;
    }
    String reason = generation.getMetadata().getFinishReason();
    ModelFailure failure = reason == null ? null : failure(reason);
    if (reason != null && failure == null) {
      ending.set(Ending.GOOD);
      heard.accept(new Finished());
    }
    AssistantMessage message = generation.getOutput();
    String text = message.getText();
    if (text != null && !text.isEmpty()) {
      heard.accept(new Text(text));
    }
    List<Said.Call> calls =
        message.getToolCalls().stream()
            .map(call -> new Said.Call(call.id(), call.name(), call.arguments()))
            .toList();
    if (failure != null) {
      ending.set(Ending.BAD);
      heard.accept(new Failed(failure));
    } else if (!calls.isEmpty()) {
      heard.accept(new Calls(calls));
    }
  }

  /** What is wrong with the reason that a model gives for its end; null when nothing is. */
  private static @Nullable ModelFailure failure(String reason) {
    ModelFailure.Kind kind =
        switch (reason.toLowerCase(Locale.ROOT)) {
          case "stop", "tool_calls" -> null;
          case "length" -> ModelFailure.Kind.LENGTH;
          case "content_filter" -> ModelFailure.Kind.FILTERED;
          default -> ModelFailure.Kind.UNFINISHED;
        };
    return kind == null ? null : new ModelFailure(kind, "its reason to end was " + reason);
  }

  /** The library takes any end of the connection for the end of the answer. */
  private static void ended(Transport transport, Consumer<Heard> heard, Ending ending) {
    if (ending == Ending.GOOD) {
      heard.accept(new Ended());
    } else if (ending == Ending.NONE) {
      // The library hides a reason that it does not know; whatever it is, it is not a good one.
      heard.accept(
          new Failed(
              transport.saidDone()
                  ? new ModelFailure(
                      ModelFailure.Kind.UNFINISHED, "no reason, or an unknown one, for its end")
                  : new ModelFailure(
                      ModelFailure.Kind.CUT, "the stream ended before the answer did")));
    }
  }

  private static Message message(Said said) {
    return switch (said) {
      case Said.Instructions(String text) -> new SystemMessage(text);
      case Said.Asked(String text) -> new UserMessage(text);
      case Said.Answered(String text, List<Said.Call> calls) ->
          AssistantMessage.builder()
              .content(text)
              .toolCalls(
                  calls.stream()
                      .map(call ->
                          new AssistantMessage.ToolCall(
                              call.id(), "function", call.tool(), call.arguments()))
                      .toList())
              .build();
      case Said.Found(List<Said.Result> results) ->
          ToolResponseMessage.builder()
              .responses(
                  results.stream()
                      .map(result ->
                          new ToolResponseMessage.ToolResponse(
                              result.call().id(), result.call().tool(), result.text()))
                      .toList())
              .build();
    };
  }

  @Override
  public void close() {
    http.shutdownNow();
    threads.shutdownNow();
  }

  /** Whether the model has given a reason for its end, and which. */
  private enum Ending {
    NONE,
    GOOD,
    BAD
  }

  /** A tool as the model is told of it; used elsewhere. */
  private static final class Described implements ToolCallback {
    private final ToolDefinition definition;

    Described(Tool tool) {
      definition = new DefaultToolDefinition(tool.name(), tool.title(), schema(tool.asksFor()));
    }

    private static String schema(@Nullable String asksFor) {
      Map<String, Object> schema = new LinkedHashMap<>();
      schema.put("type", "object");
      if (asksFor == null) {
        schema.put("properties", Map.of());
      } else {
        schema.put(
            "properties",
            Map.of(ModelTools.QUERY, Map.of("type", "string", "description", asksFor)));
        schema.put("required", List.of(ModelTools.QUERY));
      }
      return MAPPER.writeValueAsString(schema);
    }

    @Override
    public ToolDefinition getToolDefinition() {
      return definition;
    }

    @Override
    public String call(String input) {
      throw new UnsupportedOperationException("tools are used by ModelTools");
    }
  }
}
