package dev.ladera.op;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Every elementwise operation: an expression applied to the elements of any number of inputs, which
 * broadcast to one shape.
 *
 * <p>The numbers in a lambda's expression become run-time parameters, so that {@code x.mul(rate)}
 * costs one kernel for all rates. A class, not a record, because its hash is asked for at every
 * call.
 */
public final class Pointwise implements Primitive {
  /**
   * What a kernel depends on: the expression without its numbers. The typed programs it was asked
   * for are kept beside it; there are as many as combinations of element types in use.
   */
  private static final class Template {
    final String name;
    final int arity;
    final Expr body;
    final List<SharedNodes.Key> nodes;
    final int hash;
    final BitSet integers = new BitSet();
    final Map<Signature, Program> programs = new ConcurrentHashMap<>();

    Template(String name, int arity, Expr body) {
      this.name = name;
      this.arity = arity;
      SharedNodes shared = new SharedNodes(body);
      this.body = shared.root();
      this.nodes = shared.keys();
      this.hash = 31 * arity + nodes.hashCode();
      for (Expr node : shared.nodes()) {
        if (node instanceof Expr.Scalar(int place, boolean integer)) {
          integers.set(place, integer);
        }
      }
    }

    @Override
    public boolean equals(Object other) {
      return other == this
          || (other instanceof Template template
              && hash == template.hash
              && arity == template.arity
              && nodes.equals(template.nodes));
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public String toString() {
      return name + nodes;
    }
  }

  private final Template template;
  private final long[] scalars;

  private Pointwise(Template template, long[] scalars) {
    this.template = template;
    this.scalars = scalars;
  }

  /**
   * An operator of one input.
   *
   * @param name shown in errors and graphs
   */
  public static Pointwise of(String name, UnaryOperator<Expr> body) {
    return of(name, 1, body.apply(Expr.input(0)));
  }

  /** An operator of two inputs. */
  public static Pointwise of(String name, BinaryOperator<Expr> body) {
    return of(name, 2, body.apply(Expr.input(0), Expr.input(1)));
  }

  /** An operator of any number of inputs; the function gets their values in order. */
  public static Pointwise of(String name, int arity, Function<List<Expr>, Expr> body) {
    List<Expr> inputs = new ArrayList<>();
    for (int i = 0; i < arity; i++) {
      inputs.add(Expr.input(i));
    }
    return of(name, arity, body.apply(inputs));
  }

  /**
   * An operator of a ready expression.
   *
   * @throws ArgumentException if the expression reads an input that is not there, or brings
   *     parameters without values
   */
  public static Pointwise of(String name, int arity, Expr body) {
    Extraction extraction = new Extraction(name, arity);
    Expr extracted = extraction.extract(body);
    long[] values = extraction.numbers.stream().mapToLong(Long::longValue).toArray();
    return new Pointwise(new Template(name, arity, extracted), values);
  }

  /**
   * An operator whose expression already holds {@link Expr.Scalar} places, with their values:
   * floating ones as the bits of a double, integers as they are. Remaining constants stay in the
   * expression.
   */
  public static Pointwise ofTemplate(String name, int arity, Expr body, long... scalars) {
    return new Pointwise(new Template(name, arity, body), scalars.clone());
  }

  /**
   * The same expression with other numbers, in the order in which they stand in it.
   *
   * @throws ArgumentException if there are more or fewer than places
   */
  public Pointwise with(Number... numbers) {
    if (numbers.length != scalars.length) {
      throw new ArgumentException(
          name(), "numbers", "must be " + scalars.length + ", not " + numbers.length);
    }
    long[] values = new long[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      values[i] =
          isIntegerScalar(i)
              ? numbers[i].longValue()
              : Double.doubleToRawLongBits(numbers[i].doubleValue());
    }
    return new Pointwise(template, values);
  }

  /** The same expression with the numbers of another operator, place by place. */
  public Pointwise withNumbersOf(Pointwise other) {
    return new Pointwise(template, other.scalars);
  }

