package dev.ladera;

import dev.ladera.op.BinaryOp;
import dev.ladera.op.Operator;
import dev.ladera.op.Pointwise;
import dev.ladera.op.Primitive;
import dev.ladera.op.Program;
import dev.ladera.op.Program.Step;
import dev.ladera.op.Signature;
import dev.ladera.op.UnaryOp;
import dev.ladera.spi.Backend;
import dev.ladera.spi.Kernel;
import dev.ladera.spi.Storage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Just enough of a backend for what the api itself makes of primitives (indexing, padding, the
 * composites' bodies): every element is a double, and what no test here needs is refused.
 */
public final class ArrayBackend implements Backend {
  private static final class Values extends Storage {
    final double[] values;

    Values(DType dtype, int length) {
      super(dtype, length);
      this.values = new double[length];
    }
  }

  /** A device of its own. */
  public static Device device() {
    return Device.of("array", new ArrayBackend());
  }

  @Override
  public Storage allocate(DType dtype, long elements) {
    return new Values(dtype, Math.toIntExact(elements));
  }

  @Override
  public void read(Storage storage, long from, Object array, int at, int length) {
    double[] values = ((Values) storage).values;
    for (int i = 0; i < length; i++) {
      double value = values[(int) from + i];
      switch (array) {
        case float[] floats -> floats[at + i] = (float) value;
        case double[] doubles -> doubles[at + i] = value;
        case int[] ints -> ints[at + i] = (int) value;
        case long[] longs -> longs[at + i] = (long) value;
        case boolean[] booleans -> booleans[at + i] = value != 0;
        default -> throw new IllegalStateException("no such array");
      }
    }
  }

  @Override
  public void write(Object array, int at, Storage storage, long from, int length) {
    double[] values = ((Values) storage).values;
    for (int i = 0; i < length; i++) {
      values[(int) from + i] =
          switch (array) {
            case float[] floats -> floats[at + i];
            case double[] doubles -> doubles[at + i];
            case int[] ints -> ints[at + i];
            case long[] longs -> longs[at + i];
            case boolean[] booleans -> booleans[at + i] ? 1 : 0;
            default -> throw new IllegalStateException("no such array");
          };
    }
  }

  @Override
  public void synchronize() {}

  @Override
  public MemoryUse memory() {
    return new MemoryUse(0, 0, 0);
  }

  @Override
  public String description() {
    return "doubles in arrays, for tests";
  }

  @Override
  public @Nullable Kernel prepare(Operator prepared, Signature signature) {
    return prepared instanceof Primitive
        ? (operator, inputs, outputs) -> run((Primitive) operator, inputs, outputs)
        : null;
  }

  private static void run(Primitive operator, Tensor[] inputs, Tensor[] outputs) {
    Tensor out = outputs[0];
    switch (operator) {
      case Pointwise pointwise -> pointwise(pointwise, inputs, out);
      case Primitive.Reduce reduce -> reduce(reduce, inputs[0], out);
      case Primitive.Cumulative cumulative -> cumulate(cumulative, inputs[0], out);
      case Primitive.Gather gather -> {
        for (int[] place : places(out.shape())) {
          int[] from = place.clone();
          from[gather.axis()] = (int) get(inputs[1], place);
          set(out, place, get(inputs[0], from));
        }
      }
      case Primitive.ScatterAdd scatter -> {
        places(out.shape()).forEach(place -> set(out, place, get(inputs[0], place)));
        for (int[] place : places(inputs[1].shape())) {
          int[] to = place.clone();
          to[scatter.axis()] = (int) get(inputs[1], place);
          set(out, to, get(out, to) + get(inputs[2], place));
        }
      }
      case Primitive.Concat concat -> {
        int at = 0;
        for (Tensor part : inputs) {
          for (int[] place : places(part.shape())) {
            int[] to = place.clone();
            to[concat.axis()] += at;
            set(out, to, get(part, place));
          }
          at += part.size(concat.axis());
        }
      }
      case Primitive.Pad pad -> {
        places(out.shape()).forEach(place -> set(out, place, pad.value()));
        for (int[] place : places(inputs[0].shape())) {
          int[] to = place.clone();
          for (int axis = 0; axis < to.length; axis++) {
            to[axis] = pad.before().get(axis) + place[axis] * (pad.between().get(axis) + 1);
          }
          set(out, to, get(inputs[0], place));
        }
      }
      case Primitive.Fill fill ->
          places(out.shape()).forEach(place -> set(out, place, fill.value().doubleValue()));
      case Primitive.Arange range ->
          places(out.shape())
              .forEach(place -> set(out, place, range.start() + place[0] * range.step()));
      default -> throw new UnsupportedOperationException(operator.name());
    }
  }

  private static void pointwise(Pointwise operator, Tensor[] inputs, Tensor out) {
    Program program = operator.program(Signature.of(types(inputs)));
    double[] values = new double[program.steps().size()];
    for (int[] place : places(out.shape())) {
      for (int s = 0; s < values.length; s++) {
        Step step = program.steps().get(s);
        values[s] =
            switch (step) {
              case Step.Load(int input, DType _) -> get(inputs[input].expand(out.shape()), place);
              case Step.Parameter(int index, DType _) -> operator.scalarAsDouble(index);
              case Step.Literal(double value, DType _) -> value;
              case Step.Unary(UnaryOp op, int x, DType _) -> unary(op, values[x]);
              case Step.Binary(BinaryOp op, int a, int b, DType _) ->
                  binary(op, values[a], values[b]);
              case Step.Select(int condition, int yes, int no, DType _) ->
                  values[values[condition] != 0 ? yes : no];
              case Step.Cast(int x, DType _) -> values[x];
            };
        if (step.dtype() == DType.BOOL) {
          values[s] = truth(values[s] != 0);
        }
      }
      set(out, place, values[values.length - 1]);
    }
  }

  private static double unary(UnaryOp op, double x) {
    return switch (op) {
      case EXP -> Math.exp(x);
      case LOG -> Math.log(x);
      case RSQRT -> 1 / Math.sqrt(x);
      case NOT -> 1 - x;
      default -> throw new UnsupportedOperationException(op.name());
    };
  }

  private static double binary(BinaryOp op, double a, double b) {
    return switch (op) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case FLOOR_DIV -> Math.floor(a / b);
      case REMAINDER -> a - b * Math.floor(a / b);
      case AND -> Math.min(a, b);
      case LT -> truth(a < b);
      case GT -> truth(a > b);
      case GE -> truth(a >= b);
      default -> throw new UnsupportedOperationException(op.name());
    };
  }

  private static double truth(boolean holds) {
    return holds ? 1 : 0;
  }

  private static double join(Primitive.Reduction reduction, double a, double b) {
    return switch (reduction) {
      case SUM -> a + b;
      case PROD -> a * b;
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
    };
  }

  private static void reduce(Primitive.Reduce reduce, Tensor x, Tensor out) {
    boolean[] seen = new boolean[(int) out.elements()];
    Shape kept = x.shape();
    for (int axis : reduce.axes()) {
      kept = kept.with(axis, 1);
    }
    Tensor wide = out.reshape(kept);
    Layout counted = Layout.contiguous(kept);
    for (int[] place : places(x.shape())) {
      int[] to = place.clone();
      reduce.axes().forEach(axis -> to[axis] = 0);
      int at = (int) at(counted, to);
      double value = get(x, place);
      set(wide, to, seen[at] ? join(reduce.reduction(), get(wide, to), value) : value);
      seen[at] = true;
    }
  }

  private static void cumulate(Primitive.Cumulative cumulative, Tensor x, Tensor out) {
    boolean sum = cumulative.scan() == Primitive.Scan.SUM;
    for (int[] place : places(x.shape())) {
      int[] before = place.clone();
      before[cumulative.axis()]--;
      double sofar = place[cumulative.axis()] == 0 ? (sum ? 0 : 1) : get(out, before);
      set(out, place, sum ? sofar + get(x, place) : sofar * get(x, place));
    }
  }

  private static dev.ladera.op.TensorType[] types(Tensor[] tensors) {
    dev.ladera.op.TensorType[] types = new dev.ladera.op.TensorType[tensors.length];
    for (int i = 0; i < types.length; i++) {
      types[i] = tensors[i].type();
    }
    return types;
  }

  /** All places of a shape in row-major order. */
  private static List<int[]> places(Shape shape) {
    List<int[]> places = new ArrayList<>();
    for (long flat = 0; flat < shape.elements(); flat++) {
      int[] place = new int[shape.rank()];
      long rest = flat;
      for (int axis = place.length - 1; axis >= 0; axis--) {
        place[axis] = (int) (rest % shape.size(axis));
        rest /= shape.size(axis);
      }
      places.add(place);
    }
    return places;
  }

  private static long at(Layout layout, int[] place) {
    long at = layout.offset();
    for (int axis = 0; axis < place.length; axis++) {
      at += place[axis] * layout.stride(axis);
    }
    return at;
  }

  private static double get(Tensor tensor, int[] place) {
    return ((Values) tensor.storage()).values[(int) at(tensor.layout(), place)];
  }

  private static void set(Tensor tensor, int[] place, double value) {
    ((Values) tensor.storage()).values[(int) at(tensor.layout(), place)] = value;
  }
}
