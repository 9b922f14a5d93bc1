package dev.vestibule.gateway.http;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;

/** Knows which answers have no body because they are to HEAD, RFC 9110 section 9.3.2. */
final class AnswerEncoder extends HttpResponseEncoder {

  private boolean head;

  /** Says what the answers from now on are to. */
  void toHead(boolean head) {
    this.head = head;
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpResponse response) {
    return head || super.isContentAlwaysEmpty(response);
  }
}
