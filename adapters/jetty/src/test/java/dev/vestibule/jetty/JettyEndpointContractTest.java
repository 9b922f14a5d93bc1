package dev.vestibule.jetty;

import dev.vestibule.Gate;
import dev.vestibule.testkit.AdapterContract;
import dev.vestibule.testkit.Capabilities;
import dev.vestibule.testkit.ManualTime;
import java.util.Set;

/** The contract, before an endpoint of Jetty's own API, on which Spring's handlers run too. */
class JettyEndpointContractTest extends AdapterContract {

  @Override
  protected Running start(Gate gate, ManualTime time, boolean oneWorker) throws Exception {
    return new JettyServer(JettyServer.gate(gate, time), JettyServer.Echo.JETTY, oneWorker)
        .start()
        .running(time);
  }

  @Override
  protected Set<Capabilities> capabilities() {
    return JettyServer.CAPABILITIES;
  }
}
