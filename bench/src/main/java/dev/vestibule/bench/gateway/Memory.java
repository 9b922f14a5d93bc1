package dev.vestibule.bench.gateway;

import java.io.IOException;
import java.util.List;

/**
 * How much resident memory grows by each connection that is held, and by each that is open. A fresh
 * process each time, which has served a few before the first reading.
 */
final class Memory implements Measurement {

  private static final int MANY = 5_000;
  private static final int MORE = 9_000;
  private static final int BEFORE = 200;

  @Override
  public List<Figure> measure(Setting setting) throws Exception {
    Figure idle = Figure.less("memory.idle", "resident after the first 200, MiB", null);
    Figure held =
        Figure.less("memory.held", "per held connection of 5,000, KiB", Figure.Bar.value(4));
    Figure more = Figure.less("memory.held.9000", "per held connection of 9,000, KiB", null);
    Figure open = Figure.less("memory.open", "per open connection of 5,000, KiB", null);
    int rounds = setting.quick() ? 1 : 2;
    for (int round = 0; round < rounds; round++) {
      setting.progress().accept("memory: round " + (round + 1));
      for (Program program : Setting.turned(setting.programs(), round)) {
        if (program.holds()) {
          held.add(program.name(), held(setting, program, MANY));
        } else {
          setting.note("memory, " + program.name() + ": holds nobody");
        }
        if (program instanceof OurGateway && !setting.quick()) {
          more.add(program.name(), held(setting, program, MORE));
        }
        open.add(program.name(), open(setting, program, idle));
      }
    }
    return List.of(idle, held, more, open);
  }

  private static double held(Setting setting, Program program, int count) throws Exception {
    setting.listen();
    try (Running running = Running.start(program, setting.places(), setting.serverPort())) {
      serveAFew(setting, running);
      setting.stop();
      settle();
      long before = running.residentKib();
      setting.load().ask("arrive " + running.port() + " " + count);
      String[] answers = setting.load().ask("answers 1500");
      long waiting =
          List.of(answers).stream().filter(a -> a.startsWith(Client.WAITS + "@")).count();
      if (waiting != count) {
        setting.note(
            "memory, %s: of %d that were to be held, %d were"
                .formatted(program.name(), count, waiting));
      }
      double each = (running.residentKib() - before) / (double) Math.max(1, waiting);
      setting.leave();
      return each;
    }
  }

  private static double open(Setting setting, Program program, Figure idle) throws Exception {
    setting.listen();
    try (Running running = Running.start(program, setting.places(), setting.serverPort())) {
      serveAFew(setting, running);
      settle();
      long before = running.residentKib();
      idle.add(program.name(), before / 1024.0);
      setting.open(program.name(), running.port(), MANY);
      carryAFew(setting);
      settle();
      double each = (running.residentKib() - before) / (double) MANY;
      setting.leave();
      return each;
    } finally {
      setting.stop();
    }
  }

  private static void serveAFew(Setting setting, Running running) throws IOException {
    setting.open(running.program().name(), running.port(), BEFORE);
    carryAFew(setting);
    setting.leave();
  }

  /** Each tunnel carries at least one message both ways: one that carried none has no buffers. */
  private static void carryAFew(Setting setting) throws IOException {
    setting.load().ask("echo 125 1 200");
    setting.load().hear();
  }

  private static void settle() throws InterruptedException {
    Thread.sleep(700);
  }
}
