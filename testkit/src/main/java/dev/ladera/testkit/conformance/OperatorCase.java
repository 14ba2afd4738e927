package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Dispatcher;
import dev.ladera.LaderaException;
import dev.ladera.Tensor;
import dev.ladera.op.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that the checks need to know of an operation, in one record: how it is called, on what, and
 * what may be asked of it. {@link OperatorConformance} makes tests of it.
 *
 * <pre>{@code
 * OperatorCase.of("mish", in -> MISH.call(in.get(0)))
 *     .reference(in -> in.get(0).mul(in.get(0).softplus().tanh()))
 *     .sample("matrix", Operand.of(3, 4))
 *     .sample("scalar", Operand.of())
 *     .sized(n -> List.of(Operand.of(n)))
 *     .dtypes(FLOATING)
 *     .tolerance(Tolerance.units(8))
 *     .differentiable(TWICE)
 *     .refusing("integers", DTypeException.class, "floating", Operand.of(3).as(DType.INT32));
 * }</pre>
 *
 * <p>Immutable: each method answers a further record. What is not said is: both floating types, a
 * tolerance of 32 units of the largest element, gradients of first and second order.
 */
public final class OperatorCase {
  /** float32 and float64. */
  public static final Set<DType> FLOATING = Set.of(DType.FLOAT32, DType.FLOAT64);

  /** int32 and int64. */
  public static final Set<DType> INTEGER = Set.of(DType.INT32, DType.INT64);

  /** All but bool. */
  public static final Set<DType> NUMBERS =
      Set.of(DType.FLOAT32, DType.FLOAT64, DType.INT32, DType.INT64);

  /** The integers and bool. */
  public static final Set<DType> BITS = Set.of(DType.INT32, DType.INT64, DType.BOOL);

  /** Every type. */
  public static final Set<DType> ALL = Set.of(DType.values());

  /** How often an operation can be differentiated, away from its kinks. */
  public enum Smoothness {
    /** Its outputs have no gradient. */
    NONE,
    /** Gradients are checked. */
    ONCE,
    /** Gradients of gradients are checked too. */
    TWICE
  }

  /** An operation with its attributes, as a function of tensors on a device. */
  @FunctionalInterface
  public interface Call {
    /**
     * Calls it.
     *
     * @param device the device of the inputs; for operations without any
     * @param inputs one for each operand
     * @return all outputs
     */
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

  private final String operation;
  private final Call call;
  private @Nullable Call reference;
  private List<Sample> samples = List.of();
  private IntFunction<List<Sample>> sized = _ -> List.of();
  private Set<DType> dtypes = FLOATING;
  private Tolerance tolerance = Tolerance.unitsOfLargest(32);
  private Smoothness smoothness = Smoothness.TWICE;
  private List<Refusal> refusals = List.of();
  private int mutates;
  private boolean broadcasts;

  private OperatorCase(String operation, Call call) {
    this.operation = operation;
    this.call = call;
  }

  private OperatorCase(OperatorCase other) {
    this(other.operation, other.call);
    reference = other.reference;
    samples = other.samples;
    sized = other.sized;
    dtypes = other.dtypes;
    tolerance = other.tolerance;
    smoothness = other.smoothness;
    refusals = other.refusals;
    mutates = other.mutates;
    broadcasts = other.broadcasts;
  }

  /**
   * Begins the record of an operation of one output.
   *
   * @param name tells it from others, in the names of tests
   * @param body calls it with one tensor for each operand; it must be a function of these alone
   */
  public static OperatorCase of(String name, Function<List<Tensor>, Tensor> body) {
    return of(name, one(body));
  }

  /**
   * Begins the record of an operation of several outputs, or of one that makes tensors on a device.
   *
   * @param name tells it from others, in the names of tests
   * @param call calls it
   */
  public static OperatorCase of(String name, Call call) {
    return new OperatorCase(name, call);
  }

  /** Begins the record of an operator, called through the dispatcher. */
  public static OperatorCase of(Operator operator) {
    return of(operator.name(), calling(operator));
  }

  /** The line of a built-in operation, whose samples each have a call of their own. */
  static OperatorCase of(String operation, List<Sample> samples) {
    OperatorCase line = new OperatorCase(operation, samples.getFirst().call());
    line.samples = List.copyOf(samples);
    return line;
  }

  static Call calling(Operator operator) {
    return (_, in) -> List.of(Dispatcher.callAll(operator, in.toArray(new Tensor[0])));
  }

  private static Call one(Function<List<Tensor>, Tensor> body) {
    return (_, in) -> List.of(body.apply(in));
  }

  private OperatorCase copy() {
    return new OperatorCase(this);
  }

  /**
   * Adds inputs to call the operation with.
   *
   * @param label tells the sample from others
   * @param operands one for each input
   */
  public OperatorCase sample(String label, Operand... operands) {
    return alsoBy(Sample.of(label, call, operands));
  }

  /**
   * Adds a way to call the operation with other attributes.
   *
   * @param label tells the sample from others
   * @param body calls it
   * @param operands one for each input
   */
  public OperatorCase sample(
      String label, Function<List<Tensor>, Tensor> body, Operand... operands) {
    return alsoBy(Sample.of(label, one(body), operands));
  }

  /** Adds a way to call an operation of several outputs with other attributes. */
  public OperatorCase sample(String label, Call other, Operand... operands) {
    return alsoBy(Sample.of(label, other, operands));
  }

  /**
   * Says how inputs of any size are made: sizes around the widths of vectors, 0, and one of 100,003
   * that is worth several threads. Where the work grows faster than the size, take a part of a size
   * over 1,000.
   *
   * @param operands from a size, one operand for each input
   */
  public OperatorCase sized(IntFunction<List<Operand>> operands) {
    return sizedBy(n -> List.of(new Sample("size " + n, call, operands.apply(n))));
  }

