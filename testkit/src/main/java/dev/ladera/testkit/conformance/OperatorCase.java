package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.LaderaException;
import dev.ladera.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * An operation's line in the table of {@link OperatorCases}: all that the checks of values, views,
 * sizes, errors and gradients need to know of it.
 *
 * @param operation the method, such as {@code sum(boolean, int...)}
 * @param samples ways to call it
 * @param sized ways to call it with so many elements along an axis, or so many in all
 * @param dtypes which types operands without a type of their own may have
 * @param tolerance how far values may be from the reference's
 * @param smoothness how often it can be differentiated
 * @param refusals calls that it refuses
 */
record OperatorCase(
    String operation,
    List<Sample> samples,
    IntFunction<List<Sample>> sized,
    Set<DType> dtypes,
    Tolerance tolerance,
    Smoothness smoothness,
    List<Refusal> refusals) {

  static final Set<DType> FLOATING = Set.of(DType.FLOAT32, DType.FLOAT64);
  static final Set<DType> INTEGER = Set.of(DType.INT32, DType.INT64);
  static final Set<DType> NUMBERS = Set.of(DType.FLOAT32, DType.FLOAT64, DType.INT32, DType.INT64);
  static final Set<DType> BITS = Set.of(DType.INT32, DType.INT64, DType.BOOL);
  static final Set<DType> ALL = Set.of(DType.values());

  /** How often an operation can be differentiated, away from its kinks. */
  enum Smoothness {
    /** Its outputs have no gradient. */
    NONE,
    /** Gradients are checked. */
    ONCE,
    /** Gradients of gradients are checked too. */
    TWICE
  }

  /** An operation with its attributes, as a function of tensors on a device. */
  @FunctionalInterface
  interface Call {
    /** Calls it; the device is that of the inputs. */
    List<Tensor> on(Device device, List<Tensor> inputs);
  }

  /**
   * A way to call an operation.
   *
   * @param label tells it from the operation's other samples
   * @param call the operation with its attributes
   * @param operands what its inputs look like
   */
  record Sample(String label, Call call, List<Operand> operands) {
    static Sample of(String label, Call call, Operand... operands) {
      return new Sample(label, call, List.of(operands));
    }

    /** Whether the inputs have the same types whatever type is asked for. */
    boolean isOfOneType() {
      return operands.stream().allMatch(operand -> operand.dtype() != null);
    }
  }

  /**
   * A call that must fail before anything runs, or as soon as a wrong index is met.
   *
   * @param sample the call
   * @param type the exception
   * @param text part of its message
   */
  record Refusal(Sample sample, Class<? extends LaderaException> type, String text) {}

  /** This case with a further call that must fail. */
  OperatorCase refusing(
      String label,
      Call call,
      Class<? extends LaderaException> type,
      String text,
      Operand... operands) {
    List<Refusal> more = new ArrayList<>(refusals);
    more.add(new Refusal(Sample.of(label, call, operands), type, text));
    return new OperatorCase(
        operation, samples, sized, dtypes, tolerance, smoothness, List.copyOf(more));
  }

  /** This case with further ways to call it. */
  OperatorCase alsoBy(Sample... further) {
    List<Sample> more = new ArrayList<>(samples);
    more.addAll(List.of(further));
    return new OperatorCase(
        operation, List.copyOf(more), sized, dtypes, tolerance, smoothness, refusals);
  }

  /** This case without some of its samples. */
  OperatorCase onlyBy(Predicate<Sample> kept) {
    return new OperatorCase(
        operation,
        samples.stream().filter(kept).toList(),
        sized,
        dtypes,
        tolerance,
        smoothness,
        refusals);
  }

  /** The types in which a sample is run: one if all its operands have a type of their own. */
  List<DType> dtypes(Sample sample) {
    List<DType> sorted = dtypes.stream().sorted().toList();
    return sample.isOfOneType() ? sorted.subList(0, 1) : sorted;
  }

  /** Whether it overwrites its first input. */
  boolean overwrites() {
    return name().equals("assign") || name().equals("fill");
  }

  /** The method's name. */
  String name() {
    return operation.substring(0, operation.indexOf('('));
  }

  @Override
  public String toString() {
    return operation;
  }
}
