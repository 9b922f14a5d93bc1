package dev.vestibule.chat.phases;

import dev.vestibule.chat.signin.CookieKey;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Phase {@code init}: the directory that everything is kept in, readable by its owner alone; the
 * key that signs session cookies; and the lock that keeps a second process out. Safe for use by
 * many threads.
 *
 * <p>The key comes first, because it is all that a request needs to be checked before the database
 * is there. The lock is the operating system's, so it goes with the process, however that ends.
 */
public final class DataDirectory implements AutoCloseable {

  private static final String KEY_FILE = "cookie.key";

  private final Path path;
  private final CookieKey key;
  private @Nullable FileChannel lock;

  /**
   * Names the directory; nothing is touched yet.
   *
   * @param path the directory, which need not exist
   * @param key told the key once it is read or made
   */
  public DataDirectory(Path path, CookieKey key) {
    this.path = path;
    this.key = key;
  }

  /**
   * Where it is.
   *
   * @return the directory
   */
  public Path path() {
    return path;
  }

  /**
   * Does the phase's work.
   *
   * @param slowdown how slowly
   * @throws IOException when the directory cannot be made, written or locked, naming it
   * @throws InterruptedException when the phase is given up
   */
  public void run(Slowdown slowdown) throws IOException, InterruptedException {
    Slowdown.Course course = slowdown.begin(3);
    try {
      create();
      key.readOrMake(path.resolve(KEY_FILE));
    } catch (IOException | RuntimeException e) {
      key.failed(e);
      throw e;
    }
    course.portion();
    lock();
    course.portion();
    writeAndReadBack();
    course.portion();
  }

  /**
   * Whether a directory may be taken for the chat's data: it is empty, or was taken before.
   * Whatever else is somebody else's, and its permissions must not be changed.
   *
   * @param directory that exists
   * @return false also when it cannot be read
   */
  public static boolean isFree(Path directory) {
    if (Files.exists(directory.resolve(KEY_FILE))) {
      return true;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      return !entries.iterator().hasNext();
    } catch (IOException e) {
      return false;
    }
  }

  private void create() throws IOException {
    if (!Files.isDirectory(path)) {
      Path parent = path.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.createDirectory(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
  }

  private synchronized void lock() throws IOException {
    if (lock != null) {
      return;
    }
    Path file = path.resolve("lock");
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    FileLock held = null;
    try {
      held = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this very process: the same answer as when another one holds it.
      held = null;
    } finally {
      if (held == null) {
        channel.close();
      } else {
        lock = channel;
      }
    }
    if (held == null) {
      throw new IOException(
          "data directory: %s (expected: not in use by another process)".formatted(path));
    }
  }

  /** A full or read-only disk is better found now than by the first message. */
  private void writeAndReadBack() throws IOException {
    Path trial = Files.createTempFile(path, "trial", null);
    String read;
    try {
      Files.writeString(trial, "vestibule");
      read = Files.readString(trial);
    } finally {
      Files.delete(trial);
    }
    if (!read.equals("vestibule")) {
      throw new IOException(
          "data directory: %s (expected: to read back what was written)".formatted(path));
    }
  }

  /** Lets another process have the directory. Calling it twice does nothing. */
  @Override
  public synchronized void close() throws IOException {
    FileChannel held = lock;
    lock = null;
    if (held != null) {
      held.close();
    }
  }
}
