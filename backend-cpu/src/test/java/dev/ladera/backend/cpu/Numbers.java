package dev.ladera.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.lang.reflect.Array;
import java.util.SplittableRandom;

/** Arrays of either element type, filled and compared, for tests that run on both. */
final class Numbers {

  private Numbers() {}

  /** Numbers between -1 and 1. */
  static <A> A random(Elements<A> elements, int length, long seed) {
    A array = elements.newArray(length);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < length; i++) {
      double value = random.nextDouble(-1, 1);
      if (array instanceof float[] floats) {
        floats[i] = (float) value;
      } else {
        Array.setDouble(array, i, value);
      }
    }
    return array;
  }

  /** An array full of NaN: what a kernel leaves out shows, what it reads by mistake spreads. */
  static <A> A poison(Elements<A> elements, int length) {
    A array = elements.newArray(length);
    for (int i = 0; i < length; i++) {
      if (array instanceof float[] floats) {
        floats[i] = Float.NaN;
      } else {
        Array.setDouble(array, i, Double.NaN);
      }
    }
    return array;
  }

  static double get(Object array, int index) {
    return array instanceof float[] floats ? floats[index] : ((double[]) array)[index];
  }

  /** Fails on the first element that is not what is expected; NaN is expected of untouched ones. */
  static void assertClose(Object actual, double[] expected, double tolerance) {
    assertThat(Array.getLength(actual)).isEqualTo(expected.length);
    for (int i = 0; i < expected.length; i++) {
      double value = get(actual, i);
      boolean close =
          Double.isNaN(expected[i])
              ? Double.isNaN(value)
              : Math.abs(value - expected[i]) <= tolerance;
      if (!close) {
        fail("element %d is %s, expected %s within %s", i, value, expected[i], tolerance);
      }
    }
  }

  /** The largest error that a sum of this many products of numbers up to 1 may have. */
  static <A> double tolerance(Elements<A> elements, int terms) {
    double epsilon = elements.bytes() == Float.BYTES ? 0x1p-24 : 0x1p-53;
    return 4 * epsilon * (terms + 4);
  }
}
