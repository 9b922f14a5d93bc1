package dev.vestibule.bench.gateway;

import java.util.List;

/** From exec until a connection is accepted. Nothing listens behind. */
final class Starts implements Measurement {

  @Override
  public List<Figure> measure(Setting setting) throws Exception {
    Figure starts = Figure.less("start", "process start -> port open, ms", Figure.Bar.value(130));
    int rounds = setting.quick() ? 5 : 20;
    for (int round = 0; round < rounds; round++) {
      setting.progress().accept("starts: round " + (round + 1));
      for (Program program : Setting.turned(setting.programs(), round)) {
        try (Running running = Running.start(program, setting.places(), setting.serverPort())) {
          starts.add(program.name(), running.nanosToOpen() / 1e6);
        }
      }
    }
    return List.of(starts);
  }
}
