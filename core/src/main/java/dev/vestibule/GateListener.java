package dev.vestibule;

/** Hears how the arrivals fared that asked a gate. */
@FunctionalInterface
public interface GateListener {

  /**
   * An arrival has an outcome. Called once for each admission, refusal and departure, by whichever
   * thread decided it, by many at the same time, before the client is told. An admission that fails
   * and is put back ends again. Arrivals that an adapter lets pass because {@link Route#isOpen()}
   * are not among them.
   *
   * <p>Must be quick and must not block: everybody who stands behind waits for it. What it throws
   * is logged.
   *
   * @param wait how it ended
   */
  void ended(WaitEnded wait);
}
