package dev.vestibule.gateway.child;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * The signals that {@code vestibule run} gets, and what becomes of them.
 *
 * <table>
 *   <caption>Signals</caption>
 *   <tr><th>signal</th><th>what happens</th></tr>
 *   <tr><td>TERM, INT</td><td>drain; then the child gets it; after its grace it is killed</td></tr>
 *   <tr><td>INT after one of them</td><td>the child is killed</td></tr>
 *   <tr><td>HUP</td><td>on a terminal as TERM, since that is gone; else passed on</td></tr>
 *   <tr><td>USR1, USR2, WINCH, ALRM, URG, IO, PWR, CONT</td><td>passed on</td></tr>
 *   <tr><td>QUIT</td><td>kept by the JVM, which prints its threads</td></tr>
 *   <tr><td>TSTP, TTIN, TTOU, STOP, KILL</td><td>what they always do, to the gateway alone</td></tr>
 * </table>
 *
 * <p>What a terminal sends, it sends to all processes of the foreground group, and the child is one
 * of them. So while the gateway is in the foreground of a terminal, INT, HUP and WINCH are not
 * passed on. Nothing tells such a signal from one that was sent by kill(1) to the gateway alone;
 * see {@link Child#stop} for what is done about that.
 */
public final class Signals {

  private static final System.Logger LOG = System.getLogger(Signals.class.getName());

  private static final List<String> PASSED_ON =
      List.of("USR1", "USR2", "WINCH", "ALRM", "URG", "IO", "PWR", "CONT");

  private final Child child;
  private final Drain drain;
  private final AtomicBoolean ending = new AtomicBoolean();
  private final boolean startedOnTerminal = isOnTerminal();

  /** What comes before the child is told to end. */
  public interface Drain {

    /**
     * Begins it.
     *
     * @param atOnce whether somebody sits at a terminal and waits for the end
     * @return completes, however it does, when the child shall be told
     */
    CompletionStage<?> begin(boolean atOnce);
  }

  private Signals(Child child, Drain drain) {
    this.child = child;
    this.drain = drain;
  }

  /**
   * Catches signals from now on. Signals that cannot be caught, as TERM, INT and HUP with the JVM's
   * {@code -Xrs}, are named in the log.
   *
   * @param child who gets them
   * @param drain called once at most
   */
  public static void install(Child child, Drain drain) {
    Signals signals = new Signals(child, drain);
    handle("TERM", number -> signals.stop(number, false));
    handle("INT", signals::interrupted);
    handle("HUP", signals::hungUp);
    for (String name : PASSED_ON) {
      handle(name, name.equals("WINCH") ? signals::resized : child::signal);
    }
  }

  /**
   * The same where there is no child: TERM, INT and HUP end the gateway, INT again at once.
   *
   * @param end called once at most, with whether somebody sits at a terminal and waits for it
   * @param now called when somebody does not want to wait any longer
   */
  public static void install(Consumer<Boolean> end, Runnable now) {
    AtomicBoolean ending = new AtomicBoolean();
    IntConsumer told =
        number -> {
          if (!ending.getAndSet(true)) {
            end.accept(false);
          }
        };
    handle("TERM", told);
    handle("HUP", told);
    handle(
        "INT",
        number -> {
          if (ending.getAndSet(true)) {
            now.run();
          } else {
            end.accept(isOnTerminal());
          }
        });
  }

  private static void handle(String name, IntConsumer action) {
    try {
      CaughtSignal.handle(name, action);
    } catch (IllegalArgumentException e) {
      LOG.log(WARNING, "SIG{0} is not passed on: {1}", name, e.getMessage());
    }
  }

  private void interrupted(int number) {
    if (ending.get()) {
      child.kill();
    } else {
      stop(number, isOnTerminal());
    }
  }

  private void hungUp(int number) {
    if (startedOnTerminal) {
      stop(number, true);
    } else {
      child.signal(number);
    }
  }

  private void resized(int number) {
    if (!isOnTerminal()) {
      child.signal(number);
    }
  }

  private void stop(int number, boolean delivered) {
    if (!ending.getAndSet(true)) {
      drain.begin(delivered).whenComplete((done, failure) -> child.stop(number, delivered));
    }
  }

  /** Whether this process is in the foreground of a terminal: what that sends, all of them get. */
  static boolean isOnTerminal() {
    try {
      return isOnTerminal(Files.readString(Path.of("/proc/self/stat")));
    } catch (IOException e) {
      return false;
    }
  }

  /** From a line of proc_pid_stat(5). */
  static boolean isOnTerminal(String stat) {
    // After the name, which may hold anything: state, parent, group, session, terminal, its group.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return !fields[4].equals("0") && fields[5].equals(fields[2]);
  }
}
