package dev.ladera.benchmarks;

import dev.ladera.Device;
import dev.ladera.Gradients;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.nn.Module;
import java.util.Map;

/**
 * Numbers that every peer makes for itself, bit for bit the same: a hash of place and seed. So
 * results can be compared without sending them.
 */
final class Inputs {
  private static final int FIRST_WEIGHT_SEED = 100;

  private final Device device;

  Inputs(Device device) {
    this.device = device;
  }

  /** Where they are. */
  Device device() {
    return device;
  }

  /** The murmur3 finalizer of a place. */
  static int hash(int seed, int place) {
    int h = place + seed * 0x9E3779B9;
    h ^= h >>> 16;
    h *= 0x85EBCA6B;
    h ^= h >>> 13;
    h *= 0xC2B2AE35;
    return h ^ h >>> 16;
  }

  /** From −1 to below 1, in steps of 2⁻²³, so exact in float32. */
  static float value(int seed, int place) {
    return (hash(seed, place) >>> 8) * 0x1p-23f - 1;
  }

  static float[] array(int seed, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = value(seed, i);
    }
    return values;
  }

  /** float32 values from −1 to 1. */
  Tensor values(int seed, int... sizes) {
    Shape shape = Shape.of(sizes);
    return Tensor.ofArray(array(seed, (int) shape.elements()), shape, device);
  }

  /** {@link #values} that require a gradient. */
  Tensor leaf(int seed, int... sizes) {
    return values(seed, sizes).requiresGrad(true);
  }

  /** int64 places from 0 to below a bound. */
  Tensor places(int seed, int bound, int count) {
    long[] places = new long[count];
    for (int i = 0; i < count; i++) {
      places[i] = (hash(seed, i) >>> 1) % bound;
    }
    return Tensor.ofArray(places, Shape.of(count), device);
  }

  /**
   * A module on the device with weights that every peer has: matrices from −1 to 1 by the root of
   * their inputs, biases 0, factors of normalisation as they are.
   */
  <M extends Module> M weights(M module) {
    module.to(device);
    Gradients.noGrad(() -> {
      int seed = FIRST_WEIGHT_SEED;
      for (Map.Entry<String, Tensor> entry : module.namedParameters().entrySet()) {
        Tensor parameter = entry.getValue();
        if (parameter.rank() > 1) {
          double inputs = (double) parameter.elements() / parameter.size(0);
          Tensor values = values(seed, parameter.shape().toArray());
          parameter.assign(values.mul(1 / Math.sqrt(inputs)));
        } else if (entry.getKey().endsWith("bias")) {
          parameter.fill(0);
        }
        seed++;
      }
    });
    return module;
  }
}
