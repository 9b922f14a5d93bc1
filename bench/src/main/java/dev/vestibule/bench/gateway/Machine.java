package dev.vestibule.bench.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Where the figures come from. */
final class Machine {

  private Machine() {}

  /** Processors, memory, kernel, and what else it was doing. */
  static String describe() throws IOException {
    return "%d x %s, %d GiB, Linux %s, load %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            processor(),
            Math.round(number("/proc/meminfo", "MemTotal") / 1024.0 / 1024.0),
            System.getProperty("os.version").replaceAll("[^0-9.].*", ""),
            String.join(
                " ",
                List.of(Files.readString(Path.of("/proc/loadavg")).split(" ", -1)).subList(0, 3)));
  }

  private static String processor() throws IOException {
    return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(
            "processors (%s)".formatted(System.getProperty("os.arch").toLowerCase(Locale.ROOT)));
  }

  private static long number(String file, String name) throws IOException {
    return Files.readAllLines(Path.of(file)).stream()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(0);
  }
}
