package dev.vestibule.gateway.admin;

import java.util.concurrent.Executor;

/** What a small server says. Used by many threads. */
interface Site {

  /** How many bytes a request's body may have. */
  int mostBytes();

  /**
   * Where it is answered.
   *
   * @return {@code Runnable::run} for what takes microseconds: the event loop carries sessions too
   */
  Executor on(Asked asked);

  /** What it says. Must not throw, but what it throws is a 500. */
  Answer answer(Asked asked);
}
