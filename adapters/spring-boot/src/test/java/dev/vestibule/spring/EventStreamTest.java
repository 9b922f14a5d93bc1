package dev.vestibule.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.spring.EventStream.Frame;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

/** What becomes of one stream, write by write. */
class EventStreamTest {

  private record Write(boolean last, String text, Callback done) {}

  private final List<Write> writes = new ArrayList<>();
  private final List<String> outcomes = new ArrayList<>();
  private long version = 1;
  private final EventStream stream =
      new EventStream(
          new EventStream.Feed() {
            @Override
            public long version() {
              return version;
            }

            @Override
            public Frame frame() {
              return new Frame(version, "first", false);
            }
          },
          "client",
          response(),
          Callback.from(() -> outcomes.add("done"), failure -> outcomes.add("failed")),
          it -> outcomes.add("ended"));

  private Response response() {
    HttpFields.Mutable headers = HttpFields.build();
    return (Response)
        Proxy.newProxyInstance(
            Response.class.getClassLoader(),
            new Class<?>[] {Response.class},
            (proxy, method, args) ->
                switch (method.getName()) {
                  case "getHeaders" -> headers;
                  case "write" -> {
                    String text = UTF_8.decode((ByteBuffer) args[1]).toString();
                    writes.add(new Write((boolean) args[0], text, (Callback) args[2]));
                    yield null;
                  }
                  default -> null;
                });
  }

  private void begin() {
    stream.begin();
    stream.tell(new Frame(1, "first", false));
  }

  @Test
  void whoReadsSlowlyIsToldTheNewestAlone() {
    begin();
    for (int i = 2; i <= 1000; i++) {
      stream.tell(new Frame(i, "<p>\n" + i, false));
    }
    assertThat(writes).hasSize(1);
    assertThat(writes.get(0).text())
        .isEqualTo("retry: 2000\nevent: startup\nid: 1\ndata: first\n\n");

    writes.get(0).done().succeeded();

    assertThat(writes).hasSize(2);
    assertThat(writes.get(1).text())
        .isEqualTo("event: startup\nid: 1000\ndata: <p>\ndata: 1000\n\n");
    writes.get(1).done().succeeded();
    assertThat(writes).hasSize(2);
    assertThat(outcomes).isEmpty();
  }

  @Test
  void theLastEventIsWrittenAfterWhatIsBeingWrittenAndEndsIt() {
    begin();
    stream.tell(new Frame(2, "second", false));
    stream.tell(new Frame(3, "last", true));
    stream.tell(new Frame(4, "too late", false));
    stream.end();
    writes.get(0).done().succeeded();
    assertThat(writes).hasSize(2);
    assertThat(writes.get(1).last()).isTrue();
    assertThat(writes.get(1).text())
        .startsWith("event: startup\nid: 3\ndata: last\n\nevent: over\ndata: ");
    assertThat(outcomes).isEmpty();
    writes.get(1).done().succeeded();
    assertThat(outcomes).containsExactly("ended", "done");
  }

  @Test
  void withoutNewsThereIsAHeartbeatNowAndThen() {
    begin();
    writes.get(0).done().succeeded();
    for (int i = 0; i < 9; i++) {
      stream.tell(new Frame(1, "first", false));
    }
    assertThat(writes).hasSize(1);
    stream.tell(new Frame(1, "first", false));
    assertThat(writes).hasSize(2);
    assertThat(writes.get(1).text()).isEqualTo(":\n\n");
  }

  @Test
  void noHeartbeatTakesThePlaceOfNewsThatAreNotWrittenYet() {
    begin();
    for (int i = 0; i < 12; i++) {
      stream.tell(new Frame(2, "second", false));
    }
    writes.get(0).done().succeeded();
    assertThat(writes.get(1).text()).contains("data: second");
  }

  @Test
  void isBehindUntilToldTheVersion() {
    assertThat(stream.isBehind()).isTrue();
    begin();
    assertThat(stream.isBehind()).isFalse();
    version = 2;
    assertThat(stream.isBehind()).isTrue();
  }

  @Test
  void aClientThatIsGoneIsForgotten() {
    begin();
    stream.tell(new Frame(2, "second", false));
    writes.get(0).done().failed(new java.io.IOException("gone"));
    assertThat(outcomes).containsExactly("ended", "failed");
    stream.tell(new Frame(3, "third", false));
    assertThat(writes).hasSize(1);
  }
}
