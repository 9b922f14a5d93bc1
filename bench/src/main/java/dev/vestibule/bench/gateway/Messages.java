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
          warmUp(setting, size, setting.quick() ? 1_500 : WARM_FIRST_MILLIS);
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
        Counted echo = echo(setting, program, size, WARM_MILLIS, window);
        cpu.add(name, echo.cpuMicros());
        rate.add(name, echo.perSecond());
        setting.leave();
      }
    }
    return List.of(cpu, rate);
  }

  private static Counted echo(
      Setting setting, @Nullable Running program, int size, int warm, int window)
      throws IOException {
    Counted counted = Counted.in(setting, "echo " + size + " " + warm + " " + window, program);
    if (counted.failed() > 0) {
      throw new IOException(counted.failed() + " tunnels were lost (expected: none)");
    }
    return counted;
  }

  /** Not counted. */
  private static void warmUp(Setting setting, int size, int millis) throws IOException {
    setting.load().say("echo " + size + " " + millis + " 10");
    setting.load().hear();
    setting.load().hear();
  }
}
