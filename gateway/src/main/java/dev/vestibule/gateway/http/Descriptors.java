package dev.vestibule.gateway.http;

import java.lang.reflect.InvocationTargetException;
import java.nio.channels.Channel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The file descriptors behind the JDK's channels, so that Netty's epoll transport can go on with
 * sockets that were opened before Netty was loaded. The JDK has no public way; this needs {@code
 * --add-opens java.base/sun.nio.ch=ALL-UNNAMED}.
 */
final class Descriptors {

  // The JDK's channel must not be collected while its descriptor is in use elsewhere.
  private static final Map<Integer, Channel> KEPT = new ConcurrentHashMap<>();

  private Descriptors() {}

  /** The descriptor of a channel, which nobody uses as a channel any more. */
  static int of(Channel channel) {
    try {
      Class<?> type = Class.forName("sun.nio.ch.SelChImpl");
      int descriptor = (int) type.getMethod("getFDVal").invoke(channel);
      KEPT.put(descriptor, channel);
      return descriptor;
    } catch (ClassNotFoundException
        | NoSuchMethodException
        | IllegalAccessException
        | InvocationTargetException e) {
      throw new IllegalStateException(
          "the door cannot be adopted (expected: java --add-opens"
              + " java.base/sun.nio.ch=ALL-UNNAMED)",
          e);
    }
  }
}