  /** Replaces numbers by places; a node that occurs twice, as an object, stays one node. */
  private static final class Extraction {
    final String name;
    final int arity;
    final List<Long> numbers = new ArrayList<>();
    final Map<Expr, Expr> done = new IdentityHashMap<>();

    Extraction(String name, int arity) {
      this.name = name;
      this.arity = arity;
    }

    Expr extract(Expr expr) {
      Expr result = done.get(expr);
      if (result == null) {
        result = replace(expr);
        done.put(expr, result);
      }
      return result;
    }

    private Expr replace(Expr expr) {
      return switch (expr) {
        case Expr.Input(int index) -> {
          if (index < 0 || index >= arity) {
            throw new ArgumentException(
                name, "body", "reads input " + index + " of an operator of " + arity + " inputs");
          }
          yield expr;
        }
        case Expr.Constant(double value, boolean integer) -> {
          numbers.add(integer ? (long) value : Double.doubleToRawLongBits(value));
          yield new Expr.Scalar(numbers.size() - 1, integer);
        }
        case Expr.Scalar _ ->
            throw new ArgumentException(name, "body", "holds a parameter place without a value");
        case Expr.Unary(UnaryOp op, Expr operand) -> new Expr.Unary(op, extract(operand));
        case Expr.Binary(BinaryOp op, Expr left, Expr right) ->
            new Expr.Binary(op, extract(left), extract(right));
        case Expr.Select(Expr condition, Expr yes, Expr no) ->
            new Expr.Select(extract(condition), extract(yes), extract(no));
        case Expr.Cast(Expr operand, DType dtype) -> new Expr.Cast(extract(operand), dtype);
      };
    }
  }

  @Override
  public String name() {
    return template.name;
  }

  /** The number of inputs. */
  public int arity() {
    return template.arity;
  }

  /**
   * The expression, its numbers replaced by {@link Expr.Scalar} places. Equal parts of it are one
   * object.
   */
  public Expr body() {
    return template.body;
  }

  /** The numbers, as {@link #ofTemplate} takes them; a copy. */
  public long[] scalars() {
    return scalars.clone();
  }

  /** The number in a place, as the bits that {@link #ofTemplate} takes. */
  public long scalarBits(int index) {
    return scalars[index];
  }

  /** The number in a place as a double. */
  public double scalarAsDouble(int index) {
    return isIntegerScalar(index) ? scalars[index] : Double.longBitsToDouble(scalars[index]);
  }

  /** The number in a place as a long; floating numbers lose their fraction. */
  public long scalarAsLong(int index) {
    return isIntegerScalar(index) ? scalars[index] : (long) Double.longBitsToDouble(scalars[index]);
  }

  private boolean isIntegerScalar(int index) {
    return template.integers.get(index);
  }

  /**
   * The typed steps for inputs of these types.
   *
   * @throws dev.ladera.DTypeException if a function does not take its operand's type
   */
  public Program program(Signature signature) {
    Program program = template.programs.get(signature);
    if (program == null) {
      program = ProgramBuilder.build(template.name, template.body, signature);
      template.programs.put(signature, program);
    }
    return program;
  }

  @Override
  public TensorType[] infer(TensorType... inputs) {
    Checks.arity(name(), inputs, template.arity);
    Shape shape = template.arity == 0 ? Shape.SCALAR : inputs[0].shape();
    for (int i = 1; i < inputs.length; i++) {
      shape = shape.broadcast(name(), inputs[i].shape());
    }
    return Checks.one(program(Signature.of(inputs)).dtype(), shape);
  }

  @Override
  public Object kernelKey() {
    return template;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Pointwise pointwise
        && template.equals(pointwise.template)
        && Arrays.equals(scalars, pointwise.scalars);
  }

  @Override
  public int hashCode() {
    return 31 * template.hash + Arrays.hashCode(scalars);
  }

  @Override
  public String toString() {
    return template.name;
  }
}
