package dev.vestibule.gateway.admin;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a small server: one request, one answer. Used by its event loop. What fails on
 * a channel closes it, so that nobody asks the futures.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class Exchange extends ChannelInboundHandlerAdapter {

  private static final System.Logger LOG = System.getLogger(Exchange.class.getName());

  // What the client still sends is read for so long, since a reset would take the answer with it.
  private static final Duration LINGER = Duration.ofSeconds(1);

  private final Site site;
  private final Duration patience;
  private @Nullable Future<?> deadline;
  private boolean asked;
  private boolean inputOver;

  Exchange(Site site, Duration patience) {
    this.site = site;
    this.patience = patience;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    deadline =
        after(context, patience, () -> refuse(context, 408, "the request did not come in time"));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (!asked && message instanceof FullHttpRequest request) {
        take(context, request);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void take(ChannelHandlerContext context, FullHttpRequest request) {
    Throwable bad = request.decoderResult().cause();
    if (bad != null) {
      refuse(context, statusOf(bad), "this is not a request that is understood here");
      return;
    }
    asked = true;
    restart(context, patience);
    Asked what = Asked.of(request);
    try {
      Executor where = site.on(what);
      where.execute(() -> {
        Answer answer = answer(what);
        if (context.executor().inEventLoop()) {
          write(context, answer);
        } else {
          context.executor().execute(() -> write(context, answer));
        }
      });
    } catch (RejectedExecutionException e) {
      write(context, Answer.problem(503, "too much is asked here", Map.of("Retry-After", "1")));
    }
  }

  private Answer answer(Asked what) {
    try {
      return site.answer(what);
    } catch (RuntimeException | LinkageError e) {
      LOG.log(WARNING, "an answer could not be given", e);
      return Answer.problem(500, "an answer could not be given; the log has the cause");
    }
  }

  private static int statusOf(Throwable bad) {
    if (bad instanceof TooLongHttpLineException) {
      return 414;
    }
    return bad instanceof TooLongHttpHeaderException || bad instanceof TooLongFrameException
        ? 431
        : 400;
  }

  private void refuse(ChannelHandlerContext context, int status, String why) {
    if (!asked) {
      asked = true;
      write(context, Answer.problem(status, why));
    }
  }

  private void write(ChannelHandlerContext context, Answer answer) {
    if (!context.channel().isActive()) {
      return;
    }
    restart(context, patience);
    context
        .writeAndFlush(answer.toResponse())
        .addListener((ChannelFuture written) -> leave(context, written));
  }

  private void leave(ChannelHandlerContext context, ChannelFuture written) {
    if (!written.isSuccess() || inputOver) {
      context.close();
      return;
    }
    ((DuplexChannel) context.channel()).shutdownOutput();
    restart(context, LINGER);
  }

  /** The event loop gives up on the connection after so long. */
  private void restart(ChannelHandlerContext context, Duration in) {
    if (deadline != null) {
      deadline.cancel(false);
    }
    deadline = after(context, in, context::close);
  }

  private static Future<?> after(ChannelHandlerContext context, Duration in, Runnable what) {
    return context.executor().schedule(what, in.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == WholeRequest.TooLarge.TOO_LARGE) {
      refuse(context, 413, "body (expected: at most " + site.mostBytes() + " bytes)");
    } else if (event instanceof ChannelInputShutdownEvent) {
      inputOver = true;
      // Who has asked may have nothing more to say, and still wait for the answer.
      if (!asked || ((DuplexChannel) context.channel()).isOutputShutdown()) {
        context.close();
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (deadline != null) {
      deadline.cancel(false);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.log(DEBUG, "a connection of the admin side or of a probe broke", cause);
    context.close();
  }
}
