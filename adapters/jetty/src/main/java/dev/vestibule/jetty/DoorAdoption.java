package dev.vestibule.jetty;

import dev.vestibule.Door;
import dev.vestibule.Door.Knock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * Gives a connector the door in place of a socket of its own, and with it those who knocked before
 * there was a server: they become its connections as soon as it has started.
 */
public final class DoorAdoption {

  private final Map<SocketChannel, Long> knockedAt = new ConcurrentHashMap<>();

  private DoorAdoption() {}

  /**
   * Lets a connector take over a door at the moment when it starts. Until then the door goes on as
   * it is: it notes when clients knock, and can refuse them should the application fail to start.
   * The connector closes the socket when it stops.
   *
   * <p>Its server no longer {@linkplain org.eclipse.jetty.server.Server#setOpenEarly opens} its
   * connectors before everything else; the port is open already.
   *
   * @param door open; the connector fails to start if it is not any more
   * @param connector its host and port are not looked at; {@link ServerConnector#getLocalPort()}
   *     tells the door's port once it has started
   * @throws IllegalStateException when the connector has a socket, or runs already
   */
  public static void adopt(Door door, ServerConnector connector) {
    if (connector.isRunning() || connector.isOpen()) {
      throw new IllegalStateException("connector: " + connector + " (expected: not yet open)");
    }
    connector.getServer().setOpenEarly(false);
    DoorAdoption adoption = new DoorAdoption();
    connector.addBean(adoption);
    connector.addEventListener(adoption.new Forgetting());
    connector.addEventListener(new Arriving(adoption, door, connector));
  }

  /**
   * When the client of a request began to wait.
   *
   * @param request any
   * @return a reading of {@link dev.vestibule.Ticker#system()}: of its knock at the door, if that
   *     was before there was a server and this is its first request; else of the first byte of the
   *     request. Not of its connection, since browsers connect long before they ask.
   */
  public static long knockedAt(Request request) {
    var meta = request.getConnectionMetaData();
    Long knock = knockedAt(meta.getConnector(), meta.getConnection());
    return knock == null ? request.getBeginNanoTime() : knock;
  }

  /**
   * When the client of a connection knocked at the door, a reading of {@link
   * dev.vestibule.Ticker#system()}; null when it came later.
   */
  static @Nullable Long knockedAt(Connector connector, Connection connection) {
    DoorAdoption adoption = connector.getBean(DoorAdoption.class);
    // Only its first request has waited since then.
    return adoption == null || connection.getMessagesIn() > 1
        ? null
        : adoption.knockedAt.get(connection.getEndPoint().getTransport());
  }

  private void bringIn(ServerConnector connector, List<Knock> knocks) {
    for (Knock knock : knocks) {
      SocketChannel channel = knock.channel();
      try {
        // What the connector does with those whom it accepts itself.
        channel.configureBlocking(false);
        configure(channel.socket(), connector);
        knockedAt.put(channel, knock.knockedAt());
        connector.getSelectorManager().accept(channel);
      } catch (IOException e) {
        knockedAt.remove(channel);
        close(channel);
      }
    }
  }

  private static void configure(Socket socket, ServerConnector connector) throws IOException {
    socket.setTcpNoDelay(connector.getAcceptedTcpNoDelay());
    if (connector.getAcceptedReceiveBufferSize() > -1) {
      socket.setReceiveBufferSize(connector.getAcceptedReceiveBufferSize());
    }
    if (connector.getAcceptedSendBufferSize() > -1) {
      socket.setSendBufferSize(connector.getAcceptedSendBufferSize());
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // It is gone, which is what was wanted.
    }
  }

  /** Takes the socket before the connector would open its own, and the knocks when it runs. */
  private static final class Arriving implements LifeCycle.Listener {
    private final DoorAdoption adoption;
    private final Door door;
    private final ServerConnector connector;
    private List<Knock> knocks = List.of();

    Arriving(DoorAdoption adoption, Door door, ServerConnector connector) {
      this.adoption = adoption;
      this.door = door;
      this.connector = connector;
    }

    @Override
    public void lifeCycleStarting(LifeCycle starting) {
      Door.Handover handover = door.adopt();
      knocks = handover.knocks();
      try {
        connector.open(handover.listener());
      } catch (IOException e) {
        throw new UncheckedIOException("the connector cannot take the door", e);
      }
    }

    @Override
    public void lifeCycleStarted(LifeCycle started) {
      connector.removeEventListener(this);
      adoption.bringIn(connector, knocks);
    }

    @Override
    public void lifeCycleFailure(LifeCycle failed, Throwable cause) {
      for (Knock knock : knocks) {
        close(knock.channel());
      }
    }
  }

  /** A connection that ends, or becomes a session, needs no knock any more. */
  private final class Forgetting implements Connection.Listener {
    @Override
    public void onClosed(Connection connection) {
      if (connection.getEndPoint().getTransport() instanceof SocketChannel channel) {
        knockedAt.remove(channel);
      }
    }
  }
}
