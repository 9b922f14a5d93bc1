package dev.vestibule.gateway.tunnel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a silent client is still there: sends it a ping of the gateway's own between
 * two frames of the server, and takes the answer out of what goes to the server, who never asked.
 * All else passes byte for byte and in order, the answers to the server's own pings too.
 *
 * <p>Any byte from the client is a sign of life, an answer or not. After {@code interval} without
 * one a ping is {@link Due#PING due}; after as long again without one the client is {@link Due#GONE
 * gone}.
 *
 * <p>The answer is recognised by its payload (RFC 6455 section 5.5.3: a pong repeats its ping's):
 * eight letters for a person who looks at the wire, and eight bytes that are drawn anew for each
 * tunnel. It may come cut into pieces; then what has come of it is withheld, at most 21 bytes,
 * until it is known whose it is.
 *
 * <p>It keeps no timer and reads no clock: times are readings of one {@link dev.vestibule.Ticker}.
 * Not safe for use by several threads: it belongs to the event loop of its connection.
 */
public final class Heartbeat {

  /** What is to be done. */
  public enum Due {
    /** Nothing yet. */
    NOTHING,
    /** {@link #ping} is to be sent, or {@link #blocked} to be said. */
    PING,
    /** The client is gone: the connection is to be closed. */
    GONE
  }

  private static final int FINAL_PING = 0x89;
  private static final byte FINAL_PONG = (byte) 0x8A;
  private static final int PAYLOAD = 16;
  private static final byte MASKED_PAYLOAD = (byte) (0x80 | PAYLOAD);
  private static final int PONG_BYTES = 2 + 4 + PAYLOAD;

  /** {@code vestibul}. */
  private static final long NAME = 0x766573746962756CL;

  private final long interval;
  private final FrameFollower client;
  private final long nonce = ThreadLocalRandom.current().nextLong();

  private long since;
  private boolean asked;
  private boolean pinged;

  /** What has come of a frame that may be an answer to our ping; null: nothing is withheld. */
  private byte @Nullable [] held;

  private int heldBytes;

  /**
   * A heartbeat of one tunnel.
   *
   * @param interval how long a client may be silent, and then take to answer; more than zero
   * @param client follows what comes from the client; {@link #filter} leads it, nobody else may
   * @param now when the session began
   * @throws IllegalArgumentException when the interval is not more than zero
   */
  public Heartbeat(Duration interval, FrameFollower client, long now) {
    if (interval.isNegative() || interval.isZero()) {
      throw new IllegalArgumentException("heartbeat: " + interval + " (expected: > PT0S)");
    }
    this.interval = interval.toNanos();
    this.client = client;
    this.since = now;
  }

  /**
   * What is to be done now. The caller asks again after {@link #nextIn}.
   *
   * @param now a reading of the ticker
   * @return always {@link Due#NOTHING} once the client's frames cannot be followed, because its
   *     answer could not be told from its messages, and once it has said its last word
   */
  public Due due(long now) {
    if (client.lost() || client.closing() || now - since < interval) {
      return Due.NOTHING;
    }
    return asked ? Due.GONE : Due.PING;
  }

  /**
   * How long until something may be due.
   *
   * @param now a reading of the ticker
   * @return nanoseconds, at least 1; the whole interval where something is due already
   */
  public long nextIn(long now) {
    long left = interval - (now - since);
    return left > 0 ? left : interval;
  }

  /**
   * A ping, which the caller sends at once, and only where a frame may stand: at a boundary of what
   * goes to the client, and not after the server's close frame.
   *
   * @param allocator where the buffer comes from
   * @param now a reading of the ticker; the client has an interval from now to show itself
   * @return the frame; the caller releases it
   */
  public ByteBuf ping(ByteBufAllocator allocator, long now) {
    pinged = true;
    blocked(now);
    return allocator
        .buffer(2 + PAYLOAD)
        .writeByte(FINAL_PING)
        .writeByte(PAYLOAD)
        .writeLong(NAME)
        .writeLong(nonce);
  }

  /**
   * Says that a ping is due but would only queue, because the client takes none of the bytes that
   * wait for it: it has an interval from now to take some or to send some, as if it were asked.
   * (Where it is the server that is in mid-frame, the client is not to blame: say nothing, and ask
   * again at the boundary.)
   *
   * @param now a reading of the ticker
   */
  public void blocked(long now) {
    asked = true;
    since = now;
  }

  /**
   * A sign of life other than bytes from the client, such as that it took bytes that had to wait.
   *
   * @param now a reading of the ticker
   */
  public void heard(long now) {
    asked = false;
    since = now;
  }

  /**
   * Bytes from the client, and what of them goes on to the server.
   *
   * @param in becomes the callee's
   * @param now a reading of the ticker
   * @return the caller's, who releases it; often {@code in} itself, may have nothing to read
   */
  public ByteBuf filter(ByteBuf in, long now) {
    heard(now);
    if (!pinged) {
      client.follow(in);
      return in;
    }
    return new Passing(in).filter();
  }

  /**
   * What is still withheld when the client has sent its last byte, so that the server sees the same
   * bytes as without us.
   *
   * @return null when there is nothing; else the caller's, who releases it. Nothing is withheld
   *     after this.
   */
  public @Nullable ByteBuf restOrNull() {
    byte[] bytes = held;
    if (bytes == null) {
      return null;
    }
    held = null;
    return Unpooled.wrappedBuffer(bytes, 0, heldBytes);
  }

  /** One chunk on its way to the server. */
  private final class Passing {

    private final ByteBuf in;
    private final int end;
    private int at;

    /** Where what passes begins that is not yet in {@code out}. */
    private int from;

    private @Nullable CompositeByteBuf out;

    Passing(ByteBuf in) {
      this.in = in;
      this.at = in.readerIndex();
      this.from = at;
      this.end = in.writerIndex();
    }

    ByteBuf filter() {
      while (at < end) {
        if (held != null) {
          holdMore(held);
        } else if (!client.atBoundary() || !mayBeAnswer()) {
          at = client.followOne(in, at, end);
        } else if (end - at >= PONG_BYTES) {
          dropOrPass();
        } else {
          hold();
        }
      }
      return result();
    }

    private boolean mayBeAnswer() {
      return in.getByte(at) == FINAL_PONG
          && (at + 1 == end || in.getByte(at + 1) == MASKED_PAYLOAD);
    }

    private void dropOrPass() {
      int start = at;
      boolean ours = isOurs(in.getInt(at + 2), in.getLong(at + 6), in.getLong(at + 14));
      at = client.followOne(in, at, end);
      if (ours) {
        pass(start);
        from = at;
      }
    }

    private void hold() {
      byte[] bytes = new byte[PONG_BYTES];
      heldBytes = end - at;
      in.getBytes(at, bytes, 0, heldBytes);
      held = bytes;
      pass(at);
      at = client.followOne(in, at, end);
      from = end;
    }

    private void holdMore(byte[] bytes) {
      // After the first byte only the second: it tells whether there are as many as ours has.
      int wanted = heldBytes == 1 ? 1 : PONG_BYTES - heldBytes;
      int taken = Math.min(wanted, end - at);
      in.getBytes(at, bytes, heldBytes, taken);
      heldBytes += taken;
      at = client.followOne(in, at, at + taken);
      from = at;
      if (bytes[1] != MASKED_PAYLOAD) {
        release(bytes);
      } else if (heldBytes == PONG_BYTES) {
        ByteBuf whole = Unpooled.wrappedBuffer(bytes);
        if (isOurs(whole.getInt(2), whole.getLong(6), whole.getLong(14))) {
          held = null;
        } else {
          release(bytes);
        }
      }
    }

    private void release(byte[] bytes) {
      held = null;
      add(Unpooled.wrappedBuffer(bytes, 0, heldBytes));
    }

    /** What lies before an index, and has not passed yet, passes. */
    private void pass(int until) {
      if (until > from) {
        add(in.retainedSlice(from, until - from));
      }
    }

    private void add(ByteBuf piece) {
      if (out == null) {
        out = Unpooled.compositeBuffer();
      }
      out.addComponent(true, piece);
    }

    private ByteBuf result() {
      if (out == null) {
        return in.readerIndex(from);
      }
      pass(end);
      in.release();
      return out;
    }
  }

  private boolean isOurs(int mask, long name, long random) {
    long key = (mask & 0xFFFFFFFFL) << 32 | (mask & 0xFFFFFFFFL);
    return (name ^ key) == NAME && (random ^ key) == nonce;
  }
}
