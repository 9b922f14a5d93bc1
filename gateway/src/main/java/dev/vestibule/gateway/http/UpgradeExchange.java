package dev.vestibule.gateway.http;

import dev.vestibule.gateway.Ledger;
import dev.vestibule.gateway.Passage.Outcome;
import dev.vestibule.gateway.tunnel.Tunnel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket handshake. Held, it is no more than the bytes that the upstream will be sent: the
 * decoder is gone, and nothing is read, so that frames sent early stay in the kernel and come
 * through once, in order, after the 101. When the upstream answers anything else the client gets
 * that, and its connection ends: what it sent early was meant for a session and must not be read as
 * a request.
 */
final class UpgradeExchange extends Exchange {

  // Two reads. More comes only from those who have ended their side, and so will be gone.
  private static final int MOST_EARLY = 128 * 1024;

  private final byte[] head;
  private final AcceptKey key;
  private final Deadline answer = new Deadline();
  private @Nullable CompositeByteBuf early;
  private boolean accepted;
  private boolean relaying;

  UpgradeExchange(
      ClientConnection client,
      RouteTable.Target target,
      Ledger ledger,
      String path,
      @Nullable InetAddress address,
      @Nullable WaitLimit limit,
      byte[] head,
      AcceptKey key) {
    super(client, target, ledger, path, address, limit);
    this.head = head;
    this.key = key;
  }

  @Override
  int bytes() {
    return head.length;
  }

  @Override
  int cost() {
    return head.length;
  }

  @Override
  boolean mayWait() {
    return true;
  }

  @Override
  boolean isRepeatable() {
    return !begun;
  }

  @Override
  void connected(Channel channel) {
    link = UpstreamLink.forHandshake(channel, this);
    channel.writeAndFlush(Unpooled.wrappedBuffer(head), channel.voidPromise());
    channel.read();
    answer.in(
        loop(),
        target.upstream().settings().answerTimeout(),
        () -> answer(Answers.problem(504, "the server did not answer in time"), Outcome.FAILED));
  }

  @Override
  void content(HttpContent content) {
    content.release();
  }

  @Override
  boolean wantsContent() {
    return true;
  }

  @Override
  boolean toHead() {
    return false;
  }

  @Override
  boolean mayFollow() {
    return false;
  }

  @Override
  void bytes(ByteBuf bytes) {
    // Copied: a few bytes may come in a buffer of 64 KiB, and stay for as long as it is held.
    byte[] copy = ByteBufUtil.getBytes(bytes);
    bytes.release();
    CompositeByteBuf all = early == null ? Unpooled.compositeBuffer() : early;
    early = all.addComponent(true, Unpooled.wrappedBuffer(copy));
    if (all.readableBytes() > MOST_EARLY) {
      clientGone();
      client.close();
    } else if (!keep(copy.length)) {
      answer(Answers.busy("the gateway cannot keep more of what comes early"), Outcome.FAILED);
    }
  }

  @Override
  void clientReadComplete() {}

  // ---- What the upstream answers.

  @Override
  public void answered(HttpResponse response) {
    if (response.decoderResult().isFailure() || !Outgoing.canPassOn(response)) {
      badGateway("the server's answer cannot be read");
      return;
    }
    int status = response.status().code();
    if (status == 101) {
      accept(response);
    } else if (status >= 200) {
      answer.met();
      relay(response);
    }
  }

  private void accept(HttpResponse response) {
    String mistake = key.mistakeIn(response);
    if (mistake != null) {
      client
          .front()
          .log(target.upstream().name() + " answered a handshake with a 101 that is none", mistake);
      badGateway("the server's answer is not the 101 of a WebSocket");
      return;
    }
    accepted = true;
    begun = true;
    client.front().forwarding().towardsClient(response);
    response
        .headers()
        // Neither belongs there, and nobody must look for a body; RFC 9112 section 6.
        .remove(HttpHeaderNames.CONTENT_LENGTH)
        .remove(HttpHeaderNames.TRANSFER_ENCODING)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
        .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
    ByteBuf bytes = client.channel().alloc().ioBuffer(512);
    Heads.write(response, bytes);
    client.channel().writeAndFlush(bytes, client.channel().voidPromise());
    ledger.status(101);
  }

  private void relay(HttpResponse response) {
    relaying = true;
    begun = true;
    settle();
    ledger.status(response.status().code());
    client.front().forwarding().towardsClient(response);
    client.out().head(response, false, true, false);
  }

  @Override
  public void answered(HttpContent content) {
    if (relaying) {
      relay(content);
      return;
    }
    content.release();
    if (accepted && content instanceof LastHttpContent) {
      open();
    }
  }

  private void relay(HttpContent content) {
    if (content.decoderResult().isFailure()) {
      content.release();
      cut(Outcome.FAILED);
      return;
    }
    ledger.bytesOut += content.content().readableBytes();
    boolean last = content instanceof LastHttpContent;
    client.out().write(content);
    if (last) {
      end(Outcome.PASSED);
      client.answered(false);
    }
  }

  private void open() {
    UpstreamLink upstream = link;
    if (upstream == null) {
      return;
    }
    ByteBuf first = early;
    early = null;
    link = null;
    Tunnel tunnel =
        new Tunnel(
            client.channel(),
            upstream.channel(),
            target.upstream(),
            client.front().tunnels(),
            ledger,
            client.front().limits().heartbeat(),
            client.front().ticker());
    tunnel.open(ClientConnection.NAME, UpstreamLink.NAME, first);
    // Now that it is listed as a session: who waits for the end of all must not miss it in between.
    leave();
    upstream.stopDecoding();
    tunnel.flow();
  }

  @Override
  public void upstreamWritable() {}

  @Override
  public void upstreamEnded() {
    answer.met();
    link = null;
    if (begun) {
      cut(Outcome.FAILED);
    } else {
      unanswered();
    }
  }

  @Override
  void release() {
    answer.met();
    if (early != null) {
      early.release();
      early = null;
    }
  }
}
