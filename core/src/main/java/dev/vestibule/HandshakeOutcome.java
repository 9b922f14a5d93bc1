package dev.vestibule;

/**
 * What became of a WebSocket handshake at a route of a gate, also of one that found its route open
 * and never asked. An adapter knows it; a status alone does not say it, since a refusal may be a
 * 101 with a close frame right behind it.
 */
public enum HandshakeOutcome {
  /** A session follows. */
  OPENED,
  /** The gate refused it: by a 503, or by a 101 and a close frame. */
  REFUSED,
  /** Somebody else said no: the screening before the gate, or the application behind it. */
  REJECTED,
  /** The client was gone before there was an answer. */
  LEFT
}
