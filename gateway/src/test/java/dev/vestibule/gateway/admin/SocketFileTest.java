package dev.vestibule.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class SocketFileTest {

  @TempDir private Path directory;

  private static String mode(@Nullable Path path) throws IOException {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(Objects.requireNonNull(path)));
  }

  private static ServerSocketChannel listenAt(Path path) throws IOException {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(path));
  }

  private static long entries(@Nullable Path directory) throws IOException {
    try (Stream<Path> all = Files.list(Objects.requireNonNull(directory))) {
      return all.count();
    }
  }

  @Test
  void itIsForItsOwnerAloneFromTheFirstMomentOn() throws Exception {
    Path place = directory.resolve("made/too/admin.sock");
    SocketFile file = new SocketFile(place);
    assertThat(mode(place.getParent())).isEqualTo("rwx------");
    assertThat(mode(file.atFirst().getParent())).isEqualTo("rwx------");
    try (ServerSocketChannel _ = listenAt(file.atFirst())) {
      assertThat(place).doesNotExist();
      file.settle();
      assertThat(mode(place)).isEqualTo("rw-------");
      assertThat(entries(place.getParent())).isEqualTo(1);
      assertThat(Raw.to(place)).isNotNull();
    }
    file.close();
    assertThat(place).doesNotExist();
  }

  @Test
  void aDirectoryThatIsThereIsLeftAsItIs() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-x---"));
    new SocketFile(directory.resolve("admin.sock")).close();
    assertThat(mode(directory)).isEqualTo("rwxr-x---");
    assertThat(entries(directory)).isZero();
  }

  @Test
  void aSocketThatNobodyListensOnIsReplaced() throws Exception {
    Path place = directory.resolve("admin.sock");
    listenAt(place).close();
    assertThat(place).exists();
    SocketFile file = new SocketFile(place);
    try (ServerSocketChannel _ = listenAt(file.atFirst())) {
      file.settle();
      Raw.to(place).close();
    }
    file.close();
    assertThat(place).doesNotExist();
  }

  @Test
  void aSocketThatSomebodyListensOnIsNot() throws Exception {
    Path place = directory.resolve("admin.sock");
    try (ServerSocketChannel _ = listenAt(place)) {
      assertThatThrownBy(() -> new SocketFile(place))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "admin-socket: %s (expected: a free place, and not one where somebody listens)",
              place);
      Raw.to(place).close();
    }
    assertThat(entries(directory)).isEqualTo(1);
  }

  @Test
  void aFileOfAnotherKindIsLeftAlone() throws Exception {
    Path place = Files.writeString(directory.resolve("precious"), "data");
    Path link = Files.createSymbolicLink(directory.resolve("link"), place);
    for (Path taken : new Path[] {place, link}) {
      assertThatThrownBy(() -> new SocketFile(taken))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "admin-socket: %s (expected: a free place, and not a file of another kind)", taken);
    }
    assertThat(place).hasContent("data");
    assertThat(entries(directory)).isEqualTo(2);
  }

  @Test
  void aFileThatTookItsPlaceIsNotRemoved() throws Exception {
    Path place = directory.resolve("admin.sock");
    SocketFile file = new SocketFile(place);
    try (ServerSocketChannel _ = listenAt(file.atFirst())) {
      file.settle();
    }
    SocketFile next = new SocketFile(place);
    try (ServerSocketChannel _ = listenAt(next.atFirst())) {
      next.settle();
      file.close();
      Raw.to(place).close();
    }
  }

  @Test
  void aPathThatIsTooLongForASocketIsNamed() throws Exception {
    Path place = directory.resolve("x".repeat(60)).resolve("y".repeat(60));
    assertThatThrownBy(() -> new SocketFile(place))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("(expected: a path of at most ");
    assertThat(entries(place.getParent())).isZero();
  }
}
