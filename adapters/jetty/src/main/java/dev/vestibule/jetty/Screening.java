package dev.vestibule.jetty;

import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a request before it is held, so that strangers cannot fill the places of those who may
 * come in: its Origin, or a credential that can be checked without what is still starting. Called
 * only for requests that would be held; behind an open gate the application checks as it always
 * does. Must be safe for use by many threads and must not block.
 */
@FunctionalInterface
public interface Screening {

  /**
   * Looks at a request.
   *
   * @param request whose headers have come; its body must not be read
   * @return why it is rejected, or null when it may wait
   */
  @Nullable Rejection screen(Request request);
}
