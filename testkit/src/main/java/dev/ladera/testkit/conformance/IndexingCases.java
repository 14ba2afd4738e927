package dev.ladera.testkit.conformance;

import static dev.ladera.testkit.conformance.OperatorCase.ALL;
import static dev.ladera.testkit.conformance.OperatorCase.NUMBERS;
import static dev.ladera.testkit.conformance.Tolerance.EXACT;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.IndexException;
import dev.ladera.ReductionOps.Found;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import dev.ladera.testkit.conformance.OperatorCase.Call;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import dev.ladera.testkit.conformance.OperatorCase.Smoothness;
import java.util.List;
import java.util.function.Function;

/** Operations that pick elements by tensors of indices, and put them in order. */
final class IndexingCases {
  private static final Call GATHER_FIRST = (_, in) -> List.of(in.get(0).gather(0, in.get(1)));
  private static final Call GATHER_LAST = (_, in) -> List.of(in.get(0).gather(-1, in.get(1)));
  private static final Call ADD_FIRST =
      (_, in) -> List.of(in.get(0).scatterAdd(0, in.get(1), in.get(2)));
  private static final Call ADD_LAST =
      (_, in) -> List.of(in.get(0).scatterAdd(-1, in.get(1), in.get(2)));
  private static final Call SELECT = (_, in) -> List.of(in.get(0).indexSelect(1, in.get(1)));
  private static final Call SELECT_FIRST = (_, in) -> List.of(in.get(0).indexSelect(0, in.get(1)));
  private static final Call INDEX =
      (_, in) -> List.of(in.get(0).index(in.subList(1, in.size()).toArray(new Tensor[0])));
  private static final Call MASKED = (_, in) -> List.of(in.get(1).maskedSelect(in.get(0)));
  private static final Call EMBEDDING = (_, in) -> List.of(in.get(0).embedding(in.get(1)));
  private static final Operand MATRIX = Operand.of(4, 6);

  private IndexingCases() {}

  static List<OperatorCase> all() {
    return List.of(
        gather(),
        scatterAdd(),
        indexSelect(),
        index(),
        maskedSelect(),
        nonzero(),
        ordered("sort(int)", x -> x.sort(-1)),
        ordered("sort(int, boolean)", x -> x.sort(0, true)),
        ordered("topk(int)", x -> x.topk(Math.min(3, x.size(-1))))
            .refusing(
                "k",
                (_, in) -> List.of(in.get(0).topk(7).values()),
                ArgumentException.class,
                "k is 7; axis 1 of (4, 6) has 6",
                MATRIX),
        ordered("topk(int, int, boolean)", x -> x.topk(Math.min(2, x.size(0)), 0, false)),
        argsort(),
        oneHot(),
        embedding());
  }

  private static Operand negative(int bound, int... sizes) {
    return new Operand(Shape.of(sizes), DType.INT64, -bound, bound - 1);
  }

  private static OperatorCase gather() {
    return OperatorCase.of(
            "gather(int, Tensor)",
            List.of(
                Sample.of("first axis", GATHER_FIRST, MATRIX, Operand.index(4, 7, 6)),
                Sample.of("last axis", GATHER_LAST, MATRIX, Operand.index(6, 4, 2)),
                Sample.of("fewer rows", GATHER_LAST, MATRIX, Operand.index(6, 3, 5)),
                Sample.of(
                    "int32 index", GATHER_LAST, MATRIX, Operand.index(6, 4, 3).as(DType.INT32)),
                Sample.of(
                    "cube",
                    (_, in) -> List.of(in.get(0).gather(1, in.get(1))),
                    Operand.of(2, 3, 4),
                    Operand.index(3, 2, 5, 4)),
                Sample.of("empty index", GATHER_LAST, MATRIX, Operand.index(6, 4, 0))))
        .sizedBy(n ->
            List.of(
                Sample.of("vector of " + n, GATHER_FIRST, Operand.of(n), Operand.index(n, n)),
                Sample.of("rows of " + n, GATHER_FIRST, Operand.of(3, n), Operand.index(3, 2, n))))
        .dtypes(ALL)
        .tolerance(EXACT)
        .differentiable(Smoothness.TWICE)
        .refusing(
            "outside",
            GATHER_LAST,
            IndexException.class,
            "outside axis",
            MATRIX,
            new Operand(MATRIX.shape(), DType.INT64, 6, 6))
        .refusing(
            "negative",
            GATHER_LAST,
            IndexException.class,
            "outside axis",
            MATRIX,
            new Operand(MATRIX.shape(), DType.INT64, -1, -1))
        .refusing(
            "floating index",
            GATHER_LAST,
            DTypeException.class,
            "index is float32; int32 or int64 is needed",
            MATRIX,
            MATRIX)
        .refusing(
            "axes",
            GATHER_LAST,
            ShapeException.class,
            "must have as many axes",
            MATRIX,
            Operand.index(6, 4))
        .refusing(
            "larger",
            GATHER_LAST,
            ShapeException.class,
            "is larger along axis 0",
            MATRIX,
            Operand.index(6, 5, 2));
  }

