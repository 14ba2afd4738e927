package dev.ladera.autograd;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Generator;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.BinaryOp;
import dev.ladera.op.CrossEntropy;
import dev.ladera.op.NllLoss;
import dev.ladera.op.Operator;
import dev.ladera.op.Pointwise;
import dev.ladera.op.UnaryOp;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * Every operator's gradient against finite differences, over random shapes, broadcasts and views.
 */
class GradientPropertyTest {
  private static final int TRIES = 12;

  /**
   * A function to check.
   *
   * @param name shown when it fails
   * @param inputs how many tensors it takes
   * @param low the least value of its inputs
   * @param high the largest value of its inputs
   * @param body the function
   */
  private record Case(
      String name, int inputs, double low, double high, Function<List<Tensor>, Tensor> body) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case unary(String name, double low, double high, UnaryOperator<Tensor> body) {
    return new Case(name, 1, low, high, in -> body.apply(in.getFirst()));
  }

  private static List<Case> elementwise() {
    List<Case> cases = new ArrayList<>();
    for (UnaryOp op : UnaryOp.values()) {
      double low =
          switch (op) {
            case LOG, SQRT, RSQRT, RECIPROCAL, ABS, SIGN -> 0.3;
            case ASIN, ACOS -> -0.9;
            case LOG1P -> -0.6;
            case FLOOR, CEIL, ROUND, TRUNC -> 0.1;
            default -> -1.4;
          };
      double high =
          switch (op) {
            case ASIN, ACOS -> 0.9;
            case FLOOR, CEIL, ROUND, TRUNC -> 0.4;
            default -> 1.4;
          };
      if (op.kind() == UnaryOp.Kind.FLOATING || op.kind() == UnaryOp.Kind.NUMERIC) {
        Pointwise pointwise = Pointwise.of(op.name(), x -> x.apply(op));
        cases.add(unary(op.name(), low, high, x -> dev.ladera.Dispatcher.call(pointwise, x)));
      }
    }
    for (BinaryOp op : BinaryOp.values()) {
      if ((op.kind() == BinaryOp.Kind.NUMERIC || op.kind() == BinaryOp.Kind.FLOATING)
          && op != BinaryOp.FLOOR_DIV
          && op != BinaryOp.REMAINDER
          && op != BinaryOp.FMOD) {
        Pointwise pointwise = Pointwise.of(op.name(), (a, b) -> a.apply(op, b));
        // The second is moved off the first, away from the kinks of max and min.
        cases.add(
            new Case(
                op.name(),
                2,
                0.5,
                1.5,
                in -> dev.ladera.Dispatcher.call(pointwise, in.get(0), in.get(1).add(1.3))));
      }
    }
    cases.add(unary("where", 0.2, 1.5, x -> Tensor.where(x.gt(5), x.exp(), x.mul(x).mul(x))));
    cases.add(unary("gelu", -2, 2, Tensor::gelu));
    cases.add(unary("geluTanh", -2, 2, Tensor::geluTanh));
    cases.add(unary("silu", -2, 2, Tensor::silu));
    cases.add(unary("softplus", 0.1, 2, Tensor::softplus));
    cases.add(unary("elu", -2, -0.1, x -> x.elu(0.7)));
    cases.add(unary("leakyRelu", -2, -0.1, x -> x.leakyRelu(0.1)));
    cases.add(unary("powNumber", 0.3, 2, x -> x.pow(2.7)));
    cases.add(unary("square", -2, 2, Tensor::square));
    cases.add(unary("mish", -2, 2, t -> t.map(x -> x.mul(x.softplus().tanh()))));
    return cases;
  }

