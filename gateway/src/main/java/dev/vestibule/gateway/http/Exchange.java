package dev.vestibule.gateway.http;

import dev.vestibule.Admission;
import dev.vestibule.Admitted;
import dev.vestibule.Arrival;
import dev.vestibule.Bound;
import dev.vestibule.Refused;
import dev.vestibule.RouteState;
import dev.vestibule.Startup;
import dev.vestibule.Waiter;
import dev.vestibule.gateway.Ledger;
import dev.vestibule.gateway.Passage.Outcome;
import dev.vestibule.gateway.Passage.Side;
import dev.vestibule.gateway.upstream.Upstream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way: held while its upstream is not ready, then connected, then answered.
 * Lives on the event loop of its client's connection.
 *
 * <p>A connection that the upstream refuses means that it is away: the request is held again, with
 * its old deadline, until the next start is ready. A connection that ends before a byte of the
 * answer came, as happens to whoever is let in while a server is killed, is tried anew a few times,
 * if the request can be repeated; the first refused connection of these is the usual end.
 */
abstract class Exchange implements UpstreamLink.Receiver {

  // What the kernel accepts on behalf of a process that is being killed is reset when it is gone.
  private static final int MOST_ATTEMPTS = 4;
  private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(20);
  private static final int BAD_GATEWAY = 502;

  final ClientConnection client;
  final RouteTable.Target target;
  final Ledger ledger;
  private final String path;
  private final @Nullable InetAddress address;
  private final @Nullable WaitLimit limit;
  private @Nullable Waiter waiter;
  private @Nullable Admitted admitted;
  // The start of the upstream in which this was let in.
  private Startup during;
  private final Deadline taking = new Deadline();
  private int attempts;
  private boolean kept;
  private int bytesKept;
  private boolean over;

  /** The connection to the upstream, from when it is accepted until it is no longer ours. */
  @Nullable UpstreamLink link;

  /** Whether the client was sent the beginning of an answer. */
  boolean begun;

  Exchange(
      ClientConnection client,
      RouteTable.Target target,
      Ledger ledger,
      String path,
      @Nullable InetAddress address,
      @Nullable WaitLimit limit) {
    this.client = client;
    this.target = target;
    this.ledger = ledger;
    this.path = path;
    this.address = address;
    this.limit = limit;
    this.during = target.upstream().startup();
    ledger.upstream(target.upstream().name());
    client.front().begins();
  }

  // ---- What kinds of exchanges do.

  /** How many bytes its head has, about. */
  abstract int bytes();

  /** How many bytes keeping it costs, about. */
  abstract int cost();

  /** Whether it may wait while the upstream is away. */
  abstract boolean mayWait();

  /** Whether it can be sent again, to an upstream that ended the connection without an answer. */
  abstract boolean isRepeatable();

  /** The upstream accepted a connection. */
  abstract void connected(Channel upstream);

  /** Whether it has a use for more of the request. */
  abstract boolean wantsContent();

  /** Whether the answer has no body because of what was asked. */
  abstract boolean toHead();

  /** Whether another request may follow once the gateway has answered this one. */
  abstract boolean mayFollow();

  /** More of the request came; to be released. */
  abstract void content(HttpContent content);

  /** What came after an upgrade's head; to be released. */
  abstract void bytes(ByteBuf bytes);

  /** The client has been read from, as far as there was something. */
  abstract void clientReadComplete();

  /** Lets go of everything else that it has; called once. */
  abstract void release();

  // ---- Held, let in, refused.

  final void begin() {
    RouteState state = target.gated().state();
    // Those who are let in one by one have waited; who may not wait does not queue behind them.
    if (state == RouteState.OPEN || (state == RouteState.PACED && !mayWait())) {
      ledger.waited();
      connect();
    } else {
      hold();
    }
  }

  private void hold() {
    // More than any gate holds, where there is no room: full.
    kept = kept || keep(cost());
    int bytes = kept ? bytes() : Integer.MAX_VALUE;
    Arrival arrival =
        Arrival.at(path).from(address).on(loop()).knockedAt(ledger.knockedAt()).bytes(bytes);
    if (limit != null) {
      arrival = limit.limit(arrival);
    }
    if (!mayWait()) {
      arrival = arrival.atMost(Duration.ZERO, Bound.ROUTE);
    }
    waiter = target.upstream().gate().admit(arrival, this::settled);
  }

  /** Reserves room for what came of the client, until this is over; false where there is none. */
  final boolean keep(int bytes) {
    boolean room = client.front().held().take(bytes);
    if (room) {
      bytesKept += bytes;
    }
    return room;
  }

  private void settled(Admission admission) {
    if (over) {
      if (admission instanceof Admitted late) {
        late.opened();
      }
      return;
    }
    if (admission instanceof Admitted letIn) {
      admitted = letIn;
      if (during != target.upstream().startup()) {
        during = target.upstream().startup();
        // Whoever waits long may see many servers killed.
        attempts = 0;
      }
      ledger.waited();
      connect();
    } else if (admission instanceof Refused refused) {
      ledger.refused(refused.reason());
      answer(Answers.refusal(refused), Outcome.REFUSED);
    }
  }

  // ---- The upstream's side.

