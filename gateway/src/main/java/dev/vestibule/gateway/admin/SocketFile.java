package dev.vestibule.gateway.admin;

import static java.lang.System.Logger.Level.WARNING;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The file by which a Unix socket is found: for its owner alone, from its first moment on. The
 * socket is made in a directory that nobody else can enter, gets its mode there, and is moved to
 * its place; so there is no moment in which the umask alone decides. Used by one thread.
 */
final class SocketFile implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(SocketFile.class.getName());

  // sockaddr_un.sun_path has 108 bytes, one of which ends it: unix(7).
  private static final int MOST_BYTES = 107;
  private static final int MOST_HIDDEN = 9;
  private static final FileAttribute<?> OWNER_ALONE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final int UNIX_SOCKET = 0140000;
  private static final int FILE_KIND = 0170000;

  private final Path place;
  private final Path hidden;
  private @Nullable Object identity;

  /**
   * Makes a place for it.
   *
   * @param place where it is to be; its directory is made with mode 0700 if it does not exist
   * @throws IOException when there is another file, or somebody listens there; the message names
   *     the place and what was expected
   */
  SocketFile(Path place) throws IOException {
    this.place = place.toAbsolutePath();
    Path directory = Objects.requireNonNull(this.place.getParent(), "a socket is in a directory");
    Files.createDirectories(directory, OWNER_ALONE);
    refuseWhatIsInUse();
    this.hidden = hide(directory);
    int bytes = bytes(this.place);
    int more = Math.max(0, bytes(atFirst()) - bytes);
    if (bytes + more > MOST_BYTES) {
      close();
      throw new IOException(
          "admin-socket: %s (expected: a path of at most %d bytes)"
              .formatted(place, MOST_BYTES - more));
    }
  }

  private static int bytes(Path path) {
    return path.toString().getBytes(UTF_8).length;
  }

  /**
   * Its name is short, since a socket's path must be; made at once with its mode, or not at all.
   */
  private static Path hide(Path directory) throws IOException {
    String name = "." + Long.toString(ProcessHandle.current().pid(), Character.MAX_RADIX);
    for (int i = 0; ; i++) {
      try {
        return Files.createDirectory(
            directory.resolve(name + (i == 0 ? "" : "-" + i)), OWNER_ALONE);
      } catch (FileAlreadyExistsException e) {
        // Of one that was killed just then.
        if (i == MOST_HIDDEN) {
          throw e;
        }
      }
    }
  }

  /** Where the socket is to be made. */
  Path atFirst() {
    return hidden.resolve("s");
  }

  /** Puts the socket that has been made in its place; an old one that nobody listens on goes. */
  void settle() throws IOException {
    Files.setPosixFilePermissions(atFirst(), PosixFilePermissions.fromString("rw-------"));
    identity = identityOf(atFirst());
    Files.move(
        atFirst(), place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Files.delete(hidden);
  }

  private void refuseWhatIsInUse() throws IOException {
    int mode;
    try {
      mode = (Integer) Files.getAttribute(place, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return;
    }
    if ((mode & FILE_KIND) != UNIX_SOCKET) {
      throw new IOException(
          "admin-socket: %s (expected: a free place, and not a file of another kind)"
              .formatted(place));
    }
    if (isListening()) {
      throw new IOException(
          "admin-socket: %s (expected: a free place, and not one where somebody listens)"
              .formatted(place));
    }
  }

  private boolean isListening() throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      // A queue that is full must not make us wait.
      channel.configureBlocking(false);
      channel.connect(UnixDomainSocketAddress.of(place));
      return true;
    } catch (ConnectException e) {
      return false;
    } catch (IOException e) {
      // Not refused: somebody is there, or it is not ours to take.
      return true;
    }
  }

  private static @Nullable Object identityOf(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }

  /** Removes the file, unless another one has taken its place. */
  @Override
  public void close() {
    try {
      Files.deleteIfExists(atFirst());
      Files.deleteIfExists(hidden);
      if (identity != null && Files.exists(place) && identity.equals(identityOf(place))) {
        Files.deleteIfExists(place);
      }
    } catch (IOException e) {
      LOG.log(WARNING, "admin-socket: {0} could not be removed: {1}", place, e);
    }
  }
}
