package dev.ladera.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.ArgumentException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ChartTest {
  private static Document parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  @Test
  void theHighestPointOfALineLiesAtTheTop() throws Exception {
    String svg =
        new Chart("loss").line("train", new double[] {0, 1, 2}, new double[] {0, 10, 5}).toSvg();
    assertThat(parsed(svg).getElementsByTagName("path").getLength()).isEqualTo(2);
    assertThat(svg).contains("M80.0 415.0 L410.0 66.0 L740.0 240.5");
  }

  @Test
  void valuesThatCannotBeShownLeaveAGap() throws Exception {
    double[] xs = {0, 1, 2, 3};
    String svg = new Chart("a < b & c").logY().line("x", xs, new double[] {1, 0, 10, 100}).toSvg();
    parsed(svg);
    assertThat(svg).contains("M80.0 415.0 M520.0 240.5 L740.0 66.0").contains("a &lt; b &amp; c");
    parsed(new Chart("none").line("x", new double[] {Double.NaN}, new double[] {1}).toSvg());
    parsed(new Chart("one").path("x", new double[] {3}, new double[] {1}).toSvg());
  }

  @Test
  void ticksAreRound() {
    ChartScale scale = new ChartScale(false, 0, 100);
    scale.include(0.13);
    scale.include(0.97);
    assertThat(scale.ticks().stream().map(scale::label))
        .containsExactly("0.2", "0.4", "0.6", "0.8");
    ChartScale powers = new ChartScale(true, 0, 100);
    powers.include(1e-3);
    powers.include(1e2);
    assertThat(powers.ticks().stream().map(powers::label))
        .containsExactly("0.001", "0.01", "0.1", "1", "10", "100");
  }

  @Test
  void contoursOfACircleKeepTheirDistanceFromTheMiddle() {
    for (Contours.Level level : Contours.of((x, y) -> x * x + y * y, -1, 1, -1, 1, 4)) {
      double radius = Math.sqrt(2 * (Math.pow(1000, level.share()) - 1) / 999);
      assertThat(level.pieces()).isNotEmpty();
      for (double[] piece : level.pieces()) {
        assertThat(Math.hypot(piece[0], piece[1])).isBetween(radius - 0.01, radius + 0.01);
      }
    }
  }

  @Test
  void aCurveNeedsAsManyYsAsXs() {
    assertThatThrownBy(() -> new Chart("t").line("loss", new double[2], new double[3]))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("chart: ys of 'loss' are 3, and there are 2 xs");
  }

  @Test
  void aPictureIsWritten(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("curve.svg");
    new Chart("t").line("loss", new double[] {1, 2}, new double[] {3, 4}).write(file);
    parsed(Files.readString(file));
  }
}
