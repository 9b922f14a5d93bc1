package dev.vestibule.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/**
 * A client that writes what it is told, well-formed or not, to a server on this machine, and reads
 * what comes back. Blocking, one thread at a time; a read that takes longer than ten seconds fails.
 */
public final class RawClient implements AutoCloseable {

  /** The key of RFC 6455 section 1.3. */
  public static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  /** What a server makes of {@link #KEY}. */
  public static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

  private static final int PATIENCE_MILLIS = 10_000;

  /**
   * An HTTP response.
   *
   * @param status the status code
   * @param headers with names in lower case; of several with one name, the values with commas
   * @param body as text, empty if there is none
   */
  public record Answer(int status, TreeMap<String, String> headers, String body) {

    /**
     * A header's value.
     *
     * @param name in lower case
     * @return empty when it was not sent
     */
    public String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  private final Socket socket;
  private final InputStream in;

  private RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  /**
   * Connects.
   *
   * @param port of a server on the loopback interface
   * @return a client that has sent nothing yet
   * @throws IOException when nobody listens
   */
  public static RawClient connect(int port) throws IOException {
    return new RawClient(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /**
   * Goes on with a connection, such as one of TLS.
   *
   * @param socket connected; closed with the client
   * @return a client that has sent nothing yet
   * @throws IOException when the connection is gone
   */
  public static RawClient over(Socket socket) throws IOException {
    return new RawClient(socket);
  }

  /**
   * A well-formed handshake.
   *
   * @param path what to ask for
   * @param more further header lines, without their ends
   * @return the request
   */
  public static String handshake(String path, String... more) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "GET " + path + " HTTP/1.1",
                "Host: localhost",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: " + KEY));
    lines.addAll(List.of(more));
    return request(lines.toArray(String[]::new));
  }

  /**
   * A request of these lines.
   *
   * @param lines the request line and the headers, without their ends
   * @return the request
   */
  public static String request(String... lines) {
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  /**
   * Sends text.
   *
   * @param text in ISO-8859-1, as HTTP's heads are
   * @return this
   * @throws IOException when the connection is gone
   */
  public RawClient send(String text) throws IOException {
    return send(text.getBytes(ISO_8859_1));
  }

  /**
   * Sends bytes in one write.
   *
   * @param bytes any
   * @return this
   * @throws IOException when the connection is gone
   */
  public RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /**
   * A text frame, masked as a client's must be, RFC 6455 section 5.
   *
   * @param text at most 125 bytes in UTF-8
   * @return the frame
   */
  public static byte[] frame(String text) {
    byte[] payload = text.getBytes(UTF_8);
    return frame(0x81, new byte[] {(byte) (0x80 | payload.length)}, payload);
  }

  /**
   * A binary frame of zeros.
   *
   * @param bytes how many; 65,536 or more
   * @return the frame
   */
  public static byte[] largeFrame(int bytes) {
    byte[] length = ByteBuffer.allocate(9).put((byte) 0xff).putLong(bytes).array();
    return frame(0x82, length, new byte[bytes]);
  }

  /**
   * A close frame without a reason.
   *
   * @param code what it says
   * @return the frame
   */
  public static byte[] close(int code) {
    return frame(0x88, new byte[] {(byte) 0x82}, new byte[] {(byte) (code >> 8), (byte) code});
  }

  private static byte[] frame(int first, byte[] length, byte[] payload) {
    byte[] mask = {1, 2, 3, 4};
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(first);
    out.writeBytes(length);
    out.writeBytes(mask);
    for (int i = 0; i < payload.length; i++) {
      out.write(payload[i] ^ mask[i % 4]);
    }
    return out.toByteArray();
  }

  /**
   * Reads a response.
   *
   * @return its head, and its body if it has a {@code Content-Length}
   * @throws IOException when the connection ends before, or ten seconds pass
   */
  public Answer read() throws IOException {
    return read(true);
  }

  /**
   * Reads the response to a HEAD, which has no body.
   *
   * @return its head
   * @throws IOException when the connection ends before, or ten seconds pass
   */
  public Answer readHead() throws IOException {
    return read(false);
  }

  private Answer read(boolean hasBody) throws IOException {
    int status = Integer.parseInt(line().split(" ", 3)[1]);
    TreeMap<String, String> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.merge(
          line.substring(0, colon).toLowerCase(Locale.ROOT),
          line.substring(colon + 1).trim(),
          (one, other) -> one + "," + other);
    }
    int length = hasBody ? Integer.parseInt(headers.getOrDefault("content-length", "0")) : 0;
    return new Answer(status, headers, new String(in.readNBytes(length), UTF_8));
  }

  /**
   * Reads a body in chunks, RFC 9112 section 7.1, up to its end.
   *
   * @return the chunks, and behind the last of them the trailers, each with a line feed before it
   * @throws IOException when the connection ends before, or ten seconds pass
   */
  public String readChunked() throws IOException {
    StringBuilder body = new StringBuilder();
    for (String chunk = readChunk(); !chunk.isEmpty(); chunk = readChunk()) {
      body.append(chunk);
    }
    for (String line = line(); !line.isEmpty(); line = line()) {
      body.append('\n').append(line);
    }
    return body.toString();
  }

  /**
   * Reads one chunk; trailers are left.
   *
   * @return empty: the last
   * @throws IOException when the connection ends before, or ten seconds pass
   */
  public String readChunk() throws IOException {
    int length = Integer.parseInt(line(), 16);
    String chunk = new String(readBytes(length), ISO_8859_1);
    if (length > 0) {
      line();
    }
    return chunk;
  }

  /**
   * Reads bytes.
   *
   * @param count how many
   * @return so many
   * @throws IOException when the connection ends before, or ten seconds pass without any
   */
  public byte[] readBytes(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("%d bytes (expected: %d)".formatted(bytes.length, count));
    }
    return bytes;
  }

