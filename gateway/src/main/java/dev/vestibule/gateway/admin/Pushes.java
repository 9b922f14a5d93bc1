package dev.vestibule.gateway.admin;

import dev.vestibule.gateway.config.ReadinessSettings;
import dev.vestibule.gateway.upstream.PushedState;
import dev.vestibule.gateway.upstream.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What servers say of their phases: understood as a whole or not at all. Used by one thread at a
 * time.
 */
final class Pushes {

  private static final int MOST_CAUSE = 1_000;

  private final List<Upstream> pushed;
  private final List<String> names;

  Pushes(List<Upstream> upstreams) {
    this.pushed =
        upstreams.stream()
            .filter(it -> it.settings().readiness() instanceof ReadinessSettings.Pushed)
            .toList();
    this.names = pushed.stream().map(Upstream::name).toList();
  }

  private record Push(Upstream upstream, String phase, PushedState state, Said cause) {}

  /** Takes all of it, or says all that is wrong with it. */
  Answer take(byte[] body) {
    PushMistakes mistakes = new PushMistakes();
    List<Push> pushes = new ArrayList<>();
    for (Map<String, String> one : PushReader.read(body, mistakes)) {
      Push push = understand(one, mistakes);
      if (push != null) {
        pushes.add(push);
      }
    }
    if (!mistakes.isEmpty()) {
      return Answer.problem(400, mistakes.toString());
    }
    for (Push push : pushes) {
      push.upstream().push(push.phase(), push.state(), push.cause());
    }
    return Answer.nothing();
  }

  private @Nullable Push understand(Map<String, String> one, PushMistakes mistakes) {
    String phase = one.get(PushReader.PHASE);
    String said = one.get(PushReader.STATE);
    String cause = one.getOrDefault(PushReader.CAUSE, "");
    if (phase == null) {
      mistakes.add("phase", "missing", "one of " + phases(pushed));
    }
    PushedState state = said == null ? null : state(said);
    if (state == null) {
      mistakes.add("state", said == null ? "missing" : said, List.of(PushedState.values()));
    }
    if (cause.length() > MOST_CAUSE) {
      mistakes.add("cause", cause.length() + " characters", "at most " + MOST_CAUSE);
    }
    Upstream upstream = upstream(one.get(PushReader.UPSTREAM), phase, mistakes);
    return phase == null || state == null || upstream == null
        ? null
        : new Push(upstream, phase, state, new Said(cause));
  }

  private static @Nullable PushedState state(String said) {
    for (PushedState state : PushedState.values()) {
      if (state.name().equals(said)) {
        return state;
      }
    }
    return null;
  }

  /** Whose phase it is; it need not be said where only one has such a phase. */
  private @Nullable Upstream upstream(
      @Nullable String name, @Nullable String phase, PushMistakes mistakes) {
    List<Upstream> meant =
        name == null ? pushed : pushed.stream().filter(it -> it.name().equals(name)).toList();
    if (meant.isEmpty()) {
      mistakes.add(
          "upstream", name == null ? "missing" : name, "one whose readiness is pushed: " + names);
      return null;
    }
    if (phase == null) {
      return null;
    }
    List<Upstream> have = meant.stream().filter(it -> it.phases().contains(phase)).toList();
    if (have.isEmpty()) {
      mistakes.add("phase", phase, "one of " + phases(meant));
    } else if (have.size() > 1) {
      mistakes.add(
          "upstream",
          "missing",
          "one of " + have.stream().map(Upstream::name).toList() + " for phase " + phase);
    }
    return have.size() == 1 ? have.get(0) : null;
  }

  private static List<String> phases(List<Upstream> upstreams) {
    return upstreams.stream().flatMap(it -> it.phases().stream()).distinct().toList();
  }
}
