package dev.ladera.backend.nd4j;

import dev.ladera.DType;
import dev.ladera.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Elements of one type that lie side by side in an ND4J buffer. ND4J sees it as an array of any
 * shape in row-major order, Java as memory. It does not keep the memory alive: whoever made the
 * buffer does.
 */
final class Block {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  private final DataBuffer buffer;
  private final long offset;
  private final MemorySegment memory;
  final DType dtype;
  final long count;

  private Block(DataBuffer buffer, long offset, MemorySegment memory, DType dtype, long count) {
    this.buffer = buffer;
    this.offset = offset;
    this.memory = memory;
    this.dtype = dtype;
    this.count = count;
  }

  /**
   * New memory, of at least one element; its contents are not defined. It is never that of an ND4J
   * workspace, which the caller may have opened and would close while tensors live in it.
   */
  static Block allocate(DType dtype, long count) {
    DataBuffer buffer = Nd4j.createBuffer(nativeType(dtype), Math.max(1, count), false, null);
    MemorySegment memory =
        MemorySegment.ofAddress(buffer.address())
            .reinterpret(Math.multiplyExact(Math.max(1, count), dtype.bytes()));
    return new Block(buffer, 0, memory, dtype, count);
  }

  /** The elements of a tensor in row-major order: its own memory, or a copy where it has gaps. */
  static Block of(Tensor tensor, Scratch scratch) {
    Block whole = whole(tensor);
    long count = tensor.elements();
    if (tensor.layout().isContiguous()) {
      return whole.slice(tensor.layout().offset(), count);
    }
    Block dense = scratch.block(tensor.dtype(), count);
    Strided.gather(whole, tensor.layout(), dense);
    return dense;
  }

  /** All of a tensor's storage. */
  static Block whole(Tensor tensor) {
    return ((Nd4jStorage) tensor.storage()).block();
  }

  /** A part of this block. */
  Block slice(long from, long length) {
    if (from == 0 && length == count) {
      return this;
    }
    if (length == 0) {
      return new Block(buffer, offset, memory.asSlice(0, 0), dtype, 0);
    }
    int bytes = dtype.bytes();
    return new Block(
        buffer, offset + from, memory.asSlice(from * bytes, length * bytes), dtype, length);
  }

  /** ND4J's name of a type. */
  static DataType nativeType(DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> DataType.FLOAT;
      case FLOAT64 -> DataType.DOUBLE;
      case INT32 -> DataType.INT32;
      case INT64 -> DataType.INT64;
      case BOOL -> DataType.BOOL;
    };
  }

  /** The elements as ND4J sees them, in row-major order. */
  INDArray array(long... shape) {
    long[] strides = new long[shape.length];
    long step = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = step;
      step *= shape[i];
    }
    return strided(shape, strides);
  }

  /** The elements as ND4J sees them with other strides, which must not be negative. */
  INDArray strided(long[] shape, long[] strides) {
    return Nd4j.create(buffer, shape, strides, offset, 'c', nativeType(dtype));
  }

  /** The memory of the elements. */
  MemorySegment memory() {
    return memory;
  }

  /** Frees the memory at once; the block and its parts must not be used after. */
  void free() {
    buffer.close();
  }

  double getDouble(long at) {
    return switch (dtype) {
      case FLOAT32 -> memory.getAtIndex(FLOAT, at);
      case FLOAT64 -> memory.getAtIndex(DOUBLE, at);
      case INT32 -> memory.getAtIndex(INT, at);
      case INT64 -> memory.getAtIndex(LONG, at);
      case BOOL -> memory.get(BYTE, at);
    };
  }

  /** An element as an integer; floating numbers are cut off and saturate, NaN is 0. */
  long getLong(long at) {
    return switch (dtype) {
      case FLOAT32 -> (long) memory.getAtIndex(FLOAT, at);
      case FLOAT64 -> (long) memory.getAtIndex(DOUBLE, at);
      case INT32 -> memory.getAtIndex(INT, at);
      case INT64 -> memory.getAtIndex(LONG, at);
      case BOOL -> memory.get(BYTE, at);
    };
  }

  /** Puts a floating number: rounded, or cut off and saturated, to the type. */
  void set(long at, double value) {
    switch (dtype) {
      case FLOAT32 -> memory.setAtIndex(FLOAT, at, (float) value);
      case FLOAT64 -> memory.setAtIndex(DOUBLE, at, value);
      case INT32 -> memory.setAtIndex(INT, at, (int) value);
      case INT64 -> memory.setAtIndex(LONG, at, (long) value);
      case BOOL -> memory.set(BYTE, at, value != 0 ? (byte) 1 : 0);
    }
  }

  /** Puts an integer, wrapped to the type's width. */
  void set(long at, long value) {
    switch (dtype) {
      case FLOAT32 -> memory.setAtIndex(FLOAT, at, (float) value);
      case FLOAT64 -> memory.setAtIndex(DOUBLE, at, (double) value);
      case INT32 -> memory.setAtIndex(INT, at, (int) value);
      case INT64 -> memory.setAtIndex(LONG, at, value);
      case BOOL -> memory.set(BYTE, at, value != 0 ? (byte) 1 : 0);
    }
  }

  /** Copies one element from a block of the same type, bit by bit. */
  void copy(long at, Block from, long fromAt) {
    switch (dtype.bytes()) {
      case 4 -> memory.setAtIndex(INT, at, from.memory.getAtIndex(INT, fromAt));
      case 8 -> memory.setAtIndex(LONG, at, from.memory.getAtIndex(LONG, fromAt));
      default -> memory.set(BYTE, at, from.memory.get(BYTE, fromAt));
    }
  }

  /** Copies a run of elements from a block of the same type. */
  void copyRun(long at, Block from, long fromAt, long length) {
    int bytes = dtype.bytes();
    MemorySegment.copy(from.memory, fromAt * bytes, memory, at * bytes, length * bytes);
  }

  /** Puts one integer or, in floating types, the same number everywhere. */
  void fill(long value) {
    if (value == 0) {
      memory.asSlice(0, count * dtype.bytes()).fill((byte) 0);
      return;
    }
    long[] values = new long[Bulk.RUN];
    Arrays.fill(values, value);
    for (long at = 0; at < count; at += Bulk.RUN) {
      Bulk.store(this, at, values, (int) Math.min(Bulk.RUN, count - at));
    }
  }

  /** Puts one floating number everywhere. */
  void fill(double value) {
    double[] values = new double[Bulk.RUN];
    Arrays.fill(values, value);
    for (long at = 0; at < count; at += Bulk.RUN) {
      Bulk.store(this, at, values, (int) Math.min(Bulk.RUN, count - at));
    }
  }
}
