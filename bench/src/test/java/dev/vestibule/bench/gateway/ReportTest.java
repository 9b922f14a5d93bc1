package dev.vestibule.bench.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

class ReportTest {

  private static final List<String> PROGRAMS = List.of(OurGateway.NAME, "nginx");

  @Test
  void aLossIsSaid() {
    assertThat(Report.table(List.of(figure()), PROGRAMS))
        .isEqualTo(
            """
            |     | no proxy | gateway | nginx | gateway / best |           bar |
            |-----|---------:|--------:|------:|---------------:|--------------:|
            | CPU |        - |    25.0 |  12.5 |         2.00 x | 1.0 x: MISSED |
            """);
  }

  @Test
  void theChartIsWellFormedAndHasABarForEachProgram() throws Exception {
    String svg = Bars.draw(List.of(figure()), PROGRAMS, "2 x <processor>");
    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    // One more is the paper.
    assertThat(document.getElementsByTagName("rect").getLength()).isEqualTo(3);
  }

  private static Figure figure() {
    Figure figure = Figure.less("cpu", "CPU", Figure.Bar.ratio(1));
    figure.add(OurGateway.NAME, 25);
    figure.add("nginx", 12.5);
    return figure;
  }
}
