package dev.vestibule.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vestibule.Door;
import dev.vestibule.Gate;
import dev.vestibule.Startup;
import dev.vestibule.Ticker;
import dev.vestibule.testkit.RawClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DoorAdoptionTest {

  private final Startup startup = Startup.define().phase("services", p -> p.signalled()).build();
  private final Gate gate = Gate.before(startup).route("/echo", r -> r.requiresAll()).build();

  @Test
  void whoKnockedBeforeTheServerWasThereIsServedByIt() throws Exception {
    Door door = open();
    JettyServer jetty = new JettyServer(JettyServer.gate(gate), JettyServer.Echo.JETTY, false);
    DoorAdoption.adopt(door, jetty.connector);
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      clients.add(RawClient.connect(door.port()).send(RawClient.handshake("/echo")));
    }
    jetty.start();
    assertThat(jetty.port()).isEqualTo(door.port());
    for (int i = 0; i < 50; i++) {
      clients.add(RawClient.connect(jetty.port()).send(RawClient.handshake("/echo")));
    }
    startup.start();
    startup.signal("services").ready();
    for (RawClient client : clients) {
      assertThat(client.read().status()).isEqualTo(101);
      assertThat(client.send(RawClient.frame("hello")).readText()).isEqualTo("hello");
      client.close();
    }
    jetty.stop();
    startup.close();
  }

  @Test
  void theFirstRequestOfAnEarlyConnectionHasWaitedSinceItsKnock() throws Exception {
    List<@Nullable Long> seen = Collections.synchronizedList(new ArrayList<>());
    Door door = open();
    JettyServer jetty = new JettyServer(JettyServer.gate(gate), JettyServer.Echo.JETTY, false);
    jetty.server.setHandler(new Looking(jetty.server.getHandler(), seen));
    DoorAdoption.adopt(door, jetty.connector);
    String get = RawClient.request("GET /open HTTP/1.1", "Host: localhost");
    long before = Ticker.system().read();
    try (RawClient early = RawClient.connect(door.port()).send(get)) {
      jetty.start();
      assertThat(early.read().body()).isEqualTo("open");
      assertThat(early.send(get).read().body()).isEqualTo("open");
    }
    try (RawClient late = RawClient.connect(door.port()).send(get)) {
      assertThat(late.read().body()).isEqualTo("open");
    }
    long after = Ticker.system().read();
    assertThat(seen).hasSize(3);
    assertThat(seen.get(0)).isNotNull().isBetween(before, after);
    assertThat(seen.get(1)).isNull();
    assertThat(seen.get(2)).isNull();
    jetty.stop();
  }

  @Test
  void untilTheConnectorStartsTheDoorCanRefuse() throws Exception {
    Door door = open();
    JettyServer jetty = new JettyServer(JettyServer.gate(gate), JettyServer.Echo.JETTY, false);
    DoorAdoption.adopt(door, jetty.connector);
    door.close();
    assertThatThrownBy(jetty::start).hasMessageContaining("(expected: once)");
    jetty.stop();
  }

  @Test
  void aConnectorThatRunsTakesNoDoor() throws Exception {
    JettyServer jetty = new JettyServer(JettyServer.gate(gate), JettyServer.Echo.JETTY, false);
    jetty.start();
    try (Door door = open()) {
      assertThatThrownBy(() -> DoorAdoption.adopt(door, jetty.connector))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("(expected: not yet open)");
    }
    jetty.stop();
  }

  private static Door open() throws Exception {
    return Door.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
  }

  private static final class Looking extends Handler.Wrapper {
    private final List<@Nullable Long> seen;

    Looking(Handler behind, List<@Nullable Long> seen) {
      super(behind);
      this.seen = seen;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      var meta = request.getConnectionMetaData();
      seen.add(DoorAdoption.knockedAt(meta.getConnector(), meta.getConnection()));
      return super.handle(request, response, callback);
    }
  }
}