  private static OperatorCase scatterAdd() {
    return OperatorCase.of(
            "scatterAdd(int, Tensor, Tensor)",
            List.of(
                Sample.of(
                    "first axis", ADD_FIRST, MATRIX, Operand.index(4, 7, 6), Operand.of(7, 6)),
                Sample.of("last axis", ADD_LAST, MATRIX, Operand.index(6, 4, 9), Operand.of(4, 9)),
                Sample.of("fewer rows", ADD_LAST, MATRIX, Operand.index(6, 2, 9), Operand.of(2, 9)),
                Sample.of(
                    "into one place",
                    ADD_FIRST,
                    Operand.of(1),
                    Operand.index(1, 20),
                    Operand.of(20)),
                Sample.of(
                    "int32 index",
                    ADD_LAST,
                    MATRIX,
                    Operand.index(6, 4, 3).as(DType.INT32),
                    Operand.of(4, 3)),
                Sample.of("nothing", ADD_FIRST, MATRIX, Operand.index(4, 0, 6), Operand.of(0, 6))))
        .sizedBy(n ->
            List.of(
                Sample.of(
                    "vector of " + n, ADD_FIRST, Operand.of(n), Operand.index(n, n), Operand.of(n)),
                Sample.of(
                    "rows of " + n,
                    ADD_FIRST,
                    Operand.of(3, n),
                    Operand.index(3, 2, n),
                    Operand.of(2, n))))
        .dtypes(NUMBERS)
        .tolerance(Tolerance.unitsOfLargest(8))
        .differentiable(Smoothness.TWICE)
        .refusing(
            "outside",
            ADD_FIRST,
            IndexException.class,
            "outside axis",
            MATRIX,
            new Operand(MATRIX.shape(), DType.INT64, 4, 4),
            MATRIX)
        .refusing(
            "shapes",
            ADD_FIRST,
            ShapeException.class,
            "must have one shape",
            MATRIX,
            Operand.index(4, 4, 6),
            Operand.of(3, 6))
        .refusing(
            "types",
            ADD_FIRST,
            DTypeException.class,
            "base is float32 and source is",
            MATRIX,
            Operand.index(4, 4, 6),
            MATRIX.as(DType.FLOAT64))
        .refusing(
            "bool",
            ADD_FIRST,
            DTypeException.class,
            "bool has no sum",
            Operand.mask(4, 6),
            Operand.index(4, 4, 6),
            Operand.mask(4, 6));
  }

