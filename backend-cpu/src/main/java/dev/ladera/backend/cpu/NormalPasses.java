package dev.ladera.backend.cpu;

import dev.ladera.DType;
import dev.ladera.op.Primitive.Reduction;

/** The passes over rows that layer and batch normalisation share. */
final class NormalPasses {
  private NormalPasses() {}

  /** Sums the elements of a tensor. */
  static RowPass total(Engine engine, DType type, int x, int total) {
    return RowPass.of(engine, type, c -> c.fold(Reduction.SUM, total, c.element(x)));
  }

  /** Sums the squares of a tensor's distances from the mean. */
  static RowPass spread(Engine engine, DType type, int x, int mean, int spread) {
    return RowPass.of(
        engine,
        type,
        c -> {
          Lane centred = c.element(x).sub(c.number(mean));
          c.fold(Reduction.SUM, spread, centred.mul(centred));
        });
  }

  /** The normalised element of a tensor. */
  static Lane normal(RowPass.Code code, int x, int mean, int scale) {
    return code.element(x).sub(code.number(mean)).mul(code.number(scale));
  }
}
