package dev.vestibule.gateway.http;

import dev.vestibule.gateway.Ledger;
import dev.vestibule.gateway.Passage.Outcome;
import dev.vestibule.gateway.config.RouteSettings.Holds;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request and its answer, both passed on as they come. Each side is read only while the other takes
 * what it is given; while the request is held, its body is not read at all.
 */
final class PlainExchange extends Exchange implements UpstreamLink.Receiver {

  // Safe or idempotent, RFC 9110 section 9.2.2, and in practice without a body.
  private static final Set<HttpMethod> REPEATABLE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE);

  private final HttpRequest request;
  private final boolean isHead;
  private final boolean clientSpeaks11;
  private final boolean clientStays;
  // What came with the head in one read.
  private final Deque<HttpContent> early = new ArrayDeque<>(2);
  private @Nullable UpstreamLink link;
  private boolean requestWhole;
  private boolean bodySent;
  private boolean interim;
  private boolean answering;
  private boolean staysOpen;

  PlainExchange(
      ClientConnection client,
      RouteTable.Target target,
      Ledger ledger,
      String path,
      @Nullable InetAddress address,
      @Nullable WaitLimit limit,
      HttpRequest request,
      boolean clientStays) {
    super(client, target, ledger, path, address, limit);
    this.request = request;
    this.isHead = request.method().equals(HttpMethod.HEAD);
    this.clientSpeaks11 = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
    this.clientStays = clientStays;
    request.setProtocolVersion(HttpVersion.HTTP_1_1);
  }

  @Override
  int bytes() {
    return Heads.length(request);
  }

  @Override
  boolean mayWait() {
    return target.settings().holds() == Holds.ALL;
  }

  @Override
  boolean isRepeatable() {
    return !answering && !bodySent && REPEATABLE.contains(request.method());
  }

  // ---- The request.

  @Override
  void connect() {
    UpstreamLink rested = client.takeRested(target.upstream());
    if (rested == null) {
      super.connect();
    } else {
      rested.use(this);
      begin(rested);
    }
  }

  @Override
  void connected(Channel channel) {
    begin(UpstreamLink.forRequests(channel, this));
  }

  private void begin(UpstreamLink over) {
    link = over;
    Channel channel = over.channel();
    channel.write(request, channel.voidPromise());
    for (HttpContent content = early.poll(); content != null; content = early.poll()) {
      send(over, content);
    }
    channel.flush();
    channel.read();
    clientReadComplete();
  }

  private void send(UpstreamLink over, HttpContent content) {
    int bytes = content.content().readableBytes();
    ledger.bytesIn += bytes;
    bodySent |= bytes > 0;
    over.channel().write(content, over.channel().voidPromise());
  }

  @Override
  void content(HttpContent content) {
    requestWhole |= content instanceof LastHttpContent;
    if (content.decoderResult().isFailure()) {
      content.release();
      requestBroken();
    } else if (isOver()) {
      content.release();
    } else if (link == null) {
      early.add(content);
    } else {
      send(link, content);
    }
  }

  /** A chunk that is none: what follows cannot be told apart from a request. */
  private void requestBroken() {
    if (answering) {
      end(Outcome.REJECTED);
      client.close();
    } else {
      answer(Answers.problem(400, "the request's body is not well formed"), Outcome.REJECTED);
    }
  }

  @Override
  void bytes(ByteBuf bytes) {
    bytes.release();
  }

  @Override
  void clientReadComplete() {
    if (link != null) {
      link.channel().flush();
      if (!requestWhole && link.channel().isWritable()) {
        client.readBody();
      }
    }
  }

  @Override
  public void upstreamWritable() {
    if (link != null && !requestWhole) {
      client.readBody();
    }
  }

  // ---- The answer.

  @Override
  public void answered(HttpResponse response) {
    int status = response.status().code();
    if (response.decoderResult().isFailure()
        || response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
      // An Upgrade was not passed on, so there is nothing to switch to.
      badGateway("the server's answer cannot be read");
      return;
    }
    interim = status < 200;
    if (interim) {
      if (clientSpeaks11) {
        client.relayInterim(response);
      }
      return;
    }
    answering = true;
    settle();
    ledger.status(status);
    staysOpen = HttpUtil.isKeepAlive(response);
    boolean close = !clientStays || !frame(response);
    client.front().forwarding().towardsClient(response);
    client.toHead(isHead);
    client.relay(response, close);
    if (close) {
      client.closesAfter();
    }
  }

  /** Says where the body ends in a way that the client understands; false: by closing. */
  private boolean frame(HttpResponse response) {
    int status = response.status().code();
    boolean noBody = isHead || status == 204 || status == 304;
    if (noBody || response.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
      return true;
    }
    if (!clientSpeaks11) {
      response.headers().remove(HttpHeaderNames.TRANSFER_ENCODING);
      return false;
    }
    response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    return true;
  }

  @Override
  public void answered(HttpContent content) {
    if (interim) {
      interim = !(content instanceof LastHttpContent);
      client.relayInterim(content);
      return;
    }
    if (content.decoderResult().isFailure()) {
      content.release();
      upstreamEnded();
      return;
    }
    ledger.bytesOut += content.content().readableBytes();
    boolean last = content instanceof LastHttpContent;
    client.relay(content);
    if (last) {
      answerWhole();
    }
  }

  private void answerWhole() {
    UpstreamLink used = link;
    if (used != null && staysOpen && requestWhole) {
      link = null;
      used.rest();
      client.rests(target.upstream(), used);
    }
    end(Outcome.PASSED);
    client.answered(requestWhole);
  }

  @Override
  public void upstreamReadComplete() {
    if (link != null && client.flushAndMayWrite()) {
      link.channel().read();
    }
  }

  @Override
  void clientWritable() {
    if (link != null) {
      link.channel().read();
    }
  }

  @Override
  public void upstreamEnded() {
    link = null;
    if (answering) {
      // Half an answer: the client sees that it is one by the end of the connection.
      end(Outcome.FAILED);
      client.close();
    } else {
      unanswered();
    }
  }

  @Override
  void release() {
    for (HttpContent content = early.poll(); content != null; content = early.poll()) {
      content.release();
    }
    if (link != null) {
      link.close();
      link = null;
    }
  }
}
