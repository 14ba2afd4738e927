package dev.ladera.io;

import dev.ladera.ArgumentException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleBinaryOperator;

/**
 * A picture of curves, such as a loss against the steps, as SVG. It needs neither a display nor
 * fonts on this machine: whoever looks at the file brings them.
 *
 * <pre>{@code
 * new Chart("Training").axes("step", "loss").logY().line("train", steps, losses).write(path);
 * }</pre>
 *
 * <p>Points that are not finite, and those not above zero on a logarithmic axis, leave a gap.
 */
public final class Chart {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 470;
  private static final int LEFT = 80;
  private static final int RIGHT = 740;
  private static final int TOP = 66;
  private static final int BOTTOM = 415;

  /** Eight colours that colour-blind readers can tell apart (Okabe and Ito, 2008). */
  private static final List<String> COLOURS =
      List.of(
          "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#f0e442");

  private final String title;
  private final List<Series> series = new ArrayList<>();
  private String xName = "";
  private String yName = "";
  private boolean xLogarithmic;
  private boolean yLogarithmic;
  private List<Contours.Level> contours = List.of();

  private record Series(String name, double[] xs, double[] ys, boolean line, boolean points) {}

  /** A chart without curves. */
  public Chart(String title) {
    this.title = title;
  }

  /** Names the axes. */
  public Chart axes(String x, String y) {
    this.xName = x;
    this.yName = y;
    return this;
  }

  /** A logarithmic scale across. */
  public Chart logX() {
    this.xLogarithmic = true;
    return this;
  }

  /** A logarithmic scale upwards. */
  public Chart logY() {
    this.yLogarithmic = true;
    return this;
  }

  /**
   * Adds a line through points.
   *
   * @throws ArgumentException if there are not as many ys as xs
   */
  public Chart line(String name, double[] xs, double[] ys) {
    return add(new Series(name, xs.clone(), ys.clone(), true, false));
  }

  /** Adds points, without a line. */
  public Chart points(String name, double[] xs, double[] ys) {
    return add(new Series(name, xs.clone(), ys.clone(), false, true));
  }

  /** Adds a line through points, which are marked: the steps of a walk. */
  public Chart path(String name, double[] xs, double[] ys) {
    return add(new Series(name, xs.clone(), ys.clone(), true, true));
  }

  /**
   * Draws lines of equal height of a function behind everything, over a rectangle.
   *
   * @param height the function of x and y
   * @param levels how many heights, at even distances in their logarithm above the lowest
   */
  public Chart contours(
      DoubleBinaryOperator height,
      double xLeast,
      double xMost,
      double yLeast,
      double yMost,
      int levels) {
    this.contours = Contours.of(height, xLeast, xMost, yLeast, yMost, levels);
    return this;
  }

  private Chart add(Series added) {
    if (added.xs().length != added.ys().length) {
      throw new ArgumentException(
          "chart",
          "ys",
          "of '"
              + added.name()
              + "' are "
              + added.ys().length
              + ", and there are "
              + added.xs().length
              + " xs");
    }
    series.add(added);
    return this;
  }

  /** Writes the picture, aside and then moved. */
  public void write(Path file) {
    AtomicFile.write(
        file,
        out -> {
          Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
          writer.write(toSvg());
          writer.flush();
        });
  }

