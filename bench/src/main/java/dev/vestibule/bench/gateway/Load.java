package dev.vestibule.bench.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The process in which the clients live: bare sockets on one thread, so that they cost as little as
 * they can beside what is measured. Obeys, one a line:
 *
 * <ul>
 *   <li>{@code arrive PORT COUNT}: so many connect and send a handshake; says how many were taken
 *   <li>{@code answers MILLIS}: waits for what they hear, at most so long; says for each {@code
 *       STATUS@NANOS}, on the machine's monotonic clock; 0: it was cut off, -1: it heard nothing
 *   <li>{@code echo SIZE WARM WINDOW}: each that was let in sends a message, waits for it to come
 *       back, and sends the next; says {@code begun NANOS} after so many milliseconds, and after so
 *       many more {@code ended COUNT NANOS P50 P99 LOST}
 *   <li>{@code handshakes PORT AT_ONCE WARM WINDOW}: connect, handshake, close, again; says {@code
 *       begun NANOS}, and {@code ended COUNT NANOS P50 P99 FAILED}
 *   <li>{@code leave}: all close
 * </ul>
 */
final class Load {

  private static final int PER_ADDRESS = 500;

  private final Selector selector = Selector.open();
  private final List<Client> clients = new ArrayList<>();

  private Load() throws IOException {}

  public static void main(String[] args) throws Exception {
    Load load = new Load();
    var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      String[] words = line.split(" ", -1);
      int[] numbers = new int[words.length - 1];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = Integer.parseInt(words[i + 1]);
      }
      System.out.println(load.obey(words[0], numbers));
    }
  }

  private String obey(String command, int[] numbers) throws IOException {
    return switch (command) {
      case "arrive" -> "arrived " + arrive(numbers[0], numbers[1]);
      case "answers" -> answers(numbers[0]);
      case "echo" -> new Echoes(selector, numbers[0]).run(clients, numbers[1], numbers[2]);
      case "handshakes" ->
          new Handshakes(selector, numbers[0], numbers[1]).run(numbers[2], numbers[3]);
      case "leave" -> "left " + leave();
      default -> throw new IllegalArgumentException(command);
    };
  }

  private int arrive(int port, int count) throws IOException {
    var proxy = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    int taken = 0;
    for (int i = 0; i < count; i++) {
      SocketChannel channel = SocketChannel.open();
      Client client = new Client(channel);
      clients.add(client);
      try {
        // All of 127/8 is loopback: no address has more than are held for one by default.
        channel.bind(new InetSocketAddress("127.0.1." + (1 + i / PER_ADDRESS), 0));
        channel.connect(proxy);
        client.knock(selector);
        taken++;
      } catch (IOException e) {
        client.refused();
      }
    }
    return taken;
  }

  private String answers(int millis) throws IOException {
    long deadline = System.nanoTime() + millis * 1_000_000L;
    while (clients.stream().anyMatch(Client::waits)) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        break;
      }
      // Read in one go: asking each who still waits is for afterwards.
      selector.select(key -> ((Client) key.attachment()).hear(key), left);
    }
    StringBuilder heard = new StringBuilder("answers");
    clients.forEach(client -> heard.append(' ').append(client));
    return heard.toString();
  }

  private int leave() throws IOException {
    int left = clients.size();
    for (Client client : clients) {
      client.channel().close();
    }
    clients.clear();
    selector.selectNow();
    return left;
  }
}
