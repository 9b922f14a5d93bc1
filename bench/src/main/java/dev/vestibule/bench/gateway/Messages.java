package dev.vestibule.bench.gateway;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * CPU per message: each tunnel has one message on its way, to the server behind and back. One that
 * came back is one message; what the program's processes used in that time is divided by them.
 */
final class Messages implements Measurement {

  private static final int[] SIZES = {125, 16 * 1024};
  private static final int[] TUNNELS = {1, 100, 1000};
  private static final int WARM_MILLIS = 250;
  private static final int WARM_FIRST_MILLIS = 4_000;

  @Override
  public List<Figure> measure(Setting setting) throws Exception {
    List<Figure> figures = new ArrayList<>();
    setting.listen();
    List<Running> programs = setting.startAll();
    try {
      // What compiles as it runs has run by then; the others lose nothing by it.
      for (Running program : programs) {
        for (int size : SIZES) {
          setting.open(program.program().name(), program.port(), 100);
          echo(setting, program, size, setting.quick() ? 1_500 : WARM_FIRST_MILLIS, 10);
          setting.leave();
        }
      }
      for (int size : SIZES) {
        for (int tunnels : TUNNELS) {
          figures.addAll(cell(setting, programs, size, tunnels));
        }
      }
    } finally {
      programs.forEach(Running::close);
      setting.stop();
    }
    return figures;
  }

  private static List<Figure> cell(Setting setting, List<Running> programs, int size, int tunnels)
      throws IOException {
    String what =
        "%s, %,d tunnel%s"
            .formatted(
                size < 1024 ? size + " B" : size / 1024 + " KiB", tunnels, tunnels > 1 ? "s" : "");
    String id = size + "." + tunnels;
    Figure cpu =
        Figure.less(
            "cpu." + id,
            "CPU per message, us: " + what,
            tunnels == 100 ? Figure.Bar.ratio(1) : null);
    Figure rate = Figure.more("rate." + id, "messages/s: " + what, null);
    int window = setting.quick() ? 400 : tunnels == 1 ? 1_500 : 1_000;
    for (int round = 0; round < setting.rounds(); round++) {
      setting.progress().accept("messages, " + what + ": round " + (round + 1));
      setting.open(Figure.BARE, setting.serverPort(), tunnels);
      rate.add(Figure.BARE, echo(setting, null, size, WARM_MILLIS, window).perSecond());
      setting.leave();
      for (Running program : Setting.turned(programs, round)) {
        String name = program.program().name();
        setting.open(name, program.port(), tunnels);
        Echo echo = echo(setting, program, size, WARM_MILLIS, window);
        cpu.add(name, echo.cpuMicros());
        rate.add(name, echo.perSecond());
        setting.leave();
      }
    }
    return List.of(cpu, rate);
  }

  private record Echo(double cpuMicros, double perSecond) {}

  private static Echo echo(
      Setting setting, @Nullable Running program, int size, int warm, int window)
      throws IOException {
    setting.load().say("echo " + size + " " + warm + " " + window);
    setting.load().hear();
    long before = program == null ? 0 : program.cpuNanos();
    String[] ended = setting.load().hear();
    long used = program == null ? 0 : program.cpuNanos() - before;
    long count = Long.parseLong(ended[1]);
    if (!ended[5].equals("0")) {
      throw new IOException(ended[5] + " tunnels were lost (expected: none)");
    }
    return new Echo(used / 1e3 / Math.max(1, count), count / (Long.parseLong(ended[2]) / 1e9));
  }
}
