package dev.vestibule.gateway.upstream;

/** What a server says of one of its phases. */
public enum PushedState {
  /** It is at work. Of a phase that was ready, failed or down: the server starts again. */
  RUNNING,
  /** It is ready. */
  READY,
  /** It will not become ready in this start. */
  FAILED,
  /** It was ready, and is away for now. */
  DOWN
}
