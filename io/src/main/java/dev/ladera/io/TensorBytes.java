package dev.ladera.io;

import dev.ladera.Device;
import dev.ladera.Layout;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.spi.Backend;
import dev.ladera.spi.Storage;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/**
 * Moves elements between files and tensors, some at a time: a tensor needs no second copy in
 * memory, and may have more elements than a Java array.
 */
final class TensorBytes {
  private static final int CHUNK = 1 << 17;

  private TensorBytes() {}

  /**
   * A new tensor of elements that lie in row-major order.
   *
   * @param source has all of the elements from the place {@code from} on
   */
  static Tensor read(
      MemorySegment source,
      long from,
      Encoding encoding,
      ByteOrder order,
      Shape shape,
      Device device) {
    Backend backend = device.backend();
    long elements = shape.elements();
    Storage storage = backend.allocate(encoding.dtype(), elements);
    Object chunk = encoding.dtype().newArray((int) Math.min(CHUNK, elements));
    for (long done = 0; done < elements; done += CHUNK) {
      int count = (int) Math.min(CHUNK, elements - done);
      encoding.decode(source, from + done * encoding.bytes(), order, chunk, count);
      backend.write(chunk, 0, storage, done, count);
    }
    return new Tensor(storage, Layout.contiguous(shape), device);
  }

  /** Writes the elements in row-major order, little-endian. */
  static void write(Tensor tensor, OutputStream out) throws IOException {
    Tensor source = tensor.detach().contiguous();
    Backend backend = source.device().backend();
    long elements = source.elements();
    int largest = (int) Math.min(CHUNK, elements);
    Object chunk = source.dtype().newArray(largest);
    byte[] bytes = new byte[largest * source.dtype().bytes()];
    MemorySegment target = MemorySegment.ofArray(bytes);
    for (long done = 0; done < elements; done += CHUNK) {
      int count = (int) Math.min(CHUNK, elements - done);
      backend.read(source.storage(), source.layout().offset() + done, chunk, 0, count);
      Encoding.encode(chunk, count, target);
      out.write(bytes, 0, count * source.dtype().bytes());
    }
  }
}
