package dev.vestibule.chat.conversation;

import dev.vestibule.chat.signin.Revocations;
import dev.vestibule.chat.signin.Session;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** All open pages, by user. Safe for use by many threads. */
public final class Sockets {

  /** Close code of a session that was signed out; see {@code docs/chat-protocol.md}. */
  public static final int SIGNED_OUT = 4401;

  private final Map<String, List<Socket>> byUser = new ConcurrentHashMap<>();
  private final Revocations revocations;

  /**
   * Begins with none.
   *
   * @param revocations asked again once a socket is known here
   */
  public Sockets(Revocations revocations) {
    this.revocations = revocations;
  }

  /**
   * Adds a page, and greets it.
   *
   * @param session whose it is
   * @param wire how to reach it
   * @return the socket
   */
  public Socket opened(Session session, Wire wire) {
    Socket socket = new Socket(session, wire);
    byUser.compute(
        session.user(),
        (user, sockets) -> {
          List<Socket> all = sockets == null ? new CopyOnWriteArrayList<>() : sockets;
          all.add(socket);
          return all;
        });
    // Signed out between the handshake and this line: signOut() has not seen this socket, so it is
    // for us to see the revocation.
    if (revocations.isRevoked(session)) {
      socket.close(SIGNED_OUT, "signed out");
      return socket;
    }
    socket.send(Frames.hello(session.user()));
    return socket;
  }

  /**
   * Forgets a page that has gone.
   *
   * @param socket as {@link #opened} returned it
   */
  public void closed(Socket socket) {
    socket.gone();
    byUser.computeIfPresent(
        socket.session().user(),
        (user, sockets) -> {
          sockets.remove(socket);
          return sockets.isEmpty() ? null : sockets;
        });
  }

  /**
   * Tells all pages of a user.
   *
   * @param user whose
   * @param frame what
   */
  public void tell(String user, String frame) {
    for (Socket socket : byUser.getOrDefault(user, List.of())) {
      socket.send(frame);
    }
  }

  /**
   * Closes the pages of a sign-in that was ended, after it was revoked.
   *
   * @param session which one
   */
  public void signOut(Session session) {
    for (Socket socket : byUser.getOrDefault(session.user(), List.of())) {
      if (socket.session().id().equals(session.id())) {
        socket.close(SIGNED_OUT, "signed out");
      }
    }
  }

  /** Pings all pages, so that nothing in between takes a silent connection for a dead one. */
  public void ping() {
    byUser.values().forEach(sockets -> sockets.forEach(Socket::ping));
  }

  /**
   * How many there are.
   *
   * @return zero or more
   */
  public int count() {
    return byUser.values().stream().mapToInt(List::size).sum();
  }
}
