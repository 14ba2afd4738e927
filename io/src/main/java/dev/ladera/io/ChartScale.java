package dev.ladera.io;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Where the values of one axis of a chart lie on the picture, and which are labelled. */
final class ChartScale {
  private static final int TICKS = 6;

  private final boolean logarithmic;
  private final double from;
  private final double to;
  private double least = Double.POSITIVE_INFINITY;
  private double most = Double.NEGATIVE_INFINITY;

  ChartScale(boolean logarithmic, double from, double to) {
    this.logarithmic = logarithmic;
    this.from = from;
    this.to = to;
  }

  boolean shows(double value) {
    return Double.isFinite(value) && (!logarithmic || value > 0);
  }

  void include(double value) {
    least = Math.min(least, scaled(value));
    most = Math.max(most, scaled(value));
  }

  private double scaled(double value) {
    return logarithmic ? Math.log10(value) : value;
  }

  private double low() {
    return least > most ? 0 : least == most ? least - 0.5 : least;
  }

  private double high() {
    return least > most ? 1 : least == most ? most + 0.5 : most;
  }

  double place(double value) {
    return from + (scaled(value) - low()) / (high() - low()) * (to - from);
  }

  /** Round values inside the range: multiples of 1, 2 or 5 times a power of ten. */
  List<Double> ticks() {
    double step = step();
    List<Double> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(low() / step - 1e-9); i * step <= high() + step * 1e-9; i++) {
      ticks.add(logarithmic ? Math.pow(10, i * step) : i * step);
    }
    return ticks;
  }

  private double step() {
    double rough = (high() - low()) / TICKS;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double lead = rough / power;
    double step = (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power;
    // Below a factor of ten from end to end, fractions of a power are all there is to label.
    return logarithmic && high() - low() >= 1 ? Math.max(1, Math.rint(step)) : step;
  }

  String label(double tick) {
    double size = Math.abs(tick);
    if (size != 0 && (size < 1e-3 || size >= 1e6)) {
      return String.format(Locale.ROOT, "%.1e", tick).replace(".0e", "e");
    }
    double step = logarithmic ? size : step();
    int digits = Math.max(0, (int) -Math.floor(Math.log10(step) + 1e-9));
    return String.format(Locale.ROOT, "%." + (size == 0 ? 0 : Math.min(digits, 6)) + "f", tick);
  }
}
