package dev.vestibule.bench.gateway;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Ready -> 101: clients come early, the server behind begins to listen at a moment that no poll
 * knows, and each client's time counts from there; pushed: from the telling.
 */
final class Arrivals implements Measurement {

  private static final int CLIENTS = 50;
  private static final int EARLIEST_MILLIS = 1_000;
  private static final int LATEST_MILLIS = 3_000;
  private static final int ANSWERED_WITHIN = 6_000;

  private final Random random = new Random(20261126);
  private final Figure p50 =
      Figure.percentile("ready.p50", "ready -> 101, p50, ms: unmodified server", 0.50, null);
  private final Figure p99 =
      Figure.percentile(
          "ready.p99", "ready -> 101, p99, ms: unmodified server", 0.99, Figure.Bar.value(10));
  private final Figure first50 =
      Figure.percentile("ready.first.p50", "the same, first start of all, p50, ms", 0.50, null);
  private final Figure first99 =
      Figure.percentile("ready.first.p99", "the same, first start of all, p99, ms", 0.99, null);

  @Override
  public List<Figure> measure(Setting setting) throws Exception {
    warmUp(setting);
    List<Figure> figures = new ArrayList<>(List.of(p50, p99, first50, first99));
    unmodified(setting);
    figures.addAll(new PushedArrivals(this::moment).measure(setting));
    return figures;
  }

  private void unmodified(Setting setting) throws Exception {
    int rounds = setting.quick() ? 2 : 8;
    setting.listen();
    List<Running> programs = setting.startAll();
    try {
      // These have served for a while, and see the server behind go away and come back.
      for (Running program : programs) {
        setting.exercise(program);
      }
      setting.stop();
      for (int round = 0; round < rounds; round++) {
        setting.progress().accept("ready: round " + (round + 1));
        for (Running program : Setting.turned(programs, round)) {
          round(setting, program, p50, p99);
        }
      }
    } finally {
      programs.forEach(Running::close);
    }
    // A program that has just started with what is behind it, and has served nobody yet.
    for (int round = 0; round < rounds / 2; round++) {
      setting.progress().accept("ready, just started: round " + (round + 1));
      for (Program program : Setting.turned(setting.programs(), round)) {
        if (program.holds()) {
          try (Running running = Running.start(program, setting.places(), setting.serverPort())) {
            round(setting, running, first50, first99);
          }
        }
      }
    }
  }

  /** The processes of the load have compiled what they need before anything counts. */
  private static void warmUp(Setting setting) throws IOException {
    setting.listen();
    for (int i = 0; i < 20; i++) {
      setting.open(Figure.BARE, setting.serverPort(), CLIENTS);
      setting.leave();
    }
    setting.stop();
  }

  private void round(Setting setting, Running program, Figure half, Figure most) throws Exception {
    setting.load().ask("arrive " + program.port() + " " + CLIENTS);
    setting.load().say("answers " + (LATEST_MILLIS + ANSWERED_WITHIN));
    Thread.sleep(moment());
    long ready = setting.listen();
    count(setting, program.program().name(), ready, setting.load().hear(), half, most);
    setting.leave();
    setting.stop();
  }

  private long moment() {
    return random.nextInt(EARLIEST_MILLIS, LATEST_MILLIS);
  }

  /** Adds each client's time, and notes whoever had something else than a 101. */
  static void count(
      Setting setting, String name, long ready, String[] answers, Figure half, Figure most) {
    Map<String, Integer> others = new LinkedHashMap<>();
    for (int i = 1; i < answers.length; i++) {
      String[] answer = answers[i].split("@", -1);
      if (answer[0].equals("101")) {
        double millis = (Long.parseLong(answer[1]) - ready) / 1e6;
        half.add(name, millis);
        most.add(name, millis);
      } else {
        others.merge(said(answer[0]), 1, Integer::sum);
      }
    }
    others.forEach((what, many) ->
        setting.note(
            "ready, %s: %d of %d clients of a round %s".formatted(name, many, CLIENTS, what)));
  }

  static int clients() {
    return CLIENTS;
  }

  private static String said(String status) {
    return switch (status) {
      case "0" -> "were cut off";
      case "-1" -> "heard nothing within " + ANSWERED_WITHIN / 1000 + " s of it";
      default -> "had a " + status;
    };
  }
}