  /**
   * Reads a text frame.
   *
   * @return its text
   * @throws IOException when something else comes, the connection ends, or ten seconds pass
   */
  public String readText() throws IOException {
    return new String(readFrame(0x81), UTF_8);
  }

  /**
   * Reads a close frame.
   *
   * @return its code
   * @throws IOException when something else comes, the connection ends, or ten seconds pass
   */
  public int readClose() throws IOException {
    return readCloseFrame().code();
  }

  /**
   * Reads a close frame.
   *
   * @return what it says
   * @throws IOException when something else comes, the connection ends, or ten seconds pass
   */
  public Close readCloseFrame() throws IOException {
    byte[] payload = readFrame(0x88);
    int code = (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
    return new Close(code, new String(payload, 2, payload.length - 2, UTF_8));
  }

  /**
   * What a close frame says, RFC 6455 section 5.5.1.
   *
   * @param code the code
   * @param reason empty when none was sent
   */
  public record Close(int code, String reason) {}

  /**
   * Reads until the connection has ended, by a close or a reset, whatever comes before.
   *
   * @throws IOException when ten seconds pass
   */
  public void awaitEnd() throws IOException {
    try {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      // A reset is an end too.
    }
  }

  private byte[] readFrame(int expected) throws IOException {
    int first = one();
    int length = one();
    if (first != expected || length > 125) {
      throw new IOException(
          "frame: 0x%x of %d bytes (expected: 0x%x, short)".formatted(first, length, expected));
    }
    return in.readNBytes(length);
  }

  /**
   * Reads until the server closes the connection.
   *
   * @return what came before the end
   * @throws IOException when it is reset, or ten seconds pass
   */
  public String readToEnd() throws IOException {
    return new String(in.readAllBytes(), ISO_8859_1);
  }

  /**
   * Expects that the server neither answers nor closes.
   *
   * @param time for so long
   * @return whether nothing came
   * @throws IOException when the connection is reset
   */
  public boolean hearsNothingFor(Duration time) throws IOException {
    socket.setSoTimeout((int) time.toMillis());
    in.mark(1);
    try {
      in.read();
      in.reset();
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    } finally {
      socket.setSoTimeout(PATIENCE_MILLIS);
    }
  }

  /**
   * Says that nothing more will be sent, and goes on listening.
   *
   * @return this
   * @throws IOException when the connection is gone
   */
  public RawClient endOutput() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = one(); c != '\n'; c = one()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private int one() throws IOException {
    int c = in.read();
    if (c < 0) {
      throw new EOFException("the server closed the connection");
    }
    return c;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
