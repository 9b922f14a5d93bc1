package dev.vestibule.gateway.http;

import dev.vestibule.gateway.Ledger;
import dev.vestibule.gateway.Passage.Outcome;
import dev.vestibule.gateway.config.RouteSettings.Holds;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request and its answer, both passed on as they come. Each side is read only while the other
 * takes what it is given; while the request is held, its body is not read at all.
 */
final class PlainExchange extends Exchange {

  // Safe or idempotent, RFC 9110 section 9.2.2, and in practice without a body.
  private static final Set<HttpMethod> REPEATABLE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE);

  // Whoever waits behind it does not wait for an answer that may take minutes.
  private static final Duration ON_ITS_WAY = Duration.ofSeconds(1);

  // What a parsed header takes besides its text.
  private static final int HEADER_OBJECTS = 128;

  private final HttpRequest request;
  private final boolean isHead;
  private final boolean clientSpeaks11;
  private final boolean clientStays;
  private boolean requestWhole;
  private boolean bodySent;
  private boolean interim;
  private boolean staysOpen;
  private boolean followed;

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
  int cost() {
    return bytes() + request.headers().size() * HEADER_OBJECTS + client.kept();
  }

  @Override
  boolean mayWait() {
    return target.settings().holds() == Holds.ALL;
  }

  @Override
  boolean isRepeatable() {
    return !begun && !bodySent && REPEATABLE.contains(request.method());
  }

  // ---- The request.

  @Override
  void connect() {
    // The server may be closing one that rests; what must not be repeated is not tried on it.
    UpstreamLink rested = isRepeatable() ? client.rested().take(target.upstream()) : null;
    if (rested == null) {
      super.connect();
    } else {
      rested.use(this);
      send(rested);
    }
  }

  @Override
  void connected(Channel channel) {
    send(UpstreamLink.forRequests(channel, this));
  }

  private void send(UpstreamLink over) {
    link = over;
    settleWithin(ON_ITS_WAY);
    Channel channel = over.channel();
    channel.write(request, channel.voidPromise());
    if (requestWhole) {
      channel.write(LastHttpContent.EMPTY_LAST_CONTENT, channel.voidPromise());
    }
    if (!requestWhole) {
      client.readBody();
    }
    channel.flush();
    channel.read();
  }

  @Override
  boolean wantsContent() {
    return link != null && !requestWhole;
  }

  @Override
  boolean toHead() {
    return isHead;
  }

  @Override
  boolean mayFollow() {
    return stays() && clientSpeaks11 && requestWhole;
  }

  private boolean stays() {
    return clientStays && !client.front().isDraining();
  }

  @Override
  void content(HttpContent content) {
    UpstreamLink over = link;
    if (content.decoderResult().isFailure()) {
      content.release();
      // A chunk that is none: what follows cannot be told apart from a request.
      answer(Answers.problem(400, "the request's body is not well formed"), Outcome.REJECTED);
      return;
    }
    requestWhole |= content instanceof LastHttpContent;
    if (over == null) {
      // The end of a request without a body, which comes with its head.
      content.release();
      return;
    }
    if (content instanceof LastHttpContent last) {
      Forwarding.trailersTowardsUpstream(last.trailingHeaders());
    }
    int bytes = content.content().readableBytes();
    ledger.bytesIn += bytes;
    bodySent |= bytes > 0;
    over.channel().write(content, over.channel().voidPromise());
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
        || !Outgoing.canPassOn(response)
        || response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
      // An Upgrade was not passed on, so there is nothing to switch to.
      badGateway("the server's answer cannot be read");
      return;
    }
    interim = status < 200;
    if (interim) {
      if (clientSpeaks11) {
        client.front().forwarding().towardsClient(response);
        client.out().interim(response);
      }
      return;
    }
    begun = true;
    settle();
    ledger.status(status);
    staysOpen = HttpUtil.isKeepAlive(response);
    client.front().forwarding().towardsClient(response);
    followed = client.out().head(response, isHead, clientSpeaks11, stays());
  }

  @Override
  public void answered(HttpContent content) {
    if (interim) {
      interim = !(content instanceof LastHttpContent);
      if (clientSpeaks11) {
        client.out().interim(content);
      } else {
        content.release();
      }
      return;
    }
    if (content.decoderResult().isFailure()) {
      content.release();
      cut(Outcome.FAILED);
      return;
    }
    ledger.bytesOut += content.content().readableBytes();
    boolean last = content instanceof LastHttpContent;
    client.out().write(content);
    if (last) {
      answerWhole();
    }
  }

  private void answerWhole() {
    UpstreamLink used = link;
    if (used != null && staysOpen && requestWhole) {
      link = null;
      client.rested().put(target.upstream(), used);
    }
    end(Outcome.PASSED);
    // Also where the drain began after the head, which then did not say so.
    client.answered(followed && requestWhole && stays());
  }

  @Override
  public void upstreamEnded() {
    link = null;
    if (begun) {
      cut(Outcome.FAILED);
    } else {
      unanswered();
    }
  }

  @Override
  void release() {}
}
