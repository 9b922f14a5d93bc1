package dev.vestibule.gateway.admin;

import dev.vestibule.gateway.Gateway;
import dev.vestibule.gateway.upstream.Upstream;
import io.netty.channel.EventLoopGroup;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;

/**
 * What the admin side looks at.
 *
 * @param upstreams all of them
 * @param connections how many clients are connected now
 * @param sessions how many are in session with an upstream now
 * @param draining whether the process goes away
 * @param loops whose event loops are used
 */
record Inside(
    List<Upstream> upstreams,
    IntSupplier connections,
    ToIntFunction<Upstream> sessions,
    BooleanSupplier draining,
    EventLoopGroup loops) {

  static Inside of(Gateway gateway) {
    return new Inside(
        List.copyOf(gateway.upstreams()),
        gateway::clients,
        gateway.tunnels()::count,
        gateway::isDraining,
        gateway.loops());
  }
}
