package dev.vestibule.gateway.upstream;

import static dev.vestibule.gateway.upstream.UpstreamScene.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vestibule.Startup;
import dev.vestibule.gateway.config.ReadinessSettings;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class NotifySocketTest {

  private final UpstreamScene scene =
      new UpstreamScene(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 9),
          new ReadinessSettings.Notify());
  private final Upstream upstream = scene.upstream;

  private final EventLoopGroup senders =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

  @TempDir Path directory;

  @AfterEach
  void close() {
    scene.close();
    senders.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private void say(NotifySocket socket, String what) throws IOException {
    Channel sender =
        new Bootstrap()
            .group(senders)
            .channel(EpollDomainDatagramChannel.class)
            .handler(new ChannelInboundHandlerAdapter())
            .bind(new DomainSocketAddress(directory.resolve("sender").toFile()))
            .syncUninterruptibly()
            .channel();
    var bytes = Unpooled.copiedBuffer(what, StandardCharsets.UTF_8);
    var to = new DomainSocketAddress(socket.path().toFile());
    sender.writeAndFlush(new DomainDatagramPacket(bytes, to)).awaitUninterruptibly();
    sender.close().syncUninterruptibly();
    Files.deleteIfExists(directory.resolve("sender"));
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void hearsThatItIsReadyThatItReloadsAndThatItStops() throws Exception {
    upstream.start();
    try (NotifySocket socket = NotifySocket.open(upstream, scene.loop)) {
      Startup first = upstream.startup();
      say(socket, "STATUS=Loading \u001b[1m3 of 4\n");
      await(() -> socket.status() != null);
      assertThat(socket.status()).isEqualTo("Loading [1m3 of 4");
      assertThat(scene.isReady()).isFalse();
      say(socket, "READY=1");
      await(scene::isReady);
      assertThat(upstream.startup()).isSameAs(first);
      assertThat(socket.claimsReady()).isTrue();

      say(socket, "RELOADING=1\nMONOTONIC_USEC=1");
      await(() -> upstream.startup() != first);
      assertThat(scene.isReady()).isFalse();
      assertThat(upstream.comesBack()).isTrue();
      say(socket, "READY=1");
      await(scene::isReady);
      assertThat(upstream.comesBack()).isFalse();

      Startup second = upstream.startup();
      say(socket, "STOPPING=1");
      await(() -> upstream.startup() != second);
      assertThat(upstream.comesBack()).isTrue();
      assertThat(socket.claimsReady()).isFalse();
      Startup third = upstream.startup();
      say(socket, "STOPPING=1\nSTATUS=twice");
      await(() -> "twice".equals(socket.status()));
      assertThat(upstream.startup()).isSameAs(third);
    }
  }

  @Test
  void aLateWordOfAnOldProcessCountsForNothing() throws Exception {
    upstream.start();
    NotifySocket old = NotifySocket.open(upstream, scene.loop);
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch said = new CountDownLatch(1);
    // What the kernel holds when the end of the process is dealt with is read after that.
    scene.loop.execute(() -> {
      busy.countDown();
      awaitUninterruptibly(said);
      old.close();
    });
    awaitUninterruptibly(busy);
    say(old, "READY=1");
    said.countDown();
    try (NotifySocket next = NotifySocket.open(upstream, scene.loop)) {
      assertThat(next.path()).isNotEqualTo(old.path());
      scene.settle();
      assertThat(scene.isReady()).isFalse();
      say(next, "READY=1");
      await(scene::isReady);
    }
  }

  @Test
  void whatIsMalformedOrTooLongIsCounted() throws Exception {
    upstream.start();
    try (NotifySocket socket = NotifySocket.open(upstream, scene.loop)) {
      say(socket, "nonsense");
      say(socket, "READY=1\nX=" + "x".repeat(Notification.MOST_BYTES));
      say(socket, "READY=1\nX=" + "x".repeat(60_000));
      await(() -> socket.malformed() == 3);
      assertThat(scene.isReady()).isFalse();
    }
  }

  @Test
  void onlyThisUserCanSpeakAndNothingIsLeft() throws Exception {
    NotifySocket socket = NotifySocket.open(upstream, scene.loop);
    Path own = socket.path().getParent();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
        .isEqualTo("rwx------");
    assertThat(socket.path().toString().length()).isLessThan(108);
    socket.close();
    assertThat(own).doesNotExist();
  }

  @Test
  void aPathThatIsKnownBeforehandIsTakenOver() throws Exception {
    Path path = directory.resolve("run/app.notify");
    NotifySocket socket = NotifySocket.openAt(upstream, scene.loop, path);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path.getParent())))
        .isEqualTo("rwx------");
    // As if the process before had been killed: its socket is still there.
    try (NotifySocket second = NotifySocket.openAt(upstream, scene.loop, path)) {
      upstream.start();
      say(second, "READY=1");
      await(scene::isReady);
    }
    socket.close();
    Files.writeString(path, "precious");
    assertThatThrownBy(() -> NotifySocket.openAt(upstream, scene.loop, path))
        .hasMessageContaining("(expected: a socket or nothing)");
    assertThatThrownBy(
            () -> NotifySocket.openAt(upstream, scene.loop, directory.resolve("x".repeat(100))))
        .hasMessageContaining("(expected: <= 107)");
  }

  @Test
  void pythonIsUnderstood() throws Exception {
    upstream.start();
    try (NotifySocket socket = NotifySocket.open(upstream, scene.loop)) {
      String python =
          "import os, socket; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)"
              + ".sendto(b'READY=1\\nSTATUS=up', os.environ['NOTIFY_SOCKET'])";
      ProcessBuilder builder = new ProcessBuilder("python3", "-c", python).inheritIO();
      builder.environment().put("NOTIFY_SOCKET", socket.path().toString());
      assertThat(builder.start().waitFor()).isZero();
      await(scene::isReady);
      await(() -> "up".equals(socket.status()));
    }
  }
}
