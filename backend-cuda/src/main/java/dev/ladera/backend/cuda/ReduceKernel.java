package dev.ladera.backend.cuda;

import dev.ladera.DType;
import dev.ladera.Layout;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.Primitive;
import dev.ladera.op.Primitive.Reduction;
import java.util.List;
import java.util.function.Function;

/**
 * Elements joined along axes. Which thread joins what follows from sizes and strides alone, so that
 * the bits are the same each time and on each device: a block for each output where neighbours
 * along the axes are neighbours in memory, else a thread; where outputs are few, long ways are cut
 * into chunks, whose parts a second launch joins.
 */
final class ReduceKernel {
  private static final int SHORT = 32;
  private static final int ENOUGH_BLOCKS = 1024;
  private static final int ENOUGH_THREADS = 65536;
  private static final int BLOCK_CHUNK = 4096;
  private static final int THREAD_CHUNK = 128;
  private static final int ACCUMULATOR_BYTES = 8;

  private final Workshop workshop;
  private final SizedKernel threadsWhole;
  private final SizedKernel threadsParts;
  private final SizedKernel threadsFinish;
  private final SizedKernel blocksWhole;
  private final SizedKernel blocksParts;
  private final SizedKernel blocksFinish;

  ReduceKernel(Workshop workshop, Reduction reduction, DType dtype) {
    this.workshop = workshop;
    Function<Boolean, KernelSource> source = wide -> source(reduction, dtype, wide);
    this.threadsWhole = workshop.sized("threads_whole", source);
    this.threadsParts = workshop.sized("threads_parts", source);
    this.threadsFinish = workshop.sized("threads_finish", source);
    this.blocksWhole = workshop.sized("blocks_whole", source);
    this.blocksParts = workshop.sized("blocks_parts", source);
    this.blocksFinish = workshop.sized("blocks_finish", source);
  }

  static KernelSource source(Reduction reduction, DType dtype, boolean wide) {
    String join =
        switch (reduction) {
          case SUM -> "add";
          case PROD -> "multiply";
          case MAX -> "larger";
          case MIN -> "smaller";
        };
    return new KernelSource()
        .define("T", CType.of(dtype))
        .define("A", CType.accumulator(dtype))
        .define("FIRST", first(reduction, dtype))
        .define("JOIN", join)
        .walking(1, wide)
        .file("reduce");
  }

  /** What joining begins with. */
  private static String first(Reduction reduction, DType dtype) {
    return switch (reduction) {
      case SUM -> "0";
      case PROD -> "1";
      case MAX ->
          dtype.isFloating()
              ? "as_double(0xFFF0000000000000ull)"
              : dtype == DType.BOOL ? "0" : "(-9223372036854775807LL - 1)";
      case MIN ->
          dtype.isFloating()
              ? "as_double(0x7FF0000000000000ull)"
              : dtype == DType.BOOL ? "1" : "9223372036854775807LL";
    };
  }

  void run(Primitive.Reduce operator, Tensor input, Tensor out) {
    Layout layout = input.layout();
    Shape shape = layout.shape();
    List<Integer> axes = operator.axes();
    long outputs = out.elements();
    long length = 1;
    long nearAlong = Long.MAX_VALUE;
    long nearKept = Long.MAX_VALUE;
    for (int axis = 0; axis < shape.rank(); axis++) {
      boolean along = axes.contains(axis);
      if (along) {
        length *= shape.size(axis);
      }
      if (shape.size(axis) > 1) {
        long distance = Math.abs(layout.stride(axis));
        nearAlong = along ? Math.min(nearAlong, distance) : nearAlong;
        nearKept = along ? nearKept : Math.min(nearKept, distance);
      }
    }
    boolean byThread = length <= SHORT || nearKept < nearAlong;
    long chunks = chunks(byThread, outputs, length);
    long chunk = Math.max(1, (length + chunks - 1) / chunks);
    chunks = Math.max(1, (length + chunk - 1) / chunk);
    if (chunks == 1) {
      SizedKernel kernel = byThread ? threadsWhole : blocksWhole;
      first(kernel, operator, input, CudaStorage.address(out), byThread, chunk, outputs);
      return;
    }
    try (Scratch parts = workshop.memory().scratch(outputs * chunks * ACCUMULATOR_BYTES)) {
      SizedKernel kernel = byThread ? threadsParts : blocksParts;
      first(kernel, operator, input, parts.address(), byThread, chunk, outputs * chunks);
      finish(parts.address(), out, outputs, chunks);
    }
  }

  /** Joins the elements of each output and chunk. */
  private void first(
      SizedKernel kernel,
      Primitive.Reduce operator,
      Tensor input,
      long target,
      boolean byThread,
      long chunk,
      long parts) {
    Layout layout = input.layout();
    List<Integer> axes = operator.axes();
    long length = 1;
    for (int axis : axes) {
      length *= layout.shape().size(axis);
    }
    long outputs = parts / Math.max(1, (length + chunk - 1) / chunk);
    Arguments arguments =
        workshop.device().arguments().pointer(CudaStorage.address(input)).pointer(target);
    arguments.walk(walk(arguments, layout, axes, false)).walk(walk(arguments, layout, axes, true));
    arguments.int64(outputs).int64(length).int64(chunk).int64(parts);
    launch(kernel.of(layout.shape().elements()), arguments, byThread, parts, chunk);
  }

  private static long chunks(boolean byThread, long outputs, long length) {
    long enough = byThread ? ENOUGH_THREADS : ENOUGH_BLOCKS;
    long least = byThread ? THREAD_CHUNK : BLOCK_CHUNK;
    long wanted = (enough + outputs - 1) / Math.max(1, outputs);
    return Math.max(1, Math.min(wanted, length / least));
  }

  /** Joins parts that lie one row of outputs a chunk. */
  private void finish(long parts, Tensor out, long outputs, long chunks) {
    boolean byThread = chunks <= SHORT || outputs >= ENOUGH_BLOCKS;
    Arguments arguments =
        workshop.device().arguments().pointer(parts).pointer(CudaStorage.address(out));
    Walk kept = arguments.newWalk(1);
    kept.stride(0, 1).axis((int) outputs);
    arguments.walk(kept);
    Walk along = arguments.newWalk(1);
    along.stride(0, outputs).axis((int) chunks);
    arguments.walk(along).int64(outputs).int64(chunks).int64(chunks).int64(outputs);
    SizedKernel kernel = byThread ? threadsFinish : blocksFinish;
    launch(kernel.of(outputs * chunks), arguments, byThread, outputs, chunks);
  }

  private static void launch(
      CudaKernel kernel, Arguments arguments, boolean byThread, long parts, long length) {
    if (byThread) {
      kernel.launch(arguments, parts);
    } else {
      kernel.launch(arguments, Math.toIntExact(parts), threads(length));
    }
  }

  /** Threads of a block that joins so many elements: a power of two. */
  static int threads(long length) {
    long wanted = Long.highestOneBit(Math.max(1, length / 4));
    return (int) Math.clamp(wanted, 32, CudaKernel.THREADS);
  }

  private static Walk walk(Arguments arguments, Layout layout, List<Integer> axes, boolean along) {
    Walk walk = arguments.newWalk(1);
    for (int axis = 0; axis < layout.rank(); axis++) {
      if (axes.contains(axis) == along) {
        walk.stride(0, layout.stride(axis)).axis(layout.shape().size(axis));
      }
    }
    return walk;
  }
}
