package dev.ladera.backend.cpu;

import dev.ladera.op.Pointwise;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Runs a vector loop on arrays of its own until the compiler has made it fast. */
final class LoopWarmUp {
  /** Elements of a call whose time is taken. */
  private static final int COUNT = 256;

  /**
   * Before the compiler has seen it, a vector loop takes a microsecond an instruction. So calls are
   * as short as a loop can be, to reach the compiler's count of calls with little work; this many
   * are made between two looks at the clock.
   */
  private static final int CALLS = 500;

  private static final long GIVE_UP_NANOS = 30_000_000_000L;
  private static final int WINS = 3;

  private LoopWarmUp() {}

  /**
   * Whether the vector loop comes to beat the scalar one.
   *
   * @return false if it did not within some seconds, as in a JVM without a compiler
   */
  static boolean becomesFaster(
      LaneCode lanes, long still, int vectorLength, RowLoop vector, RowLoop scalar) {
    int operands = lanes.operands();
    Object[] arrays = new Object[operands];
    int[] strides = new int[operands];
    for (int k = 0; k < operands; k++) {
      arrays[k] = lanes.operand(k).newArray(COUNT);
      strides[k] = (still & 1L << k) == 0 ? 1 : 0;
    }
    int[] at = new int[operands];
    Pointwise numbers = numbers(lanes);
    long start = System.nanoTime();
    int wins = 0;
    // All parts of a loop must have been seen, or the compiler leaves them out.
    int shortest = (lanes.folds().isEmpty() ? vectorLength : 2 * Chains.COUNT) + vectorLength;
    while (wins < WINS) {
      if (System.nanoTime() - start > GIVE_UP_NANOS) {
        return false;
      }
      for (int i = 0; i < CALLS; i++) {
        vector.run(numbers, arrays, at, strides, shortest);
      }
      long slow = time(scalar, numbers, arrays, at, strides);
      long fast = time(vector, numbers, arrays, at, strides);
      wins = fast < slow ? wins + 1 : 0;
    }
    return true;
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
