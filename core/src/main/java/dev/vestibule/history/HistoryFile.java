package dev.vestibule.history;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The file that a history is kept in. Safe for use by many threads and processes.
 *
 * <p>Who writes holds the lock of a file beside it, reads again what is there, adds, writes all of
 * it to another file, and puts that in the place of the first in one step: so two processes that
 * end their start at the same time lose nothing, and one that is killed leaves the file as it was.
 * Who reads needs no lock.
 */
final class HistoryFile {

  private static final System.Logger LOG = System.getLogger(History.class.getName());

  private final Path file;
  private final Path lock;
  private final Path next;
  private final Path aside;

  HistoryFile(Path file) {
    this.file = file;
    this.lock = beside(file, ".lock");
    this.next = beside(file, ".new");
    this.aside = beside(file, ".set-aside");
  }

  private static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  Path path() {
    return file;
  }

  /**
   * What is in the file; nothing when there is none.
   *
   * @throws HistoryText.Unreadable when that is no history of ours
   */
  List<PastStart> read() throws IOException, HistoryText.Unreadable {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      // To open a pipe would wait for whoever writes to it.
      throw new IOException(file + ": not a file");
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(HistoryText.MOST_BYTES + 1);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    if (bytes.length > HistoryText.MOST_BYTES) {
      throw new HistoryText.Unreadable(
          "more than %d bytes (expected: at most that)".formatted(HistoryText.MOST_BYTES));
    }
    return HistoryText.read(new String(bytes, StandardCharsets.UTF_8));
  }

  /** As {@link #read()}; what is no history of ours is set aside, if nobody writes just now. */
  List<PastStart> readOrSetAside() throws IOException {
    try {
      return read();
    } catch (HistoryText.Unreadable e) {
      List<PastStart> read = new ArrayList<>();
      // Another process may have put a good one in its place meanwhile.
      underLock(() -> read.addAll(readUnderLock()));
      return read;
    }
  }

  /**
   * Adds a start.
   *
   * @return all that is now in the file; empty when another process holds the lock
   */
  List<PastStart> add(PastStart start) throws IOException {
    List<PastStart> all = new ArrayList<>();
    underLock(() -> {
      List<PastStart> merged = new ArrayList<>(readUnderLock());
      merged.add(start);
      List<PastStart> kept = HistoryText.newest(merged);
      writeNext(HistoryText.write(kept));
      putInPlace();
      all.addAll(kept);
    });
    return all;
  }

  private List<PastStart> readUnderLock() throws IOException {
    try {
      return read();
    } catch (HistoryText.Unreadable e) {
      Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
      LOG.log(
          WARNING,
          "history {0}: {1}; set aside as {2}, beginning anew",
          file,
          e.getMessage(),
          aside.getFileName());
      return List.of();
    }
  }

  void writeNext(String text) throws IOException {
    try (FileChannel out =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      // Or a crash of the machine could leave the name with nothing behind it.
      out.force(true);
    }
  }

  private void putInPlace() throws IOException {
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** What is done while holding the lock. */
  @FunctionalInterface
  interface Step {
    void run() throws IOException;
  }

  /** Does it and returns true, or does nothing and returns false while someone holds the lock. */
  boolean underLock(Step step) throws IOException {
    try (FileChannel channel =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = channel.tryLock()) {
      if (held == null) {
        return false;
      }
      step.run();
      return true;
    } catch (OverlappingFileLockException e) {
      // Held by this very process.
      return false;
    }
  }
}
