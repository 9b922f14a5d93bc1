package dev.vestibule.bench.gateway;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Connect, handshake, 101, close, again: how many a second, and what each costs the program. */
final class Handshaking implements Measurement {

  private static final int AT_ONCE = 64;

  @Override
  public List<Figure> measure(Setting setting) throws Exception {
    Figure rate = Figure.more("handshakes", "handshakes/s", Figure.Bar.ratio(1));
    Figure cpu = Figure.less("handshakes.cpu", "CPU per handshake, us", null);
    int window = setting.quick() ? 600 : 2_500;
    setting.listen();
    List<Running> programs = setting.startAll();
    try {
      for (Running program : programs) {
        setting.exercise(program);
      }
      for (int round = 0; round < setting.rounds(); round++) {
        setting.progress().accept("handshakes: round " + (round + 1));
        go(setting, null, rate, cpu, 250, window);
        for (Running program : Setting.turned(programs, round)) {
          go(setting, program, rate, cpu, 250, window);
        }
      }
    } finally {
      programs.forEach(Running::close);
      setting.stop();
    }
    return List.of(rate, cpu);
  }

  private static void go(
      Setting setting, @Nullable Running program, Figure rate, Figure cpu, int warm, int window)
      throws IOException {
    String name = program == null ? Figure.BARE : program.program().name();
    int port = program == null ? setting.serverPort() : program.port();
    Counted counted =
        Counted.in(
            setting, "handshakes %d %d %d %d".formatted(port, AT_ONCE, warm, window), program);
    if (counted.failed() > 0) {
      setting.note("handshakes, " + name + ": " + counted.failed() + " failed");
    }
    rate.add(name, counted.perSecond());
    if (program != null) {
      cpu.add(name, counted.cpuMicros());
    }
  }
}
