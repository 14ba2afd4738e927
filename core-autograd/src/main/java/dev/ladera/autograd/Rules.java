package dev.ladera.autograd;

import static dev.ladera.autograd.Rule.Saves.NOTHING;
import static dev.ladera.autograd.Rule.Saves.OTHERS;
import static dev.ladera.autograd.Rule.Saves.OUTPUTS;

import dev.ladera.Dispatcher;
import dev.ladera.GradientException;
import dev.ladera.Layout;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.BatchNorm;
import dev.ladera.op.Convolution;
import dev.ladera.op.CrossEntropy;
import dev.ladera.op.LayerNorm;
import dev.ladera.op.Linear;
import dev.ladera.op.LogSoftmax;
import dev.ladera.op.NllLoss;
import dev.ladera.op.Operator;
import dev.ladera.op.Pointwise;
import dev.ladera.op.Pool;
import dev.ladera.op.Primitive;
import dev.ladera.op.Softmax;
import dev.ladera.op.ToDevice;
import dev.ladera.op.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All of calculus: for each operator, what of a step is kept, and how the gradients of its outputs
 * become those of its inputs. Rules are made of tensor operations, so they run on every backend and
 * can be differentiated again. {@code s.g(0)} is the gradient of output 0, {@code s.in(0)} input 0,
 * {@code s.out(0)} output 0, {@code s.shape(0)} the shape of input 0.
 */
final class Rules {
  private final Map<Class<? extends Operator>, Rule> table = new HashMap<>();
  private final Set<Class<? extends Operator>> undifferentiable = new HashSet<>();

  Rules() {
    // Views.
    rule(View.Reshape.class, NOTHING, (op, s) -> s.one(s.g(0).reshape(s.shape(0))));
    rule(View.Permute.class, NOTHING, (op, s) -> s.one(s.g(0).permute(inverse(op.order()))));
    rule(View.Expand.class, NOTHING, (op, s) -> s.one(s.g(0).sumTo(s.shape(0))));
    rule(View.Slice.class, NOTHING, (op, s) -> s.one(unslice(op, s.g(0), s.shape(0))));
    rule(View.Flip.class, NOTHING, (op, s) -> s.one(s.g(0).flip(op.axis())));
    rule(View.Select.class, NOTHING, (op, s) -> s.one(unselect(op, s.g(0), s.shape(0))));

    // Joining elements.
    rule(Primitive.Reduce.class, Rules::savesOfReduce, Rules::reduce);
    rule(Primitive.Cumulative.class, Rules::savesOfScan, Rules::scan);
    rule(Primitive.Sort.class, OUTPUTS, (op, s) -> s.one(place(op.axis(), s)));
    rule(Primitive.TopK.class, OUTPUTS, (op, s) -> s.one(place(op.axis(), s)));

    // Products.
    rule(
        Primitive.MatMul.class,
        OTHERS,
        (op, s) ->
            s.two(
                () -> product(s.g(0), s.in(1).t(), s.in(0)).sumTo(s.shape(0)),
                () -> rightFactor(s)));
    rule(Linear.class, (op, i, output) -> !output && i < 2, (op, s) -> linear(s));
    rule(
        Convolution.class,
        OTHERS,
        (op, s) ->
            s.two(
                () -> call(inputGradient(op, s.shape(0)), s.g(0), s.in(1)),
                () -> call(weightGradient(op, s.shape(1)), s.g(0), s.in(0))));
    rule(
        Convolution.InputGradient.class,
        OTHERS,
        (op, s) ->
            s.two(
                () -> call(op.convolution(), s.g(0), s.in(1)),
                () -> call(weightGradient(op.convolution(), s.shape(1)), s.in(0), s.g(0))));
    rule(
        Convolution.WeightGradient.class,
        OTHERS,
        (op, s) ->
            s.two(
                () -> call(op.convolution(), s.in(1), s.g(0)),
                () -> call(inputGradient(op.convolution(), s.shape(1)), s.in(0), s.g(0))));

    // Windows.
    rule(Pool.class, Rules::savesOfPool, (op, s) -> s.one(unpool(op, s)));
    rule(
        Pool.Gradient.class,
        Rules::savesOfPoolGradient,
        (op, s) ->
            s.one(
                op.pool().kind() == Pool.Kind.AVERAGE
                    ? call(op.pool(), s.g(0))
                    : s.g(0).flatten(2, -1).gather(2, s.in(1).flatten(2, -1)).reshape(s.shape(0))));

    // Places.
    rule(
        Primitive.Gather.class,
        (op, i, output) -> !output && i == 1,
        (op, s) -> s.one(zeros(s, 0).scatterAdd(op.axis(), s.in(1), s.g(0))));
    rule(
        Primitive.ScatterAdd.class,
        (op, i, output) -> !output && i == 1,
        (op, s) -> s.three(s.g(0), null, s.g(0).gather(op.axis(), s.in(1))));
    rule(Primitive.Concat.class, NOTHING, (op, s) -> cut(op, s));
    rule(Primitive.Pad.class, NOTHING, (op, s) -> s.one(unpad(op, s.g(0), s.shape(0))));

    // Composites.
    rule(
        Softmax.class,
        OUTPUTS,
        (op, s) -> s.one(call(new Softmax.Backward(op.axis()), s.g(0), s.out(0))));
    rule(
        LogSoftmax.class,
        OUTPUTS,
        (op, s) -> s.one(call(new LogSoftmax.Backward(op.axis()), s.g(0), s.out(0))));
    rule(NllLoss.class, (op, i, output) -> !output || i == 1, Rules::nllLoss);
    rule(CrossEntropy.class, (op, i, output) -> i > 0, Rules::crossEntropy);
    rule(LayerNorm.class, (op, i, output) -> !output && i < 2, Rules::layerNorm);
    rule(BatchNorm.class, OUTPUTS, (op, s) -> s.one(batchNorm(op, s)));
    rule(ToDevice.class, NOTHING, (op, s) -> s.one(s.g(0).to(s.device())));

    // Pointwise derives its rule from the expression; see ExpressionGradient.
    none(Primitive.ArgReduce.class);
    none(Primitive.Fill.class);
    none(Primitive.Arange.class);
    none(Primitive.RandomBits.class);
    none(Primitive.Assign.class);
  }

