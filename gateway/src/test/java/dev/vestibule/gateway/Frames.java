package dev.vestibule.gateway;

import java.util.Arrays;

/** Frames for tests. */
public final class Frames {

  private Frames() {}

  /** The same frames without masks; they must be whole. */
  public static byte[] unmasked(byte[] bytes, int length) {
    byte[] out = new byte[length];
    int from = 0;
    int to = 0;
    while (from < length) {
      int small = bytes[from + 1] & 0x7F;
      int extended = small == 126 ? 2 : small == 127 ? 8 : 0;
      long payload = small;
      if (extended > 0) {
        payload = 0;
        for (int i = 0; i < extended; i++) {
          payload = payload << 8 | (bytes[from + 2 + i] & 0xFF);
        }
      }
      int header = 2 + extended;
      System.arraycopy(bytes, from, out, to, header);
      out[to + 1] &= 0x7F;
      int mask = from + header;
      for (int i = 0; i < payload; i++) {
        out[to + header + i] = (byte) (bytes[mask + 4 + i] ^ bytes[mask + i % 4]);
      }
      to += header + (int) payload;
      from += header + 4 + (int) payload;
    }
    return Arrays.copyOf(out, to);
  }

  /** A server's text frame. */
  public static byte[] text(String text) {
    byte[] frame = new byte[2 + text.length()];
    frame[0] = (byte) 0x81;
    frame[1] = (byte) text.length();
    for (int i = 0; i < text.length(); i++) {
      frame[2 + i] = (byte) text.charAt(i);
    }
    return frame;
  }
}
