package dev.vestibule.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LinesTest {

  @Test
  void everyLineIsWrittenInOrderBeforeTheEnd() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Lines lines = new Lines(new PrintStream(out, true, StandardCharsets.UTF_8));
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      lines.accept("line " + i);
      expected.append("line ").append(i).append('\n');
    }
    lines.close();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(expected.toString());
  }

  @Test
  void whoSaysSomethingNeverWaitsForATerminal() throws InterruptedException {
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch readAgain = new CountDownLatch(1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OutputStream terminal =
        new OutputStream() {
          @Override
          public void write(int b) {
            stuck.countDown();
            try {
              readAgain.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            out.write(b);
          }
        };
    Lines lines = new Lines(new PrintStream(terminal, true, StandardCharsets.UTF_8));
    lines.accept("first");
    stuck.await();
    for (int i = 0; i < 1_500; i++) {
      lines.accept("more");
    }
    readAgain.countDown();
    lines.close();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("(500 lines more were not written");
  }

  @Test
  void anEntryOfTheLogIsALine() {
    LogRecord entry = new LogRecord(Level.WARNING, "{0} is away:\nnobody");
    entry.setLoggerName("dev.vestibule.gateway.upstream.Upstream");
    entry.setParameters(new Object[] {"chat"});
    entry.setInstant(Instant.parse("2026-01-02T03:04:05.678Z"));
    entry.setThrown(new java.io.IOException("refused"));
    assertThat(new ConsoleLog.Line(ZoneOffset.UTC).format(entry))
        .isEqualTo(
            "03:04:05.678 WARNING Upstream chat is away: nobody: java.io.IOException: refused");
  }
}