  /** The picture as the text of an SVG file. */
  public String toSvg() {
    ChartScale x = new ChartScale(xLogarithmic, LEFT, RIGHT);
    ChartScale y = new ChartScale(yLogarithmic, BOTTOM, TOP);
    for (Series one : series) {
      for (int i = 0; i < one.xs().length; i++) {
        if (x.shows(one.xs()[i]) && y.shows(one.ys()[i])) {
          x.include(one.xs()[i]);
          y.include(one.ys()[i]);
        }
      }
    }
    for (Contours.Level level : contours) {
      for (double[] piece : level.pieces()) {
        x.include(piece[0]);
        y.include(piece[1]);
      }
    }
    StringBuilder svg = new StringBuilder();
    svg.append(
        format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                + " height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">%n",
            WIDTH, HEIGHT, WIDTH, HEIGHT));
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
    svg.append(text(LEFT, 24, "start", title, "font-size=\"16\" font-weight=\"bold\""));
    drawContours(svg, x, y);
    drawAxes(svg, x, y);
    double legend = LEFT;
    for (int i = 0; i < series.size(); i++) {
      Series one = series.get(i);
      String colour = COLOURS.get(i % COLOURS.size());
      drawSeries(svg, one, colour, x, y);
      svg.append(
          format(
              "<rect x=\"%.1f\" y=\"40\" width=\"14\" height=\"5\" fill=\"%s\"/>%n",
              legend, colour));
      svg.append(text(legend + 19, 47, "start", one.name(), ""));
      legend += 40 + 6.7 * one.name().length();
    }
    return svg.append("</svg>\n").toString();
  }

  private void drawContours(StringBuilder svg, ChartScale x, ChartScale y) {
    for (Contours.Level level : contours) {
      StringBuilder path = new StringBuilder();
      for (double[] piece : level.pieces()) {
        path.append(
            format(
                "M%.1f %.1fL%.1f %.1f",
                x.place(piece[0]), y.place(piece[1]), x.place(piece[2]), y.place(piece[3])));
      }
      int shade = 130 + (int) (90 * level.share());
      svg.append(
          format("<path d=\"%s\" fill=\"none\" stroke=\"rgb(%d,%d,255)\"/>%n", path, shade, shade));
    }
  }

  private void drawAxes(StringBuilder svg, ChartScale x, ChartScale y) {
    for (double tick : x.ticks()) {
      double place = x.place(tick);
      svg.append(rule(place, TOP, place, BOTTOM));
      svg.append(text(place, BOTTOM + 18, "middle", x.label(tick), ""));
    }
    for (double tick : y.ticks()) {
      double place = y.place(tick);
      svg.append(rule(LEFT, place, RIGHT, place));
      svg.append(text(LEFT - 8, place + 4, "end", y.label(tick), ""));
    }
    svg.append(
        format(
            "<path d=\"M%d %d V%d H%d\" fill=\"none\" stroke=\"#444\"/>%n",
            LEFT, TOP, BOTTOM, RIGHT));
    svg.append(text((LEFT + RIGHT) / 2.0, HEIGHT - 14, "middle", xName, ""));
    svg.append(
        text(
            18,
            (TOP + BOTTOM) / 2.0,
            "middle",
            yName,
            format("transform=\"rotate(-90 18 %.1f)\"", (TOP + BOTTOM) / 2.0)));
  }

  private static void drawSeries(
      StringBuilder svg, Series one, String colour, ChartScale x, ChartScale y) {
    StringBuilder path = new StringBuilder();
    StringBuilder marks = new StringBuilder();
    boolean down = false;
    for (int i = 0; i < one.xs().length; i++) {
      if (!x.shows(one.xs()[i]) || !y.shows(one.ys()[i])) {
        down = false;
        continue;
      }
      double across = x.place(one.xs()[i]);
      double up = y.place(one.ys()[i]);
      path.append(format("%s%.1f %.1f ", down ? "L" : "M", across, up));
      marks.append(format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.6\"/>", across, up));
      down = true;
    }
    if (one.line() && !path.isEmpty()) {
      svg.append(
          format(
              "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\""
                  + " stroke-linejoin=\"round\"/>%n",
              path.toString().strip(), colour));
    }
    if (one.points()) {
      svg.append("<g fill=\"").append(colour).append("\">").append(marks).append("</g>\n");
    }
  }

  private static String rule(double x1, double y1, double x2, double y2) {
    return format(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#000\""
            + " stroke-opacity=\"0.1\"/>%n",
        x1, y1, x2, y2);
  }

  private static String text(double x, double y, String anchor, String words, String attributes) {
    String escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    return format(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" %s>%s</text>%n",
        x, y, anchor, attributes, escaped);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