  private static OperatorCase indexSelect() {
    return OperatorCase.of(
            "indexSelect(int, Tensor)",
            List.of(
                Sample.of("places", SELECT, MATRIX, negative(6, 9)),
                Sample.of("rows", SELECT_FIRST, Operand.of(4, 3, 2), negative(4, 5)),
                Sample.of("none", SELECT, MATRIX, Operand.index(6, 0)),
                Sample.of("scalar index", SELECT, MATRIX, Operand.index(6))))
        .sizedBy(n ->
            List.of(
                Sample.of(n + " places", SELECT, Operand.of(3, 5), Operand.index(5, n)),
                Sample.of("rows of " + n, SELECT_FIRST, Operand.of(3, n), Operand.index(3, 2))))
        .dtypes(ALL)
        .tolerance(EXACT)
        .differentiable(Smoothness.TWICE)
        .refusing(
            "outside",
            SELECT,
            IndexException.class,
            "outside axis",
            MATRIX,
            Operand.within(6, 6, 2).as(DType.INT64))
        .refusing(
            "matrix of indices",
            SELECT,
            ShapeException.class,
            "must be a vector",
            MATRIX,
            Operand.index(6, 2, 2));
  }

  private static OperatorCase index() {
    return OperatorCase.of(
            "index(Tensor[])",
            List.of(
                Sample.of("rows", INDEX, MATRIX, negative(4, 5)),
                Sample.of("points", INDEX, MATRIX, negative(4, 5), negative(6, 5)),
                Sample.of("broadcast", INDEX, MATRIX, Operand.index(4, 3, 1), Operand.index(6, 2)),
                Sample.of(
                    "of a cube",
                    INDEX,
                    Operand.of(3, 4, 5),
                    Operand.index(3, 2, 2),
                    Operand.index(4, 1)),
                Sample.of("none", INDEX, MATRIX, Operand.index(4, 0)),
                Sample.of("mask", INDEX, MATRIX, Operand.mask(4, 6)),
                Sample.of("mask of rows", INDEX, MATRIX, Operand.mask(4)),
                Sample.of("int32", INDEX, MATRIX, Operand.index(4, 3).as(DType.INT32))))
        .sizedBy(n ->
            List.of(
                Sample.of(n + " points", INDEX, MATRIX, Operand.index(4, n), Operand.index(6, n)),
                Sample.of("rows of " + n, INDEX, Operand.of(3, n), Operand.index(3, 2))))
        .dtypes(ALL)
        .tolerance(EXACT)
        .differentiable(Smoothness.TWICE)
        .refusing(
            "outside",
            INDEX,
            IndexException.class,
            "index 6 is outside axis 1",
            MATRIX,
            Operand.index(1, 2),
            Operand.within(6, 6, 2).as(DType.INT64))
        .refusing(
            "too many",
            INDEX,
            ArgumentException.class,
            "at most one for each axis",
            Operand.of(3),
            Operand.index(3, 2),
            Operand.index(3, 2))
        .refusing(
            "mask",
            INDEX,
            ShapeException.class,
            "must have the shape (4, 6)",
            MATRIX,
            Operand.mask(3, 6))
        .refusing(
            "floating",
            INDEX,
            DTypeException.class,
            "int32, int64 or bool is needed",
            MATRIX,
            Operand.of(3));
  }

  private static OperatorCase maskedSelect() {
    return OperatorCase.of(
            "maskedSelect(Tensor)",
            List.of(
                Sample.of("same shape", MASKED, Operand.mask(4, 6), MATRIX),
                Sample.of("broadcast mask", MASKED, Operand.mask(6), MATRIX),
                Sample.of("broadcast values", MASKED, Operand.mask(4, 6), Operand.of(4, 1)),
                Sample.of("empty", MASKED, Operand.mask(0), Operand.of(0))))
        .sizedBy(n -> List.of(Sample.of("size " + n, MASKED, Operand.mask(n), Operand.of(n))))
        .dtypes(ALL)
        .tolerance(EXACT)
        .differentiable(Smoothness.TWICE)
        .broadcasting()
        .refusing("shapes", MASKED, ShapeException.class, "(5,)", Operand.mask(5), MATRIX);
  }

  private static OperatorCase nonzero() {
    Call call = (_, in) -> List.of(in.get(0).nonzero());
    return OperatorCase.of(
            "nonzero()",
            List.of(
                Sample.of("matrix", call, Operand.within(-0.4, 0.4, 4, 6)),
                Sample.of("mask", call, Operand.mask(2, 3, 4)),
                Sample.of("vector", call, Operand.mask(9)),
                Sample.of("scalar", call, Operand.within(1, 2)),
                Sample.of("empty", call, Operand.of(0, 3))))
        .sizedBy(n -> List.of(Sample.of("size " + n, call, Operand.mask(n))))
        .dtypes(ALL)
        .tolerance(EXACT)
        .differentiable(Smoothness.NONE);
  }

