package dev.ladera.benchmarks;

import java.util.List;

/** Ratios as bars from a line at 1, on a scale of doublings, as SVG. */
final class RatioBars {
  /** A bar. */
  record Bar(String name, double ratio) {}

  private static final int WIDTH = 760;
  private static final int LINE = 22;
  private static final int LEFT = 230;
  private static final int RIGHT = 690;
  private static final int TOP = 26;
  private static final int LEAST_DOUBLINGS = -2;
  private static final int MOST_DOUBLINGS = 5;

  private RatioBars() {}

  static String svg(List<Bar> bars) {
    int height = TOP + LINE * bars.size() + 8;
    StringBuilder svg = new StringBuilder();
    svg.append(
        Units.format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                + " height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">%n",
            WIDTH, height, WIDTH, height));
    for (int doubling = LEAST_DOUBLINGS; doubling <= MOST_DOUBLINGS; doubling++) {
      double x = place(Math.scalb(1.0, doubling));
      svg.append(
          Units.format(
              "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\"/>%n",
              x, TOP - 6, x, height, doubling == 0 ? "#000" : "#ddd"));
      svg.append(
          Units.format(
              "<text x=\"%.1f\" y=\"14\" text-anchor=\"middle\">%s</text>%n",
              x, doubling < 0 ? "1/" + (1 << -doubling) : Integer.toString(1 << doubling)));
    }
    for (int i = 0; i < bars.size(); i++) {
      bar(svg, bars.get(i), TOP + LINE * i);
    }
    return svg.append("</svg>\n").toString();
  }

  private static void bar(StringBuilder svg, Bar bar, int y) {
    double from = place(1);
    double to = place(bar.ratio());
    svg.append(
        Units.format(
            "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
            Math.min(from, to),
            y,
            Math.max(1, Math.abs(to - from)),
            LINE - 7,
            bar.ratio() < 1 ? "#d55e00" : "#0072b2"));
    svg.append(
        Units.format(
            "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n",
            LEFT - 8, y + 12, ReportHtml.escape(bar.name())));
    svg.append(
        Units.format(
            "<text x=\"%.1f\" y=\"%d\">%s</text>%n",
            Math.max(from, to) + 5, y + 12, Units.digits(bar.ratio())));
  }

  private static double place(double ratio) {
    double doublings = Math.clamp(Math.log(ratio) / Math.log(2), LEAST_DOUBLINGS, MOST_DOUBLINGS);
    return LEFT
        + (doublings - LEAST_DOUBLINGS) * (RIGHT - LEFT) / (MOST_DOUBLINGS - LEAST_DOUBLINGS);
  }
}
