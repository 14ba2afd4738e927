package dev.ladera.backend.nd4j;

import dev.ladera.DType;
import dev.ladera.Layout;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.BinaryOp;
import dev.ladera.op.Pointwise;
import dev.ladera.op.Program.Step;
import dev.ladera.op.UnaryOp;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run of an expression: one operation a step, over all elements. Values keep their own, smaller
 * shape for as long as they only repeat, so a bias stays a row and a number stays a number.
 */
final class ExpressionWalk {
  /**
   * What a step gave.
   *
   * @param block the elements, dense
   * @param shape as many axes as the nest has loops, 1 where the value repeats
   * @param owned whether the block is scratch that no later step reads otherwise
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared, and seen by this class only.
  private record Value(Block block, long[] shape, boolean owned) {}

  private final ExpressionPlan plan;
  private final List<Step> steps;
  private final Pointwise operator;
  private final Tensor[] inputs;
  private final Nest nest;
  private final Scratch scratch;
  private final Value[] values;

  ExpressionWalk(
      ExpressionPlan plan, Pointwise operator, Tensor[] inputs, Shape shape, Scratch scratch) {
    this.plan = plan;
    this.steps = plan.program().steps();
    this.operator = operator;
    this.inputs = inputs;
    this.scratch = scratch;
    this.values = new Value[steps.size()];
    Layout[] layouts = new Layout[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      layouts[i] = inputs[i].layout();
    }
    this.nest = Nest.of(shape, layouts);
  }

  /** Computes the expression into a dense block of the whole shape. */
  void run(Block target) {
    int last = steps.size() - 1;
    for (int s = 0; s <= last; s++) {
      values[s] = step(s, s == last ? target : null);
      for (int operand : ExpressionPlan.operands(steps.get(s))) {
        Value done = values[operand];
        if (plan.lastUse()[operand] == s && done.owned() && done.block() != values[s].block()) {
          scratch.free(done.block());
        }
      }
    }
    Value result = values[last];
    if (result.block() != target) {
      Strided.expand(result.block(), result.shape(), target, nest.sizes());
    }
  }

  private Value step(int s, @Nullable Block target) {
    Step step = steps.get(s);
    return switch (step) {
      case Step.Load(int input, DType _) -> load(input);
      case Step.Parameter(int index, DType dtype) ->
          dtype.isInteger()
              ? constant(dtype, operator.scalarAsLong(index))
              : constant(dtype, operator.scalarAsDouble(index));
      case Step.Literal(double value, DType dtype) ->
          dtype.isInteger() ? constant(dtype, (long) value) : constant(dtype, value);
      case Step.Unary(UnaryOp op, int operand, DType _) -> {
        Value x = values[operand];
        Value z = destination(s, x.shape(), target, true);
        NativeOps.unary(op, x.block(), z.block());
        yield z;
      }
      case Step.Binary(BinaryOp op, int left, int right, DType _) -> {
        Value z = destination(s, shape(left, right), target, true);
        binary(op, values[left], values[right], z);
        yield z;
      }
      case Step.Select(int condition, int yes, int no, DType _) -> {
        Value z = destination(s, shape(condition, yes, no), target, true);
        Workarounds.select(
            whole(values[condition], z), whole(values[yes], z), whole(values[no], z), z.block());
        yield z;
      }
      case Step.Cast(int operand, DType _) -> {
        Value z = destination(s, values[operand].shape(), target, false);
        Workarounds.cast(values[operand].block(), z.block());
        yield z;
      }
    };
  }

  private Value load(int input) {
    long[] own = nest.ownSizes(input);
    long count = elements(own);
    Block whole = Block.whole(inputs[input]);
    long offset = inputs[input].layout().offset();
    if (nest.isDense(input)) {
      return new Value(whole.slice(offset, count), own, false);
    }
    Block dense = scratch.block(inputs[input].dtype(), count);
    Strided.gather(whole, offset, own, nest.strides(input), dense);
    return new Value(dense, own, true);
  }

  private Value constant(DType dtype, long value) {
    Block block = scratch.block(dtype, 1);
    block.set(0, value);
    return new Value(block, ones(), false);
  }

  private Value constant(DType dtype, double value) {
    Block block = scratch.block(dtype, 1);
    block.set(0, value);
    return new Value(block, ones(), false);
  }

  private long[] ones() {
    long[] ones = new long[nest.sizes().length];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static long elements(long[] shape) {
    long count = 1;
    for (long size : shape) {
      count *= size;
    }
    return count;
  }

  /** The shape that some steps' values broadcast to. */
  private long[] shape(int... operands) {
    long[] shape = ones();
    for (int operand : operands) {
      for (int i = 0; i < shape.length; i++) {
        shape[i] = Math.max(shape[i], values[operand].shape()[i]);
      }
    }
    return shape;
  }

  /**
   * Where a step's value goes: to the target if it is the last and whole, else over an operand that
   * nobody reads again, else to new memory.
   */
  private Value destination(int s, long[] shape, @Nullable Block target, boolean overOperand) {
    if (target != null && Arrays.equals(shape, nest.sizes())) {
      return new Value(target, shape, false);
    }
    DType dtype = steps.get(s).dtype();
    if (overOperand) {
      for (int operand : ExpressionPlan.operands(steps.get(s))) {
        Value value = values[operand];
        if (value.owned()
            && plan.lastUse()[operand] == s
            && value.block().dtype == dtype
            && Arrays.equals(value.shape(), shape)) {
          return new Value(value.block(), shape, true);
        }
      }
    }
    return new Value(scratch.block(dtype, elements(shape)), shape, true);
  }

  private void binary(BinaryOp op, Value x, Value y, Value z) {
    DType dtype = x.block().dtype;
    if (!NativeOps.has(op, dtype)) {
      Workarounds.binary(op, whole(x, z), whole(y, z), z.block());
    } else if (isPlain(x, z) && isPlain(y, z)) {
      NativeOps.binary(op, x.block(), y.block(), z.block());
    } else {
      NativeOps.binary(
          op,
          x.block().array(x.shape()),
          y.block().array(y.shape()),
          z.block().array(z.shape()),
          dtype);
    }
  }

  /** Whether an operand needs no broadcasting, or only that of a number. */
  private static boolean isPlain(Value operand, Value result) {
    return operand.block().count == 1 || operand.block().count == result.block().count;
  }

  /** An operand as loops in Java take it: one element, or as many as the result has. */
  private Block whole(Value operand, Value result) {
    if (isPlain(operand, result)) {
      return operand.block();
    }
    Block expanded = scratch.block(operand.block().dtype, result.block().count);
    Strided.expand(operand.block(), operand.shape(), expanded, result.shape());
    return expanded;
  }
}
