package dev.ladera.examples;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Generator;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.optim.ExponentialLR;
import dev.ladera.optim.SGD;
import java.util.List;
import java.util.Objects;

/**
 * Walks down a surface with many valleys, from many starts at once. The noise of a gradient stands
 * for the samples that it did not see.
 */
final class LocalMinima {
  /** Valleys lie about 3 apart; the lowest is at the origin. */
  static final String SURFACE = "dunes";

  private static final double SQUARE = 5;
  private static final double NEAR = 0.6;
  private static final double RATE = 0.2;
  private static final double DECAY = 0.99;
  private static final int STEPS = 500;

  private LocalMinima() {}

  /**
   * How many walks end in the lowest valley.
   *
   * @param starts how many walks begin, at random places of the square from −5 to 5
   * @param noise standard deviation of what is added to each gradient
   */
  static long reached(int starts, double noise, double momentum, long seed) {
    Surface surface = Surface.of(SURFACE);
    Generator generator = new Generator(seed);
    Shape shape = Shape.of(2, starts);
    Tensor points =
        generator
            .uniform(shape, DType.FLOAT64, Device.standard())
            .mul(2 * SQUARE)
            .sub(SQUARE)
            .requiresGrad(true);
    SGD optimizer = new SGD(List.of(points), RATE).momentum(momentum);
    ExponentialLR schedule = new ExponentialLR(optimizer, DECAY);
    for (int step = 0; step < STEPS; step++) {
      optimizer.zeroGrad();
      surface.height().apply(points.select(0, 0), points.select(0, 1)).sum().backward();
      Tensor gradient = Objects.requireNonNull(points.grad());
      Tensor noisy = generator.normal(shape, DType.FLOAT64, Device.standard()).mul(noise);
      points.grad(gradient.add(noisy));
      optimizer.step();
      schedule.step();
    }
    return points.detach().square().sum(0).lt(NEAR * NEAR).countNonzero().itemAsLong();
  }
}
