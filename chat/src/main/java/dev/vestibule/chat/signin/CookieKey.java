package dev.vestibule.chat.signin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * The key that signs session cookies, kept in a file that its owner alone can read, so that a
 * cookie outlives a restart. Safe for use by many threads.
 */
public final class CookieKey {

  // HS256 wants a key at least as long as its hash: RFC 7518, 3.2.
  private static final int BYTES = 32;

  private final CompletableFuture<byte[]> bytes = new CompletableFuture<>();

  /**
   * Reads the key, or makes one if there is none. Two processes that do so at the same time end up
   * with the same key.
   *
   * @param file where it is kept
   * @throws IOException when it cannot be read or written, or is no key
   */
  public void readOrMake(Path file) throws IOException {
    if (bytes.isDone()) {
      return;
    }
    if (Files.notExists(file)) {
      make(file);
    }
    byte[] read = Files.readAllBytes(file);
    if (read.length != BYTES) {
      throw new IOException(
          "cookie key %s: %d bytes (expected: %d; delete it, and everyone signs in again)"
              .formatted(file, read.length, BYTES));
    }
    bytes.complete(read);
  }

  private static void make(Path file) throws IOException {
    byte[] made = new byte[BYTES];
    new SecureRandom().nextBytes(made);
    Path draft = file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid());
    Files.deleteIfExists(draft);
    try (SeekableByteChannel out =
        Files.newByteChannel(
            draft,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      out.write(ByteBuffer.wrap(made));
    }
    try {
      // A link, and not a rename, because it does not replace a key that is there already.
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException e) {
      // Somebody was faster; theirs is the key.
    } finally {
      Files.delete(draft);
    }
  }

  /**
   * Says that there will be no key.
   *
   * @param cause why
   */
  public void failed(Throwable cause) {
    bytes.completeExceptionally(cause);
  }

  /**
   * Whether {@link #await()} returns at once.
   *
   * @return false until the key is read or has failed
   */
  public boolean isKnown() {
    return bytes.isDone();
  }

  /**
   * Waits for the key, which is the first thing that startup does.
   *
   * @return 32 bytes
   * @throws IllegalStateException when it could not be read or made
   */
  public byte[] await() {
    try {
      return bytes.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("no cookie key: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the cookie key", e);
    }
  }
}