  private <O extends Operator> void rule(
      Class<O> operator, Rule.Saves saves, Rule.Formula<O> formula) {
    table.put(operator, new Rule(saves, (op, step) -> formula.gradients(operator.cast(op), step)));
  }

  private void none(Class<? extends Operator> operator) {
    undifferentiable.add(operator);
  }

  /** The rule of an operator; null for those that have none. */
  @Nullable Rule find(Operator operator) {
    return table.get(operator.getClass());
  }

  /** Whether the table speaks of a kind of operator: by a rule, or by saying that it has none. */
  boolean covers(Class<? extends Operator> operator) {
    return operator == Pointwise.class
        || table.containsKey(operator)
        || undifferentiable.contains(operator);
  }

  private static Tensor call(Operator operator, Tensor... inputs) {
    return Dispatcher.call(operator, inputs);
  }

  /**
   * The product of matrices, laid out as a tensor of its shape is: the gradient of a transposed
   * weight then needs no copy to become the weight's.
   */
  private static Tensor product(Tensor left, Tensor right, Tensor like) {
    Layout layout = like.layout();
    int rank = layout.rank();
    boolean transposed = layout.stride(rank - 2) == 1 && layout.stride(rank - 1) != 1;
    return transposed ? right.t().matmul(left.t()).t() : left.matmul(right);
  }

  /** The gradient of a product's right factor. One matrix for a whole batch needs one product. */
  private static Tensor rightFactor(Step s) {
    boolean shared = s.shape(1).rank() == 2 && s.shape(0).rank() > 2;
    Tensor left = shared ? matrix(s.in(0)) : s.in(0);
    Tensor g = shared ? matrix(s.g(0)) : s.g(0);
    return product(left.t(), g, s.in(1)).sumTo(s.shape(1));
  }

  private static List<@Nullable Tensor> linear(Step s) {
    List<@Nullable Tensor> found = new ArrayList<>();
    found.add(s.needs(0) ? s.g(0).matmul(s.in(1)) : null);
    found.add(s.needs(1) ? matrix(s.g(0)).t().matmul(matrix(s.in(0))) : null);
    if (s.inputs() > 2) {
      found.add(s.needs(2) ? s.g(0).sumTo(s.shape(2)) : null);
    }
    return found;
  }

  /** All axes but the last as one. */
  private static Tensor matrix(Tensor x) {
    return x.rank() == 1 ? x.unsqueeze(0) : x.flatten(0, -2);
  }

  private static Tensor zeros(Step s, int input) {
    return Tensor.zeros(s.shape(input), s.dtype(input), s.device());
  }

  private static int[] inverse(List<Integer> order) {
    int[] inverse = new int[order.size()];
    for (int i = 0; i < inverse.length; i++) {
      inverse[order.get(i)] = i;
    }
    return inverse;
  }

