package dev.vestibule.e2e;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.CodeSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * The clients of the JVM in one process: takes its houses as {@code NAME=PORT}, warms up at the one
 * named warm, says ready, waits for a line, calls at all others, and tells what it heard.
 */
final class MatrixCallers {

  private MatrixCallers() {}

  public static void main(String[] args) throws Exception {
    Map<String, Caller> callers = new LinkedHashMap<>();
    callers.put("jdk", new JdkCaller());
    callers.put("okhttp", new OkHttpCaller());
    callers.put("tyrus", JakartaCaller.tyrus());
    callers.put("tyrus-retry", JakartaCaller.tyrusThatHeedsRetryAfter());
    callers.put("tomcat", JakartaCaller.tomcat());
    callers.put("netty", new NettyCaller(true));
    callers.put("netty-frames", new NettyCaller(false));
    Map<String, String> houses = new LinkedHashMap<>();
    for (String arg : args) {
      houses.put(arg.substring(0, arg.indexOf('=')), arg.substring(arg.indexOf('=') + 1));
    }
    // The first call of each loads its classes, which takes longer than some clients wait.
    CountDownLatch warm = new CountDownLatch(callers.size());
    String open = houses.remove("warm");
    callers.forEach((slug, caller) -> {
      Caller.Ears warming =
          new Caller.Ears() {
            @Override
            public void saw(String what) {
              if (what.equals("echo")) {
                warm.countDown();
              }
            }

            @Override
            public void end(String what) {}
          };
      call(caller, slug, String.valueOf(open), warming);
    });
    warm.await();
    callers.forEach(
        (slug, caller) -> System.out.println("version|" + slug + "|" + version(caller.library())));
    System.out.println("ready");
    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    houses.forEach((house, port) ->
        callers.forEach((slug, caller) -> call(caller, slug, port, new Printing(slug, house))));
    Thread.currentThread().join();
  }

  private static void call(Caller caller, String slug, String port, Caller.Ears ears) {
    URI uri = URI.create("ws://127.0.0.1:" + port + "/echo?client=" + slug);
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            caller.call(uri, ears);
          } catch (Exception e) {
            ears.end(Caller.words(e));
          }
        });
  }

  /** From the name of the jar; of the JDK its own. */
  private static String version(Class<?> library) {
    CodeSource source = library.getProtectionDomain().getCodeSource();
    return source == null || !source.getLocation().getPath().endsWith(".jar")
        ? Integer.toString(Runtime.version().feature())
        : source.getLocation().getPath().replaceAll(".*-(\\d[\\w.]*)\\.jar", "$1");
  }

  private record Printing(String slug, String house) implements Caller.Ears {
    @Override
    public void saw(String what) {
      System.out.println("saw|" + slug + "|" + house + "|" + what.replaceAll("\\s+", " "));
    }

    @Override
    public void end(String what) {
      System.out.println("end|" + slug + "|" + house + "|" + what.replaceAll("\\s+", " "));
    }
  }
}
