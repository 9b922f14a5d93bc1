package dev.vestibule.jetty;

import dev.vestibule.Door;
import java.io.IOException;
import org.eclipse.jetty.server.ServerConnector;

/** Gives a connector the door, and those who knocked. */
public final class DoorAdoption {

  private DoorAdoption() {}

  public static void adopt(Door door, ServerConnector connector) throws IOException {}
}
