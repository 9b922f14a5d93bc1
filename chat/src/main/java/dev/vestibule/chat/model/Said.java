package dev.vestibule.chat.model;

import java.util.List;

/** One part of what a model is told. Immutable. */
sealed interface Said {

  /** What holds for all of it. */
  record Instructions(String text) implements Said {}

  /** What somebody asked. */
  record Asked(String text) implements Said {}

  /** What a model said, and which tools it wanted. */
  record Answered(String text, List<Call> calls) implements Said {
    public Answered {
      calls = List.copyOf(calls);
    }
  }

  /** What the tools that it wanted found, in the same order. */
  record Found(List<Result> results) implements Said {
    public Found {
      results = List.copyOf(results);
    }
  }

  /** A tool that a model wants; arguments are JSON as it wrote them. */
  record Call(String id, String tool, String arguments) {}

  /** What came of it. */
  record Result(Call call, String text) {}
}
