package dev.vestibule.gateway.http;

import dev.vestibule.gateway.Ledger;
import dev.vestibule.gateway.Passage.Outcome;
import dev.vestibule.gateway.tunnel.Tunnel;
import io.netty.buffer.ByteBuf;
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
 * decoder is gone, and nothing is read, so that frames sent early stay in the kernel and come through
 * once, in order, after the 101. When the upstream answers anything else the client gets that, and
 * its connection ends: what it sent early was meant for a session and must not be read as a request.
 */
final class UpgradeExchange extends Exchange implements UpstreamLink.Receiver {

  private final byte[] head;
  private final AcceptKey key;
  private final Deadline answer = new Deadline();
  private @Nullable ByteBuf early;
  private @Nullable UpstreamLink link;
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
  boolean mayWait() {
    return true;
  }

  @Override
  boolean isRepeatable() {
    return !relaying;
  }

  @Override
  void connected(Channel channel) {
    link = UpstreamLink.forHandshake(channel, this);
    channel.writeAndFlush(Unpooled.wrappedBuffer(head), channel.voidPromise());
    channel.read();
    answer.in(
        loop(),
        target.upstream().settings().answerTimeout(),
        () ->
            answer(
                Answers.problem(504, "the server did not answer in time"), Outcome.FAILED));
  }

  @Override
  void content(HttpContent content) {
    content.release();
  }

  @Override
  void bytes(ByteBuf bytes) {
    // Only what came in one piece with the head, or before the client's end of the connection.
    early = early == null ? bytes : Unpooled.wrappedBuffer(early, bytes);
  }

  @Override
  void clientReadComplete() {}

  // ---- What the upstream answers.

  @Override
  public void answered(HttpResponse response) {
    answer.met();
    if (response.decoderResult().isFailure()) {
      badGateway("the server's answer cannot be read");
      return;
    }
    int status = response.status().code();
    if (status == 101) {
      accept(response);
    } else if (status >= 200) {
      relay(response);
    }
  }

  private void accept(HttpResponse response) {
    String mistake = key.mistakeIn(response);
    if (mistake != null) {
      client.front().log(target.upstream().name() + " answered a handshake with a 101 that is none", mistake);
      badGateway("the server's answer is not the 101 of a WebSocket");
      return;
    }
    accepted = true;
    client.front().forwarding().towardsClient(response);
    response
        .headers()
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
        .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
    ByteBuf bytes = client.channel().alloc().ioBuffer(512);
    Heads.write(response, bytes);
    client.channel().writeAndFlush(bytes, client.channel().voidPromise());
    ledger.status(101);
  }

  private void relay(HttpResponse response) {
    relaying = true;
    settle();
    ledger.status(response.status().code());
    client.front().forwarding().towardsClient(response);
    client.relay(response, true);
  }

  @Override
  public void answered(HttpContent content) {
    if (relaying) {
      ledger.bytesOut += content.content().readableBytes();
      boolean last = content instanceof LastHttpContent;
      client.channel().write(content, client.channel().voidPromise());
      if (last) {
        end(Outcome.PASSED);
        client.flushAndClose();
      }
      return;
    }
    content.release();
    if (accepted && content instanceof LastHttpContent) {
      open();
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
    leave();
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
    upstream.stopDecoding();
    tunnel.flow();
  }

  @Override
  public void upstreamReadComplete() {
    if (link != null && client.flushAndMayWrite()) {
      link.channel().read();
    }
  }

  @Override
  void clientWritable() {
    if (link != null && relaying) {
      link.channel().read();
    }
  }

  @Override
  public void upstreamWritable() {}

  @Override
  public void upstreamEnded() {
    answer.met();
    link = null;
    if (relaying) {
      end(Outcome.FAILED);
      client.flushAndClose();
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
    if (link != null) {
      link.close();
      link = null;
    }
  }
}
