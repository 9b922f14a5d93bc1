package dev.vestibule.chat;

import dev.vestibule.chat.phases.DataDirectory;
import dev.vestibule.chat.phases.Database;
import dev.vestibule.chat.phases.Slowdown;
import dev.vestibule.chat.signin.CookieKey;
import dev.vestibule.chat.signin.Passwords;
import dev.vestibule.chat.signin.Users;
import dev.vestibule.spring.LogFormat;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Adds a user to the database of a server that does not run. */
final class AddUser {

  private AddUser() {}

  static int run(String name, Path data, InputStream in, PrintWriter err) {
    ConsoleLog.install(true, LogFormat.TEXT);
    Slowdown slowdown = Slowdown.of(Duration.ZERO);
    InstantSource clock = InstantSource.system();
    try (DataDirectory directory = new DataDirectory(data, new CookieKey());
        Database database = new Database(data)) {
      Users users = new Users(database, clock);
      Passwords passwords = new Passwords(database, users, clock);
      directory.run(slowdown);
      String password = password(name, in, err);
      if (password == null) {
        return 1;
      }
      String hash = passwords.encode(password);
      database.run(slowdown, () -> {});
      if (!users.add(name, hash)) {
        err.println("NAME: " + name + " (expected: a name that has no password yet)");
        return 1;
      }
      err.println("Added " + name + ".");
      return 0;
    } catch (IOException | IllegalArgumentException e) {
      err.println(e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    } catch (RuntimeException e) {
      err.println("The database could not be used: " + rootOf(e).getMessage());
      return 1;
    }
  }

  private static @Nullable String password(String name, InputStream in, PrintWriter err)
      throws IOException {
    Console console = Terminal.console();
    if (console == null) {
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      String line = lines.readLine();
      if (line == null) {
        err.println("password: nothing (expected: one line of input)");
      }
      return line;
    }
    char[] first = console.readPassword("Password for %s: ", name);
    char[] second = first == null ? null : console.readPassword("Again: ");
    if (first == null || second == null) {
      err.println("password: nothing (expected: one line)");
      return null;
    }
    if (!Arrays.equals(first, second)) {
      err.println("password: the two are different (expected: the same twice)");
      return null;
    }
    return new String(first);
  }

  private static Throwable rootOf(Throwable failure) {
    Throwable root = failure;
    for (Throwable next = root; next != null; next = next.getCause()) {
      root = next;
    }
    return root;
  }
}
