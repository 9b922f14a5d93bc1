package dev.vestibule.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Listens where a server was, notes which clients come back, and sends them away. */
final class Comebacks {

  private static final Pattern CLIENT = Pattern.compile("client=([\\w-]+)");
  private static final byte[] ANSWER =
      "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  private Comebacks() {}

  /**
   * In the form in which {@link MatrixServer} says who knocked, the first time being the second.
   */
  static List<String> at(int port, String house, Duration during) throws IOException {
    List<String> knocks = new ArrayList<>();
    long began = System.nanoTime();
    try (ServerSocket socket = new ServerSocket(port, 100, InetAddress.getLoopbackAddress())) {
      long left = during.toMillis();
      while (left > 0) {
        socket.setSoTimeout((int) left);
        try (Socket client = socket.accept()) {
          client.setSoTimeout((int) left);
          var in = new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII);
          Matcher request = CLIENT.matcher(String.valueOf(new BufferedReader(in).readLine()));
          if (request.find()) {
            long millis = (System.nanoTime() - began) / 1_000_000;
            String slug = request.group(1);
            long before = knocks.stream().filter(it -> it.contains("|" + slug + "|")).count();
            knocks.add("knock|" + house + "|" + slug + "|" + (before + 2) + "|" + millis);
          }
          OutputStream out = client.getOutputStream();
          out.write(ANSWER);
          out.flush();
        } catch (SocketTimeoutException e) {
          break;
        } catch (IOException e) {
          // One that did not wait for its answer.
        }
        left = during.toMillis() - (System.nanoTime() - began) / 1_000_000;
      }
    }
    return knocks;
  }
}
