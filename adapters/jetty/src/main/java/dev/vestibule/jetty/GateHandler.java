package dev.vestibule.jetty;

import dev.vestibule.Gate;
import org.eclipse.jetty.server.Handler;

/** The gate. */
public final class GateHandler extends Handler.Wrapper {

  private final Gate gate;

  private GateHandler(Builder definition) {
    this.gate = definition.gate;
  }

  Gate gate() {
    return gate;
  }

  public static Builder before(Gate gate) {
    return new Builder(gate);
  }

  public long passed() {
    return 0;
  }

  /** Builds. */
  public static final class Builder {
    private final Gate gate;

    private Builder(Gate gate) {
      this.gate = gate;
    }

    public Builder screening(Screening screening) {
      return this;
    }

    public Builder trustedHops(int hops) {
      return this;
    }

    public Builder lanes(int lanes) {
      return this;
    }

    public GateHandler build() {
      return new GateHandler(this);
    }
  }
}