  /**
   * Says what the operation should answer, by other operations; they are run on {@link
   * dev.ladera.testkit.ReferenceBackend}. Without it the operation itself is run there, a composite
   * by its decomposition. Samples with attributes of their own are compared with themselves.
   */
  public OperatorCase reference(Function<List<Tensor>, Tensor> body) {
    return reference(one(body));
  }

  /** Says what an operation of several outputs should answer. */
  public OperatorCase reference(Call other) {
    OperatorCase copy = copy();
    copy.reference = other;
    return copy;
  }

  /** Says which types operands without a type of their own may have; {@link #FLOATING} at first. */
  public OperatorCase dtypes(Set<DType> all) {
    OperatorCase copy = copy();
    copy.dtypes = Set.copyOf(all);
    return copy;
  }

  /** Says which types operands without a type of their own may have. */
  public OperatorCase dtypes(DType... all) {
    return dtypes(Set.of(all));
  }

  /** Says how far values may be from the reference's. */
  public OperatorCase tolerance(Tolerance allowed) {
    OperatorCase copy = copy();
    copy.tolerance = allowed;
    return copy;
  }

  /**
   * Says how often the operation can be differentiated at its samples. Gradients are compared with
   * finite differences in float64, so that the samples must keep away from kinks and from places
   * where the slope is steep.
   */
  public OperatorCase differentiable(Smoothness often) {
    OperatorCase copy = copy();
    copy.smoothness = often;
    return copy;
  }

  /** Says how many of the leading inputs the operation overwrites; none at first. */
  public OperatorCase mutates(int inputs) {
    OperatorCase copy = copy();
    copy.mutates = inputs;
    return copy;
  }

  /**
   * Says that the operation takes operands of any shapes that broadcast to a common one. Then it is
   * called with such, too: axes of size 1, leading axes missing.
   */
  public OperatorCase broadcasting() {
    OperatorCase copy = copy();
    copy.broadcasts = true;
    return copy;
  }

  /**
   * Adds a call that must fail.
   *
   * @param label tells it from other such calls
   * @param type the exception that it deserves
   * @param text part of the message that it deserves
   * @param operands one for each input
   */
  public OperatorCase refusing(
      String label, Class<? extends LaderaException> type, String text, Operand... operands) {
    return refusing(label, call, type, text, operands);
  }

  /** Adds a call with other attributes that must fail. */
  public OperatorCase refusing(
      String label,
      Function<List<Tensor>, Tensor> body,
      Class<? extends LaderaException> type,
      String text,
      Operand... operands) {
    return refusing(label, one(body), type, text, operands);
  }

  /** Adds a call with other attributes that must fail. */
  public OperatorCase refusing(
      String label,
      Call other,
      Class<? extends LaderaException> type,
      String text,
      Operand... operands) {
    List<Refusal> more = new ArrayList<>(refusals);
    more.add(new Refusal(Sample.of(label, other, operands), type, text));
    return refusing(more);
  }

  /** Instead of the calls that must fail, these. */
  OperatorCase refusing(List<Refusal> all) {
    OperatorCase copy = copy();
    copy.refusals = List.copyOf(all);
    return copy;
  }

  /** With ways to call it with so many elements along an axis, or so many in all. */
  OperatorCase sizedBy(IntFunction<List<Sample>> ways) {
    OperatorCase copy = copy();
    copy.sized = ways;
    return copy;
  }

  /** With further ways to call it. */
  OperatorCase alsoBy(Sample... further) {
    List<Sample> more = new ArrayList<>(samples);
    more.addAll(List.of(further));
    OperatorCase copy = copy();
    copy.samples = List.copyOf(more);
    return copy;
  }

  /** Without some of its samples. */
  OperatorCase onlyBy(Predicate<Sample> kept) {
    OperatorCase copy = copy();
    copy.samples = samples.stream().filter(kept).toList();
    return copy;
  }

  /** The method, such as {@code sum(boolean, int...)}, or the name. */
  String operation() {
    return operation;
  }

  /** The method's name. */
  String name() {
    int arguments = operation.indexOf('(');
    return arguments < 0 ? operation : operation.substring(0, arguments);
  }

  List<Sample> samples() {
    return samples;
  }

  List<Sample> sized(int n) {
    return sized.apply(n);
  }

  Set<DType> dtypes() {
    return dtypes;
  }

  /** The types in which a sample is run: one if all its operands have a type of their own. */
  List<DType> dtypes(Sample sample) {
    List<DType> sorted = dtypes.stream().sorted().toList();
    if (!sample.isOfOneType()) {
      return sorted;
    }
    return sample.operands().stream()
        .map(Operand::dtype)
        .filter(sorted::contains)
        .findFirst()
        .map(List::of)
        .orElse(sorted.subList(0, 1));
  }

  /** Whether it has inputs, rather than making tensors of nothing. */
  boolean takesTensors() {
    return samples.stream().anyMatch(sample -> !sample.operands().isEmpty());
  }

  Tolerance tolerance() {
    return tolerance;
  }

  Smoothness smoothness() {
    return smoothness;
  }

  List<Refusal> refusals() {
    return refusals;
  }

  int mutates() {
    return mutates;
  }

  boolean broadcasts() {
    return broadcasts;
  }

  /** The ways in which an input may lie: what is overwritten must not repeat its elements. */
  List<Placement> placements(int input) {
    return Stream.of(Placement.values())
        .filter(placement -> input >= mutates || !placement.repeats())
        .toList();
  }

  /** What a sample should answer when it is run on the reference. */
  Call reference(Sample sample) {
    return reference != null && sample.call() == call ? reference : sample.call();
  }

  @Override
  public String toString() {
    return operation;
  }
}
