package dev.vestibule.gateway.http;

import dev.vestibule.gateway.http.Screened.Rejected;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import org.jspecify.annotations.Nullable;

/**
 * How strictly HTTP is read: as RFC 9112 writes it and no other way, because a server that reads
 * the same bytes less or more leniently sees other requests in them. Safe for use by many threads.
 */
public final class HttpDecoding {

  /** Content is passed on in pieces of at most so many bytes. */
  private static final int MAX_PIECE = 64 * 1024;

  private HttpDecoding() {}

  /**
   * Reads what clients send.
   *
   * @param maxHeaderBytes of the request line, and of all headers together, each; more than zero
   * @return a decoder for one connection
   */
  static HttpRequestDecoder requests(int maxHeaderBytes) {
    return new HeadDecoder(
        maxHeaderBytes,
        new HeadDecoder.Reader() {
          @Override
          public void somethingCame() {}

          @Override
          public boolean wants() {
            return true;
          }
        });
  }

  /**
   * How messages are read: lines end with CR LF, lengths are given once.
   *
   * @param maxHeaderBytes of the status line, and of all headers together, each; more than zero
   * @return settings that the caller may change further
   */
  public static HttpDecoderConfig config(int maxHeaderBytes) {
    return new HttpDecoderConfig()
        .setMaxInitialLineLength(maxHeaderBytes)
        .setMaxHeaderSize(maxHeaderBytes)
        .setMaxChunkSize(MAX_PIECE)
        .setStrictLineParsing(true)
        .setUseRfc9112TransferEncoding(true)
        .setAllowDuplicateContentLengths(false)
        .setValidateHeaders(true);
  }

  /**
   * What a client is told whose bytes are no HTTP.
   *
   * @param result of a request or of a piece of its body
   * @return 431 (RFC 6585 section 5) when its headers are too long, else 400; null when all is well
   */
  public static @Nullable Rejected mistakeIn(DecoderResult result) {
    Throwable cause = result.cause();
    if (cause == null) {
      return null;
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return Rejected.of(431, "headers: too long");
    }
    return cause instanceof TooLongHttpLineException
        ? Rejected.of(400, "request line: too long")
        : Rejected.of(400, "request: malformed (expected: HTTP/1.1 as in RFC 9112)");
  }
}