  void connect() {
    Upstream upstream = target.upstream();
    InetSocketAddress at = upstream.address();
    if (at == null) {
      away(new ConnectException(upstream.name() + " was not started yet"));
      return;
    }
    Duration timeout = upstream.settings().connectTimeout();
    ChannelFuture connecting = client.front().connect(loop(), at, timeout);
    // Without a descriptor left there is no channel, and so no loop that would tell.
    connecting.addListener(done -> {
      if (loop().inEventLoop()) {
        tried(connecting);
      } else {
        loop().execute(() -> tried(connecting));
      }
    });
  }

  private void tried(ChannelFuture connecting) {
    if (over) {
      connecting.channel().close();
    } else if (connecting.isSuccess()) {
      connected(connecting.channel());
    } else {
      notConnected(connecting.cause());
    }
  }

  private void notConnected(Throwable cause) {
    Upstream upstream = target.upstream();
    client.front().listener().connectFailed(upstream.name());
    NoConnection why = NoConnection.because(cause);
    if (why == NoConnection.RESET) {
      tryAnew();
    } else if (why == NoConnection.SILENT && upstream.tells()) {
      // It would not say again that it is ready.
      answer(Answers.problem(504, "the server takes no connections"), Outcome.FAILED);
    } else if (why == NoConnection.OURS) {
      client.front().log("cannot connect to " + upstream.name(), cause);
      answer(Answers.busy("the gateway cannot open more connections"), Outcome.FAILED);
    } else {
      away(cause);
    }
  }

  /** Waits for the next start, which begins now unless somebody else noticed before. */
  private void away(Throwable cause) {
    Admitted again = admitted;
    admitted = null;
    target.upstream().lost(during, cause);
    if (again == null) {
      hold();
    } else {
      again.failed(cause);
    }
  }

  private void retry() {
    if (over) {
      return;
    }
    if (target.upstream().startup() == during) {
      connect();
    } else {
      // Not at once: the next start is under way, and says when it is ready.
      away(new ConnectException(target.upstream().name() + " starts again"));
    }
  }

  /** The upstream ended the connection, or it broke, before any of the answer came. */
  final void unanswered() {
    if (isRepeatable()) {
      tryAnew();
    } else {
      noAnswer();
    }
  }

  private void tryAnew() {
    if (over) {
      return;
    }
    if (++attempts < MOST_ATTEMPTS) {
      long wait = BETWEEN_ATTEMPTS.toNanos() * (attempts - 1);
      loop().schedule(this::retry, wait, TimeUnit.NANOSECONDS);
    } else {
      noAnswer();
    }
  }

  private void noAnswer() {
    badGateway("the server ended the connection without an answer");
  }

  /** The pace's permit, if there is one, is free again in so much time at the latest. */
  final void settleWithin(Duration time) {
    Admitted now = admitted;
    if (now != null) {
      Runnable settle =
          () -> {
            // Not a later one, of a request that was held again meanwhile.
            if (admitted == now) {
              settle();
            }
          };
      loop().schedule(settle, time.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /** The pace's permit is free again. */
  final void settle() {
    if (admitted != null) {
      admitted.opened();
      admitted = null;
    }
  }

  // ---- The answer, as fast as the client takes it.

  @Override
  public final void upstreamReadComplete() {
    UpstreamLink from = link;
    if (client.out().flush()) {
      if (from != null) {
        from.channel().read();
      }
    } else if (!over) {
      taking.in(loop(), client.front().limits().idleTimeout(), this::notTaken);
    }
  }

  /** The client takes more. */
  final void clientWritable() {
    taking.met();
    if (link != null) {
      link.channel().read();
    }
  }

  private void notTaken() {
    ledger.closedBy = Side.GATEWAY;
    end(Outcome.LEFT);
    client.close();
  }

  // ---- The end.

  /** The gateway answers in place of the upstream, or cuts what that began to say. */
  final void answer(FullHttpResponse answer, Outcome outcome) {
    if (over) {
      answer.release();
      return;
    }
    if (begun) {
      answer.release();
      cut(outcome);
      return;
    }
    ledger.status(answer.status().code());
    ledger.bytesOut += toHead() ? 0 : answer.content().readableBytes();
    boolean stays = outcome == Outcome.REFUSED && mayFollow();
    end(outcome);
    client.answer(answer, toHead(), stays);
  }

  final void badGateway(String detail) {
    answer(Answers.problem(BAD_GATEWAY, detail), Outcome.FAILED);
  }

  /** Half an answer was sent, and there is no more. */
  final void cut(Outcome outcome) {
    end(outcome);
    client.cut();
  }

  /** The client went away. */
  final void clientGone() {
    ledger.closedBy = Side.CLIENT;
    end(Outcome.LEFT);
  }

  /** Ends it, once. */
  final void end(Outcome outcome) {
    if (leave()) {
      ledger.end(outcome);
    }
  }

  /** Ends it without telling: somebody else goes on with its ledger. False if it was over. */
  final boolean leave() {
    if (over) {
      return false;
    }
    over = true;
    taking.met();
    if (waiter != null) {
      waiter.leave();
    }
    settle();
    release();
    if (link != null) {
      link.close();
      link = null;
    }
    client.front().held().giveBack(bytesKept);
    client.front().isOver();
    return true;
  }

  final EventLoop loop() {
    return client.loop();
  }
}
