package dev.ladera.op;

import dev.ladera.DType;
import java.util.List;

/**
 * An expression made ready for a backend: a straight list of steps, each of one definite type, each
 * reading only earlier steps; equal subexpressions are one step. All promotion has become explicit
 * {@link Step.Cast} steps, so a backend lowers one step at a time and knows no typing rules.
 *
 * <p>What a backend may rely on: both operands of a {@link Step.Binary} have one type. {@code BOOL}
 * operands occur only in AND, OR, XOR, NOT, casts, and as conditions. Functions of kind FLOATING
 * meet floating operands only; FLOOR, CEIL, ROUND, TRUNC and IS_NAN too.
 *
 * @param steps the steps; the last one's value is the result
 * @param inputs the types of the inputs
 */
public record Program(List<Step> steps, List<DType> inputs) {

  /** Keeps copies of the lists. */
  public Program {
    steps = List.copyOf(steps);
    inputs = List.copyOf(inputs);
  }

  /** The type of the result. */
  public DType dtype() {
    return steps.getLast().dtype();
  }

  /** One step: a value of one type. Operands are places in the list of steps. */
  public sealed interface Step {
    /** The type of this step's value. */
    DType dtype();

    /**
     * Reads an input's element.
     *
     * @param input which input
     * @param dtype its type
     */
    record Load(int input, DType dtype) implements Step {}

    /**
     * A number that the operator brings when it runs, converted to the step's type.
     *
     * @param index which of the operator's scalars
     * @param dtype the type to convert it to
     */
    record Parameter(int index, DType dtype) implements Step {}

    /**
     * A number fixed in the program.
     *
     * @param value the number
     * @param dtype the type to convert it to
     */
    record Literal(double value, DType dtype) implements Step {}

    /**
     * A function of one step.
     *
     * @param op the function
     * @param operand the step
     * @param dtype the type of the value
     */
    record Unary(UnaryOp op, int operand, DType dtype) implements Step {}

    /**
     * A function of two steps of one type.
     *
     * @param op the function
     * @param left the first step
     * @param right the second step
     * @param dtype the type of the value: bool for comparisons, else that of the operands
     */
    record Binary(BinaryOp op, int left, int right, DType dtype) implements Step {}

    /**
     * One of two steps.
     *
     * @param condition a step of type bool
     * @param yes a step of this type
     * @param no a step of this type
     * @param dtype the type of the value
     */
    record Select(int condition, int yes, int no, DType dtype) implements Step {}

    /**
     * A conversion. Floating to integer cuts off and saturates, NaN becomes 0; anything to bool is
     * "not zero"; bool to numbers is 0 or 1.
     *
     * @param operand the step to convert
     * @param dtype the type to convert to, never the operand's own
     */
    record Cast(int operand, DType dtype) implements Step {}
  }
}
