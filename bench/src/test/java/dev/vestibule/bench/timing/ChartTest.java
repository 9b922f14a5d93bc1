package dev.vestibule.bench.timing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

class ChartTest {

  @Test
  void isWellFormedAndHasADotForEachClient() throws Exception {
    Experiment.Result result = new Experiment.Result("signal");
    result.add(new Experiment.Round(List.of(1_000_000L, 2_000_000L, 3_000_000L), List.of()));
    String svg = Chart.draw(List.of(result), "3 clients");

    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    assertThat(document.getElementsByTagName("circle").getLength()).isEqualTo(3);
    assertThat(svg).contains("p99 3.0 ms");
  }
}
