package dev.ladera.backend.cpu;

import dev.ladera.op.Pointwise;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Runs a vector loop on arrays of its own, and tells whether the compiler has made it fast. */
final class LoopWarmUp {
  /** Elements of a call whose time is taken. */
  private static final int COUNT = 256;

  /**
   * Before the compiler has seen it, a vector loop takes a microsecond an instruction. So calls are
   * as short as a loop can be, to reach the compiler's count of calls with little work; this many
   * are made between two looks at the clock.
   */
  private static final int CALLS = 500;

  private LoopWarmUp() {}

  /** A round of calls, which tells whether the vector loop beat the scalar one. */
  static BooleanSupplier of(
      LaneCode lanes, long still, int vectorLength, RowLoop vector, RowLoop scalar) {
    int operands = lanes.operands();
    Object[] arrays = new Object[operands];
    int[] strides = new int[operands];
    for (int k = 0; k < operands; k++) {
      arrays[k] = lanes.operand(k).newArray(COUNT);
      strides[k] = (still & 1L << k) == 0 ? 1 : 0;
    }
    int[] at = new int[operands];
    int[] atEnd = new int[operands];
    Pointwise numbers = numbers(lanes);
    // All parts of a loop must have been seen, or the compiler leaves them out.
    int shortest = lanes.folds().isEmpty() ? 2 * vectorLength : 2 * Chains.COUNT + vectorLength + 1;
    for (int k = 0; k < operands; k++) {
      boolean joined = k < lanes.results().size() && lanes.fold(k) != null;
      atEnd[k] = joined || strides[k] == 0 ? 0 : COUNT - shortest;
    }
    return () -> {
      for (int i = 0; i < CALLS; i++) {
        // What is left over reads the end of an array in another way than its middle.
        vector.run(numbers, arrays, i % 2 == 0 ? at : atEnd, strides, shortest);
      }
      long slow = time(scalar, numbers, arrays, at, strides);
      return time(vector, numbers, arrays, at, strides) < slow;
    };
  }

  private static long time(
      RowLoop loop, @Nullable Pointwise numbers, Object[] arrays, int[] at, int[] strides) {
    long start = System.nanoTime();
    loop.run(numbers, arrays, at, strides, COUNT);
    return System.nanoTime() - start;
  }

  /** An operator with as many numbers as the code asks for, all zero. */
  private static @Nullable Pointwise numbers(LaneCode lanes) {
    int count = 0;
    for (LaneCode.Instruction instruction : lanes.instructions()) {
      if (instruction instanceof LaneCode.Instruction.Parameter parameter) {
        count = Math.max(count, parameter.index() + 1);
      }
    }
    if (count == 0) {
      return null;
    }
    long[] zeros = new long[count];
    Arrays.fill(zeros, 0);
    return Pointwise.ofTemplate("warmUp", 1, dev.ladera.op.Expr.input(0), zeros);
  }
}