  private static List<Case> joining() {
    List<Case> cases = new ArrayList<>();
    cases.add(unary("sum", -2, 2, x -> x.sum(0)));
    cases.add(unary("prod", -2, 2, x -> x.prod(true, -1)));
    cases.add(unary("prodAll", -2, 2, x -> x.prod()));
    cases.add(unary("prodWithZero", -2, 2, x -> x.mul(x.detach().gt(0).to(DType.FLOAT64)).prod(0)));
    cases.add(unary("mean", -2, 2, x -> x.mean(true, 0, -1)));
    cases.add(unary("amax", 0.2, 2, x -> x.mul(x).amax(-1)));
    cases.add(unary("amin", -2, 2, x -> x.amin(0)));
    cases.add(unary("max", -2, 2, x -> x.max(-1).values()));
    cases.add(unary("var", -2, 2, x -> x.var(0, true, 0)));
    cases.add(unary("norm", 0.2, 2, x -> x.norm(-1)));
    cases.add(unary("logsumexp", -2, 2, x -> x.logsumexp(0)));
    cases.add(unary("cumsum", -2, 2, x -> x.cumsum(-1)));
    cases.add(unary("cumprod", -2, 2, x -> x.cumprod(0)));
    cases.add(unary("sort", 0.2, 2, x -> x.mul(x).sort(-1, true).values()));
    cases.add(unary("topk", -2, 2, x -> x.topk(1, 0, false).values()));
    cases.add(unary("softmax", -2, 2, x -> x.softmax(-1)));
    cases.add(unary("logSoftmax", -2, 2, x -> x.logSoftmax(0)));
    cases.add(unary("nllLoss", -2, -0.1, x -> losses(x, loss -> loss)[0]));
    cases.add(unary("crossEntropy", -2, 2, x -> losses(x, CrossEntropy::new)[0]));
    cases.add(unary("crossEntropyLogarithms", -2, 2, x -> losses(x, CrossEntropy::new)[2]));
    cases.add(unary("layerNorm", -2, 2, x -> x.add(coordinates(x)).layerNorm(1, null, null, 0.1)));
    cases.add(unary("batchNorm", -2, 2, x -> x.add(coordinates(x)).batchNorm(0.1).output()));
    cases.add(unary("batchVariance", -2, 2, x -> x.batchNorm(0.1).variance()));
    cases.add(unary("batchMean", -2, 2, x -> x.batchNorm(0.1).mean()));
    return cases;
  }

  /** Losses of the classes along the first axis, each other target being another class. */
  private static Tensor[] losses(Tensor x, Function<NllLoss, Operator> kind) {
    Shape others = x.shape().without(0);
    Tensor target =
        Tensor.arange(0, others.elements(), 1, DType.INT64, x.device())
            .reshape(others)
            .remainder(x.size(0));
    return kind.apply(new NllLoss(0, 0, NllLoss.Joining.NONE)).callAll(x, target);
  }

  /** Keeps elements apart, so that variances are not near zero. */
  private static Tensor coordinates(Tensor x) {
    return Tensor.arange(0, x.elements(), 1, DType.FLOAT64, x.device())
        .reshape(x.shape())
        .sin()
        .mul(3);
  }

