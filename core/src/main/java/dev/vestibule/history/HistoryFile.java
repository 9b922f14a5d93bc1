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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The file that a history is kept in. Safe for use by many threads and processes.
 *
 * <p>Who writes holds the lock of a file beside it, reads again what is there, adds, writes all of
 * it to another file, and puts that in the place of the first in one step: so two processes that
 * end their start at the same time lose nothing, and one that is killed leaves the file as it was.
 * Who reads needs no lock.
 *
 * <p>The lock's file, {@code ….lock}, is empty and stays: whoever removed it while another process
 * waits for it would let both in, one by the old file and one by the new. The lock itself belongs
 * to the process and goes with it, however it ends.
 */
final class HistoryFile {

  private static final System.Logger LOG = System.getLogger(History.class.getName());

  // The locks that this very process holds. To the system they are one owner's, and on POSIX
  // closing
  // any channel of a file gives up all that the process has locked of it: so nobody here opens a
  // lock's file while another has it.
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  /** What became of a start that was to be added. */
  enum Added {
    /** It is in the file. */
    KEPT,
    /** Nothing: someone else holds the lock. */
    LOCKED,
    /** Nothing, and never will be: the start alone is longer than a history may be. */
    TOO_LONG
  }

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

  /** Adds a start, and drops the oldest for it. */
  Added add(PastStart start) throws IOException {
    if (HistoryText.newest(List.of(start)).isEmpty()) {
      return Added.TOO_LONG;
    }
    boolean done =
        underLock(() -> {
          List<PastStart> merged = new ArrayList<>(readUnderLock());
          merged.add(start);
          writeNext(HistoryText.write(HistoryText.newest(merged)));
          putInPlace();
        });
    return done ? Added.KEPT : Added.LOCKED;
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
    Path here = canonicalLock();
    if (!HELD.add(here)) {
      return false;
    }
    try (FileChannel channel =
            FileChannel.open(here, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = channel.tryLock()) {
      if (held == null) {
        return false;
      }
      step.run();
      return true;
    } catch (OverlappingFileLockException e) {
      // Held by this very process, by way of another class loader's copy of this class.
      return false;
    } finally {
      HELD.remove(here);
    }
  }

  /** The same for every way to write it. */
  private Path canonicalLock() throws IOException {
    Path directory = lock.toAbsolutePath().getParent();
    return directory == null ? lock : directory.toRealPath().resolve(lock.getFileName());
  }
}
