package dev.vestibule.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Startup;
import dev.vestibule.gateway.config.ReadinessSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UpstreamTest {

  @Test
  void whoHearsOfStartsHearsTheOneThatCountsLast() {
    InetSocketAddress at = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    try (UpstreamScene scene = new UpstreamScene(at, new ReadinessSettings.Pushed(List.of("db")))) {
      List<Startup> heard = new ArrayList<>();
      // As a child that ends at once.
      scene.upstream.listen((which, startup) -> {
        if (which.address() != null) {
          which.gone(new IllegalStateException("it ended"));
        }
      });
      scene.upstream.listen((which, startup) -> heard.add(startup));

      scene.upstream.starts(at);

      assertThat(heard).containsExactly(scene.upstream.startup());
    }
  }

  @Test
  void manyWhoNoticeTheSameBeginOneStart() {
    InetSocketAddress at = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    try (UpstreamScene scene = new UpstreamScene(at, new ReadinessSettings.Pushed(List.of("db")))) {
      Startup first = scene.upstream.startup();
      scene.upstream.lost(first, new IllegalStateException("refused"));
      Startup second = scene.upstream.startup();
      scene.upstream.lost(first, new IllegalStateException("refused"));
      assertThat(scene.upstream.startup()).isSameAs(second).isNotSameAs(first);
      scene.upstream.ready(first);
      assertThat(scene.isReady()).isFalse();
      scene.upstream.ready(second);
      assertThat(scene.isReady()).isTrue();
    }
  }
}