  private static Tensor pad(Tensor x, int axis, int before, int after, int between) {
    List<Integer> none = Collections.nCopies(x.rank(), 0);
    return call(
        new Primitive.Pad(
            with(none, axis, before), with(none, axis, after), with(none, axis, between), 0),
        x);
  }

  private static List<Integer> with(List<Integer> list, int at, int value) {
    List<Integer> changed = new ArrayList<>(list);
    changed.set(at, value);
    return changed;
  }

  private static Tensor unslice(View.Slice op, Tensor g, Shape shape) {
    int size = shape.size(op.axis());
    if (op.count() == 0) {
      return pad(g, op.axis(), size, 0, 0);
    }
    int end = op.start() + (op.count() - 1) * op.step() + 1;
    return pad(g, op.axis(), op.start(), size - end, op.step() - 1);
  }

  private static Tensor unselect(View.Select op, Tensor g, Shape shape) {
    int size = shape.size(op.axis());
    return pad(g.unsqueeze(op.axis()), op.axis(), op.index(), size - op.index() - 1, 0);
  }

  private static boolean savesOfReduce(Operator op, int i, boolean output) {
    return switch (((Primitive.Reduce) op).reduction()) {
      case SUM -> false;
      case PROD -> !output;
      case MAX, MIN -> true;
    };
  }

  private static List<@Nullable Tensor> reduce(Primitive.Reduce op, Step s) {
    Shape kept = s.shape(0);
    for (int axis : op.axes()) {
      kept = kept.with(axis, 1);
    }
    Tensor g = s.g(0).reshape(kept);
    return s.one(
        switch (op.reduction()) {
          case SUM -> g.expand(s.shape(0));
          case PROD -> g.mul(productsOfOthers(s.in(0), op.axes()));
          case MAX, MIN -> {
            // Equals share the gradient evenly.
            Tensor best = s.in(0).eq(s.out(0).reshape(kept)).to(s.dtype(0)).detach();
            int[] axes = op.axes().stream().mapToInt(i -> i).toArray();
            yield axes.length == 0 ? g : g.mul(best.div(best.sum(true, axes)));
          }
        });
  }

