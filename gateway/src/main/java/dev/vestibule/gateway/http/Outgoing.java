package dev.vestibule.gateway.http;

import dev.vestibule.gateway.tunnel.Parting;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;

/**
 * What a client is sent: the upstream's answers, and the gateway's own. Lives on the event loop of
 * the client's connection.
 */
final class Outgoing {

  private static final String ENCODER = "encoder";

  private final Channel channel;
  // The end of the connection is the end of the answer: HTTP/1.0, RFC 9112 section 6.3.
  private boolean endsByClosing;

  Outgoing(Channel channel) {
    this.channel = channel;
  }

  // ---- Answers of the upstream's.

  /** Whether where its body ends can be told to a client too; RFC 9112 section 6.1. */
  static boolean canPassOn(HttpResponse response) {
    List<String> codings = Tokens.of(response.headers(), HttpHeaderNames.TRANSFER_ENCODING);
    return codings.isEmpty()
        || (codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked"));
  }

  /**
   * A final answer's head, which says where its body ends in a way that the client understands.
   *
   * @return whether the connection can stay open after it
   */
  boolean head(HttpResponse response, boolean toHead, boolean speaks11, boolean stays) {
    HttpHeaders headers = response.headers();
    int status = response.status().code();
    boolean noBody = toHead || status == 204 || status == 304;
    response.setProtocolVersion(HttpVersion.HTTP_1_1);
    if (!noBody && !headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
      endsByClosing = !speaks11;
      if (speaks11) {
        headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
      }
    }
    if (!speaks11) {
      headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
    }
    boolean open = stays && !endsByClosing;
    if (!open) {
      headers.add(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (!speaks11) {
      headers.add(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
    encoder().toHead(toHead);
    write(response);
    return open;
  }

  /** A 1xx, or its empty content. */
  void interim(HttpObject object) {
    encoder();
    write(object);
  }

  /** Content, or bytes; released once they are written. */
  void write(Object content) {
    channel.write(content, channel.voidPromise());
  }

  // ---- Answers of the gateway's own.

  /** A whole answer. */
  void answer(FullHttpResponse answer, boolean toHead, boolean stays) {
    if (stays) {
      answer.headers().remove(HttpHeaderNames.CONNECTION);
    }
    encoder().toHead(toHead);
    write(answer);
  }

  // ---- The end.

  /** Sends what was written; false when the client is slow to take it. */
  boolean flush() {
    channel.flush();
    return channel.isWritable();
  }

  boolean isWritable() {
    return channel.isWritable();
  }

  /** Bytes follow that are no HTTP. */
  void stopEncoding() {
    if (channel.pipeline().get(ENCODER) != null) {
      channel.pipeline().remove(ENCODER);
    }
  }

  /** Ends the connection once the client has all that was written. */
  void part() {
    Parting.from(channel);
  }

  /** Ends the connection in the middle of an answer, so that nobody can take it for a whole one. */
  void cut() {
    if (endsByClosing) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      // From the first handler on: a farewell of TLS would say that this was all.
      channel.pipeline().firstContext().close();
    } else {
      Parting.from(channel);
    }
  }

  private AnswerEncoder encoder() {
    AnswerEncoder encoder = channel.pipeline().get(AnswerEncoder.class);
    if (encoder == null) {
      encoder = new AnswerEncoder();
      channel.pipeline().addBefore(ClientConnection.NAME, ENCODER, encoder);
    }
    return encoder;
  }
}
