package dev.ladera.io;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Tensors of any type, of no axes to four, with empty ones among them; whole or views. */
final class TensorArbitrary {
  private TensorArbitrary() {}

  /** What is done to a tensor to make a view of it. */
  private enum Look {
    WHOLE,
    TRANSPOSED,
    SLICED,
    FLIPPED,
    EXPANDED
  }

  static Arbitrary<Tensor> tensors() {
    return Combinators.combine(
            Arbitraries.of(DType.class),
            Arbitraries.integers().between(0, 4).array(int[].class).ofMaxSize(4),
            Arbitraries.of(Look.class),
            Arbitraries.longs())
        .as((dtype, sizes, look, seed) -> look(look, tensor(dtype, Shape.of(sizes), seed)));
  }

  private static Tensor tensor(DType dtype, Shape shape, long seed) {
    Random random = new Random(seed);
    Object array = dtype.newArray((int) shape.elements());
    for (int i = 0; i < shape.elements(); i++) {
      switch (array) {
        case float[] values -> values[i] = Float.intBitsToFloat(random.nextInt()) + 0f;
        case double[] values -> values[i] = Double.longBitsToDouble(random.nextLong()) + 0.0;
        case int[] values -> values[i] = random.nextInt();
        case long[] values -> values[i] = random.nextLong();
        case boolean[] values -> values[i] = random.nextBoolean();
        default -> throw new IllegalStateException("no such array");
      }
    }
    return Tensor.ofArray(array, shape, Device.standard());
  }

  private static Tensor look(Look look, Tensor whole) {
    int last = whole.rank() - 1;
    if (last < 0 || (look == Look.SLICED && whole.size(last) < 2)) {
      return whole;
    }
    return switch (look) {
      case WHOLE -> whole;
      case TRANSPOSED -> whole.transpose(0, last);
      case SLICED -> whole.slice(last, 1, whole.size(last), 2);
      case FLIPPED -> whole.flip(last);
      case EXPANDED -> whole.unsqueeze(0).expand(Shape.of(2).concat(whole.shape()).toArray());
    };
  }
}
