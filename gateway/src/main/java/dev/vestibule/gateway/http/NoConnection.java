package dev.vestibule.gateway.http;

import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.unix.Errors;
import java.net.ConnectException;
import java.net.NoRouteToHostException;

/** Why a connection to an upstream could not be made. */
enum NoConnection {
  /** No answer in time: overloaded, or behind a firewall. */
  SILENT,
  /** It was there and is broken: somebody accepts connections, or did until now. */
  RESET,
  /** Nobody is there. */
  AWAY,
  /** The gateway's own fault: out of descriptors, most likely. */
  OURS;

  // Netty has one exception for all that the kernel may say, and its number in the message.
  private static final String RESET_NUMBER = "error(" + Errors.ERRNO_ECONNRESET_NEGATIVE + ")";

  static NoConnection because(Throwable cause) {
    if (cause instanceof ConnectTimeoutException) {
      return SILENT;
    }
    if (String.valueOf(cause.getMessage()).contains(RESET_NUMBER)) {
      return RESET;
    }
    return cause instanceof ConnectException || cause instanceof NoRouteToHostException
        ? AWAY
        : OURS;
  }
}
