package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.spi.Backend;
import dev.ladera.spi.Storage;
import java.util.Arrays;

/**
 * A backend whose new storages are full of what nobody would compute: the contents of a new storage
 * are not defined, and memory that was given back is full of other tensors.
 */
final class SoiledBackend extends WrappedBackend {
  private SoiledBackend(Backend inner) {
    super(inner);
  }

  /** A device whose new tensors are soiled. */
  static Device of(Device device) {
    return Device.of(device.type(), new SoiledBackend(device.backend()));
  }

  @Override
  public Storage allocate(DType dtype, long elements) {
    Storage storage = super.allocate(dtype, elements);
    int count = (int) elements;
    if (count > 0) {
      write(dirt(dtype, count), 0, storage, 0, count);
    }
    return storage;
  }

  private static Object dirt(DType dtype, int count) {
    Object array = dtype.newArray(count);
    switch (array) {
      case float[] values -> Arrays.fill(values, Float.NaN);
      case double[] values -> Arrays.fill(values, Double.NaN);
      case int[] values -> Arrays.fill(values, 0x5a5a5a5a);
      case long[] values -> Arrays.fill(values, 0x5a5a5a5a5a5a5a5aL);
      case boolean[] values -> Arrays.fill(values, true);
      default -> throw new IllegalArgumentException("no array of elements: " + array.getClass());
    }
    return array;
  }
}