  private static List<Case> moving() {
    List<Case> cases = new ArrayList<>();
    cases.add(unary("reshape", -2, 2, x -> x.t().reshape(-1).square()));
    cases.add(unary("permute", -2, 2, x -> x.transpose(0, -1).square()));
    cases.add(unary("expand", -2, 2, x -> x.unsqueeze(0).expand(x.shape().insert(0, 3)).exp()));
    cases.add(unary("slice", -2, 2, x -> x.slice(0, 0, x.size(0), 2).square()));
    cases.add(unary("sliceBack", -2, 2, x -> x.slice(-1, -1, -x.size(-1) - 1, -2).square()));
    cases.add(unary("sliceEmpty", -2, 2, x -> x.slice(0, 0, 0).sum().add(x.square().sum())));
    cases.add(unary("flip", -2, 2, x -> x.flip(0).square().mul(coordinates(x))));
    cases.add(unary("select", -2, 2, x -> x.select(0, 0).square()));
    cases.add(unary("pad", -2, 2, x -> x.pad(1.5, 1, 2).square()));
    cases.add(unary("padCut", -2, 2, x -> x.pad(0, -1, 1).square()));
    cases.add(unary("concat", -2, 2, x -> Tensor.concat(0, x, x.square(), x)));
    cases.add(unary("stack", -2, 2, x -> Tensor.stack(-1, x, x.exp())));
    cases.add(unary("repeat", -2, 2, x -> x.repeat(2, 1, 2).square()));
    cases.add(unary("roll", -2, 2, x -> x.roll(1, -1).mul(x)));
    cases.add(unary("tril", -2, 2, x -> x.tril(0).square()));
    cases.add(
        unary(
            "indexSelect",
            -2,
            2,
            x -> x.indexSelect(0, Tensor.of(new long[] {0, -1, 0})).square()));
    cases.add(
        unary(
            "index",
            -2,
            2,
            x -> x.index(Tensor.of(new long[] {0, 0}), Tensor.of(new int[] {0, -1})).square()));
    cases.add(unary("maskedSelect", -2, 2, x -> x.maskedSelect(x.detach().gt(0)).square()));
    cases.add(
        unary(
            "scatterAdd",
            -2,
            2,
            x -> {
              Tensor index = x.detach().gt(0).to(DType.INT64).mul(x.size(0) - 1);
              return x.scatterAdd(0, index, x.square()).square();
            }));
    return cases;
  }

  @Provide
  Arbitrary<Case> elementwiseCases() {
    return Arbitraries.of(elementwise());
  }

  @Provide
  Arbitrary<Case> joiningCases() {
    return Arbitraries.of(joining());
  }

  @Provide
  Arbitrary<Case> movingCases() {
    return Arbitraries.of(moving());
  }

  @Provide
  Arbitrary<Shape> shapes() {
    return Arbitraries.integers().between(1, 4).list().ofMinSize(2).ofMaxSize(3).map(Shape::of);
  }

  @Provide
  Arbitrary<Shape> elementwiseShapes() {
    return Arbitraries.integers().between(0, 3).list().ofMinSize(0).ofMaxSize(3).map(Shape::of);
  }

  /** How a contiguous tensor becomes a view of the same shape, or one that broadcasts to it. */
  @Provide
  Arbitrary<Integer> views() {
    return Arbitraries.integers().between(0, 4);
  }