  private static OperatorCase ordered(String operation, Function<Tensor, Found> body) {
    Call call =
        (_, in) -> {
          Found found = body.apply(in.get(0));
          return List.of(found.values(), found.indices());
        };
    return OperatorCase.of(
            operation,
            List.of(
                Sample.of("matrix", call, MATRIX),
                Sample.of("cube", call, Operand.of(3, 4, 5)),
                Sample.of("vector", call, Operand.of(9)),
                Sample.of("ties", call, Operand.within(-0.3, 0.3, 9).as(DType.INT32)),
                Sample.of(
                    "no lines",
                    call,
                    operation.contains("boolean") ? Operand.of(3, 0) : Operand.of(0, 3))))
        .sizedBy(n ->
            List.of(
                Sample.of("vector of " + n, call, Operand.of(n)),
                Sample.of("rows of " + n, call, Operand.of(2, n)),
                Sample.of("columns of " + n, call, Operand.of(n, 2))))
        .dtypes(ALL)
        .tolerance(EXACT)
        .differentiable(Smoothness.TWICE);
  }

  private static OperatorCase argsort() {
    Call call = (_, in) -> List.of(in.get(0).argsort(0));
    return OperatorCase.of(
            "argsort(int)",
            List.of(Sample.of("matrix", call, MATRIX), Sample.of("vector", call, Operand.of(9))))
        .sizedBy(n -> List.of(Sample.of("size " + n, call, Operand.of(n))))
        .dtypes(ALL)
        .tolerance(EXACT)
        .differentiable(Smoothness.NONE);
  }

  private static OperatorCase oneHot() {
    Call call = (_, in) -> List.of(in.get(0).oneHot(5));
    return OperatorCase.of(
            "oneHot(int)",
            List.of(
                Sample.of("matrix", call, Operand.index(5, 2, 3)),
                Sample.of("int32", call, Operand.index(5, 2, 3).as(DType.INT32)),
                Sample.of("scalar", call, Operand.index(5)),
                Sample.of("outside", call, negative(9, 7)),
                Sample.of("empty", call, Operand.index(5, 0))))
        .sizedBy(n ->
            List.of(
                Sample.of("size " + n, call, Operand.index(5, n)),
                Sample.of("int32 of size " + n, call, Operand.index(5, n).as(DType.INT32))))
        .dtypes(OperatorCase.INTEGER)
        .tolerance(EXACT)
        .differentiable(Smoothness.NONE);
  }

  private static OperatorCase embedding() {
    return OperatorCase.of(
            "embedding(Tensor)",
            List.of(
                Sample.of("vector", EMBEDDING, Operand.of(5, 3), Operand.index(5, 7)),
                Sample.of("matrix", EMBEDDING, Operand.of(5, 3), Operand.index(5, 2, 3)),
                Sample.of("scalar", EMBEDDING, Operand.of(5, 3), Operand.index(5)),
                Sample.of("empty", EMBEDDING, Operand.of(5, 3), Operand.index(5, 0))))
        .sizedBy(n ->
            List.of(
                Sample.of(n + " indices", EMBEDDING, Operand.of(5, 3), Operand.index(5, n)),
                Sample.of("width " + n, EMBEDDING, Operand.of(3, n), Operand.index(3, 2))))
        .dtypes(ALL)
        .tolerance(EXACT)
        .differentiable(Smoothness.TWICE)
        .refusing(
            "row",
            EMBEDDING,
            IndexException.class,
            "outside axis",
            Operand.of(5, 3),
            Operand.within(5, 5, 2).as(DType.INT64))
        .refusing(
            "table",
            EMBEDDING,
            ShapeException.class,
            "must have two axes",
            Operand.of(5),
            Operand.index(5, 2));
  }
}