  /** For each element, the product of all the others along the axes; right with zeros. */
  private static Tensor productsOfOthers(Tensor x, List<Integer> axes) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      if (!axes.contains(i)) {
        order.add(i);
      }
    }
    int kept = order.size();
    order.addAll(axes);
    Tensor moved = x.permute(order.stream().mapToInt(i -> i).toArray());
    int count = Math.toIntExact(moved.shape().slice(kept, x.rank()).elements());
    Tensor rows = moved.reshape(moved.shape().slice(0, kept).concat(Shape.of(count)));
    Tensor products = before(rows).mul(before(rows.flip(-1)).flip(-1));
    return products.reshape(moved.shape()).permute(inverse(order));
  }

  /** For each element of the last axis, the product of those before it. */
  private static Tensor before(Tensor x) {
    Tensor ones = Tensor.ones(x.shape().with(-1, Math.min(1, x.size(-1))), x.dtype(), x.device());
    return x.size(-1) < 2
        ? ones
        : Tensor.concat(-1, ones, x.slice(-1, 0, x.size(-1) - 1).cumprod(-1));
  }

  private static boolean savesOfScan(Operator op, int i, boolean output) {
    return ((Primitive.Cumulative) op).scan() == Primitive.Scan.PROD && !output;
  }

  private static List<@Nullable Tensor> scan(Primitive.Cumulative op, Step s) {
    int axis = op.axis();
    Tensor g = s.g(0);
    if (op.scan() == Primitive.Scan.SUM || g.size(axis) == 0) {
      return s.one(g.flip(axis).cumsum(axis).flip(axis));
    }
    // d x[k] = (product before k) · r[k], where r[k] = g[k] + x[k + 1] · r[k + 1]: no division, so
    // zeros are no special case.
    Tensor x = s.in(0);
    int size = g.size(axis);
    Tensor[] r = new Tensor[size];
    r[size - 1] = g.narrow(axis, size - 1, 1);
    for (int k = size - 2; k >= 0; k--) {
      r[k] = g.narrow(axis, k, 1).add(x.narrow(axis, k + 1, 1).mul(r[k + 1]));
    }
    Tensor last = x.transpose(axis, -1);
    return s.one(before(last).transpose(axis, -1).mul(Tensor.concat(axis, r)));
  }

  /** Gradients of picked elements, put back where the elements stood. */
  private static Tensor place(int axis, Step s) {
    return zeros(s, 0).scatterAdd(axis, s.out(1), s.g(0));
  }

  private static Convolution.InputGradient inputGradient(Convolution op, Shape input) {
    return new Convolution.InputGradient(op, input.slice(2, input.rank()).toList());
  }

  private static Convolution.WeightGradient weightGradient(Convolution op, Shape weight) {
    return new Convolution.WeightGradient(op, weight.slice(2, weight.rank()).toList());
  }

  private static boolean savesOfPool(Operator op, int i, boolean output) {
    return output && i == 1;
  }

  private static boolean savesOfPoolGradient(Operator op, int i, boolean output) {
    return !output && i == 1;
  }

  private static Tensor unpool(Pool op, Step s) {
    Shape x = s.shape(0);
    Pool.Gradient gradient = new Pool.Gradient(op, x.slice(2, x.rank()).toList());
    return op.kind() == Pool.Kind.MAX ? call(gradient, s.g(0), s.out(1)) : call(gradient, s.g(0));
  }

  private static List<@Nullable Tensor> cut(Primitive.Concat op, Step s) {
    List<@Nullable Tensor> parts = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < s.inputs(); i++) {
      int size = s.shape(i).size(op.axis());
      parts.add(s.needs(i) ? s.g(0).narrow(op.axis(), from, size) : null);
      from += size;
    }
    return parts;
  }

  private static Tensor unpad(Primitive.Pad op, Tensor g, Shape shape) {
    Tensor result = g;
    for (int axis = 0; axis < shape.rank(); axis++) {
      result =
          call(
              new View.Slice(
                  axis, op.before().get(axis), shape.size(axis), op.between().get(axis) + 1),
              result);
    }
    return result;
  }

  private static List<@Nullable Tensor> nllLoss(NllLoss op, Step s) {
    return toScores(op, s, s.has(0) ? lossGradient(new NllLoss.Backward(op), s, s.in(0)) : null);
  }

  private static List<@Nullable Tensor> crossEntropy(CrossEntropy op, Step s) {
    Tensor logarithms = s.out(2);
    Tensor gradient =
        s.has(0) ? lossGradient(new CrossEntropy.Backward(op.loss()), s, logarithms) : null;
    if (s.has(2)) {
      Tensor more = call(new LogSoftmax.Backward(op.loss().axis()), s.g(2), logarithms);
      gradient = gradient == null ? more : gradient.add(more);
    }
    return toScores(op, s, gradient);
  }

  private static Tensor lossGradient(Operator backward, Step s, Tensor logarithms) {
    return s.inputs() == 2
        ? call(backward, s.g(0), logarithms, s.in(1), s.out(1))
        : call(backward, s.g(0), logarithms, s.in(1), s.out(1), s.in(2));
  }

  /** The first input's gradient alone; targets and weights have none. */
  private static List<@Nullable Tensor> toScores(Operator op, Step s, @Nullable Tensor gradient) {
    if (s.inputs() > 2 && s.needs(2)) {
      throw new GradientException(op.name(), "weight has no gradient; detach() it");
    }
    List<@Nullable Tensor> gradients = new ArrayList<>(Collections.nCopies(s.inputs(), null));
    gradients.set(0, gradient);
    return gradients;
  }

  private static List<@Nullable Tensor> layerNorm(LayerNorm op, Step s) {
    LayerNorm.Backward backward = new LayerNorm.Backward(op.axes(), op.eps());
    Tensor[] all =
        s.inputs() == 1
            ? backward.callAll(s.g(0), s.in(0))
            : backward.callAll(s.g(0), s.in(0), s.in(1));
    return Arrays.asList(all).subList(0, s.inputs());
  }

  private static @Nullable Tensor batchNorm(BatchNorm op, Step s) {
    Tensor output = s.out(0);
    Tensor variance = s.out(2);
    double count = (double) output.elements() / output.size(1);
    Tensor result =
        s.has(0) ? call(new BatchNorm.Backward(op.eps()), s.g(0), output, variance) : null;
    int[] wide = new int[output.rank() - 1];
    java.util.Arrays.fill(wide, 1);
    wide[0] = output.size(1);
    Shape channels = Shape.of(wide);
    if (s.has(1)) {
      Tensor more = s.g(1).div(count).reshape(channels).expand(output.shape());
      result = result == null ? more : result.add(more);
    }
    if (s.has(2)) {
      Tensor spread = s.g(2).mul(variance.add(op.eps()).sqrt()).mul(2 / count);
      Tensor more = output.mul(spread.reshape(channels));
      result = result == null ? more : result.add(more);
    }
    return result;
  }
}