  /** Numbers at least a few steps of the differences apart, in random order: no ties, no kinks. */
  private static Tensor values(Shape shape, long seed, double low, double high) {
    int count = (int) shape.elements();
    int[] order = new Generator(seed).permutation(count);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = low + (high - low) * (order[i] + 0.37) / count;
    }
    return Tensor.ofArray(values, shape, Device.standard());
  }

  /** The function seen through a view of its input, so that kernels and rules meet strides. */
  private static Tensor view(Tensor x, int kind) {
    return switch (kind) {
      case 1 -> x.t().copy().t();
      case 2 -> x.flip(0).copy().flip(0);
      case 3 -> Tensor.stack(-1, x, x).select(-1, 1);
      case 4 -> x.size(0) > 1 ? x.slice(0, 0, 1).expand(x.shape()) : x;
      default -> x;
    };
  }

  private static void check(Case subject, Shape shape, int view, long seed) {
    Tensor[] inputs = new Tensor[subject.inputs()];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = values(shape, seed + i, subject.low(), subject.high());
    }
    GradCheck.of(in ->
            subject
                .body()
                .apply(shape.rank() == 0 ? in : in.stream().map(x -> view(x, view)).toList()))
        .secondOrder()
        .tolerance(1e-5, 1e-6)
        .check(inputs);
  }

  @Property(tries = 40 * TRIES, shrinking = ShrinkingMode.OFF)
  void elementwiseGradients(
      @ForAll("elementwiseCases") Case subject,
      @ForAll("elementwiseShapes") Shape shape,
      @ForAll("views") int view,
      @ForAll long seed) {
    check(subject, shape, view, seed);
  }

  @Property(tries = 25 * TRIES, shrinking = ShrinkingMode.OFF)
  void joiningGradients(
      @ForAll("joiningCases") Case subject,
      @ForAll("shapes") Shape shape,
      @ForAll("views") int view,
      @ForAll long seed) {
    // Equal elements make kinks of maxima and sorting, so no expanded views here.
    check(subject, shape, view == 4 ? 3 : view, seed);
  }

  @Property(tries = 20 * TRIES, shrinking = ShrinkingMode.OFF)
  void movingGradients(
      @ForAll("movingCases") Case subject,
      @ForAll("shapes") Shape shape,
      @ForAll("views") int view,
      @ForAll long seed) {
    if (subject.name().equals("repeat") && shape.rank() != 3) {
      return;
    }
    check(subject, shape, view, seed);
  }

  /**
   * Sizes of a matrix product.
   *
   * @param m rows of the left
   * @param k columns of the left
   * @param n columns of the right
   * @param leftBatch leading axes of the left
   * @param rightBatch leading axes of the right
   */
  private record Product(int m, int k, int n, List<Integer> leftBatch, List<Integer> rightBatch) {}

  @Provide
  Arbitrary<Product> products() {
    Arbitrary<Integer> size = Arbitraries.integers().between(0, 3);
    Arbitrary<List<Integer>> batch =
        Arbitraries.of(List.of(), List.of(2), List.of(1), List.of(3, 1), List.of(3, 2));
    return Combinators.combine(size, size, size, batch, batch).as(Product::new);
  }

  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void matrixProducts(
      @ForAll("products") Product p, @ForAll boolean transposed, @ForAll long seed) {
    Shape left = Shape.of(p.leftBatch()).concat(Shape.of(p.m(), p.k()));
    Shape right =
        Shape.of(p.rightBatch())
            .concat(transposed ? Shape.of(p.n(), p.k()) : Shape.of(p.k(), p.n()));
    GradCheck.of(in -> in.get(0).matmul(transposed ? in.get(1).t() : in.get(1)).square())
        .secondOrder()
        .tolerance(1e-5, 1e-6)
        .check(values(left, seed, -1, 1), values(right, seed + 1, -1, 1));
  }

  @Property(tries = 40, shrinking = ShrinkingMode.OFF)
  void convolutions(
      @ForAll("strides") int stride,
      @ForAll("paddings") int padding,
      @ForAll("strides") int dilation,
      @ForAll boolean grouped,
      @ForAll long seed) {
    int groups = grouped ? 2 : 1;
    Tensor x = values(Shape.of(2, 2, 5, 4), seed, -1, 1);
    Tensor weight = values(Shape.of(2, 2 / groups, 2, 2), seed + 1, -1, 1);
    GradCheck.of(
            in -> in.get(0).conv2d(in.get(1), null, stride, padding, dilation, groups).square())
        .secondOrder()
        .tolerance(1e-5, 1e-6)
        .check(x, weight);
  }

  @Provide
  Arbitrary<Integer> strides() {
    return Arbitraries.integers().between(1, 2);
  }

  @Provide
  Arbitrary<Integer> paddings() {
    return Arbitraries.integers().between(0, 1);
  }

  @Property(tries = 40, shrinking = ShrinkingMode.OFF)
  void pools(
      @ForAll boolean largest,
      @ForAll boolean ceilMode,
      @ForAll boolean countIncludePad,
      @ForAll("strides") int stride,
      @ForAll("paddings") int padding,
      @ForAll long seed) {
    Tensor x = values(Shape.of(1, 2, 5, 4), seed, -1, 1);
    List<Integer> kernel = List.of(2, 3);
    List<Integer> strides = List.of(stride, 2);
    List<Integer> paddings = List.of(padding, padding);
    GradCheck.of(in ->
            largest
                ? in.getFirst()
                    .maxPool(kernel, strides, paddings, List.of(1, 1), ceilMode)
                    .values()
                    .square()
                : in.getFirst()
                    .avgPool(kernel, strides, paddings, ceilMode, countIncludePad)
                    .square())
        .secondOrder()
        .tolerance(1e-5, 1e-6)
        .check(x);
  }
}
