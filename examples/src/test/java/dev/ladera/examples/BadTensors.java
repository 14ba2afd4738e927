package dev.ladera.examples;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.Device;
import dev.ladera.IndexException;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import java.util.List;

/** Shapes, element types, axes and indices that do not fit. */
final class BadTensors {
  private BadTensors() {}

  static List<BadInput> table() {
    List<BadInput> all = new java.util.ArrayList<>(shapes());
    all.addAll(windows());
    all.addAll(types());
    all.addAll(axes());
    all.addAll(indices());
    all.addAll(values());
    return all;
  }

  private static Tensor image() {
    return Tensor.zeros(1, 4, 8, 8);
  }

  private static List<BadInput> shapes() {
    return List.of(
        new BadInput(
            "matmul of batches that do not broadcast",
            ShapeException.class,
            "matmul: left (2, 3, 4) and right (5, 4, 3) do not broadcast: axis -3 has sizes 2 and 5; sizes must be equal, or one of them 1",
            () -> Tensor.zeros(2, 3, 4).matmul(Tensor.zeros(5, 4, 3))),
        new BadInput(
            "matmul of a vector",
            ShapeException.class,
            "matmul: inner sizes differ: left (1, 3) has 3 columns, right (4, 1) has 4 rows",
            () -> Tensor.zeros(3).matmul(Tensor.zeros(4))),
        new BadInput(
            "where of shapes that do not broadcast",
            ShapeException.class,
            "where: shapes (2,) and (3,) do not broadcast: axis -1 has sizes 2 and 3; sizes must be equal, or one of them 1",
            () -> Tensor.where(Tensor.zeros(2).gt(0), Tensor.zeros(2), Tensor.zeros(3))),
        new BadInput(
            "reshape with an open size that cannot be",
            ShapeException.class,
            "reshape: shape (2, 3) has 6 elements, which [-1, 4] cannot divide",
            () -> Tensor.zeros(2, 3).reshape(-1, 4)),
        new BadInput(
            "reshape of more elements than an axis has places",
            ShapeException.class,
            "reshape: 4294967296 elements of shape (65536, 65536) do not fit along one axis, which has at most 2147483647 places; use smaller batches",
            () -> Tensor.zeros(1, 1).expand(65536, 65536).reshape(-1)),
        new BadInput(
            "flatten of more elements than an axis has places",
            ShapeException.class,
            "flatten: 4294967296 elements of shape (2, 65536, 65536) do not fit along one axis, which has at most 2147483647 places; use smaller batches",
            () -> Tensor.zeros(1, 1).expand(2, 65536, 65536).flatten(1, 2)),
        new BadInput(
            "an array of more elements than Java has",
            ShapeException.class,
            "toArray: 4294967296 elements of shape (65536, 65536) do not fit along one axis, which has at most 2147483647 places; use smaller batches",
            () -> Tensor.zeros(1, 1).expand(65536, 65536).toArray()),
        new BadInput(
            "more random numbers than are drawn at once",
            ShapeException.class,
            "randomBits: 4294967296 elements of shape (65536, 65536) do not fit along one axis, which has at most 2147483647 places; use smaller batches",
            () -> Tensor.rand(65536, 65536)),
        new BadInput(
            "more indices of an embedding than an axis has places",
            ShapeException.class,
            "embedding: 4294967296 elements of shape (65536, 65536) do not fit along one axis, which has at most 2147483647 places; use smaller batches",
            () ->
                Tensor.zeros(3, 2).embedding(Tensor.of(new long[] {0}, 1, 1).expand(65536, 65536))),
        new BadInput(
            "concat of more places than an axis has",
            ShapeException.class,
            "concat: axis 0 of the result would have 4294967294 places; at most 2147483647 are possible",
            () -> {
              Tensor half = Tensor.zeros(1).expand(Integer.MAX_VALUE);
              Tensor.concat(0, half, half);
            }),
        new BadInput(
            "reshape to a negative size",
            ArgumentException.class,
            "reshape: sizes [-2, -3] must not be negative, but for one -1 that follows from the others",
            () -> Tensor.zeros(2, 3).reshape(-2, -3)),
        new BadInput(
            "reshape with an open size beside a negative one",
            ArgumentException.class,
            "reshape: sizes [-1, -3] must not be negative, but for one -1 that follows from the others",
            () -> Tensor.zeros(2, 3).reshape(-1, -3)),
        new BadInput(
            "concat of other ranks",
            ShapeException.class,
            "concat: tensor 0 (2, 3) and tensor 1 (2,) differ off axis 0",
            () -> Tensor.concat(0, Tensor.zeros(2, 3), Tensor.zeros(2))),
        new BadInput(
            "stack of nothing",
            ArgumentException.class,
            "stack: tensors must not be empty",
            () -> Tensor.stack(0)),
        new BadInput(
            "expand to fewer axes",
            ShapeException.class,
            "expand: shape (2, 3) does not expand to (3,); only axes of size 1 and missing leading axes can be repeated",
            () -> Tensor.zeros(2, 3).expand(3)),
        new BadInput(
            "expand to fewer axes keeping one",
            ShapeException.class,
            "expand: shape (2, 3) does not expand to (3,); only axes of size 1 and missing leading axes can be repeated",
            () -> Tensor.zeros(2, 3).expand(-1)),
        new BadInput(
            "repeat a negative number of times",
            ArgumentException.class,
            "repeat: times [-1] must not be negative",
            () -> Tensor.zeros(2).repeat(-1)),
        new BadInput(
            "pad that cuts more than there is",
            ShapeException.class,
            "pad: amounts -2 and -2 cut more than axis 1 of (2, 3) has",
            () -> Tensor.zeros(2, 3).pad(0, -2, -2)),
        new BadInput(
            "outer of a matrix",
            ShapeException.class,
            "outer: left (2, 2) and right (3,) must be vectors",
            () -> Tensor.zeros(2, 2).outer(Tensor.zeros(3))),
        new BadInput(
            "assign of a larger value",
            ShapeException.class,
            "assign: value of shape (3, 2) does not fit into the target of shape (2,); the value must broadcast to the target",
            () -> Tensor.zeros(2).assign(Tensor.zeros(3, 2))),
        new BadInput(
            "assign to an expanded view",
            ShapeException.class,
            "assign: the target is an expanded view, whose elements share storage; copy it with contiguous()",
            () -> Tensor.zeros(1, 2).expand(3, 2).assign(Tensor.zeros(2))),
        new BadInput(
            "a gradient of another shape",
            ShapeException.class,
            "grad: gradient (3,) must have the tensor's shape (2,)",
            () -> Tensor.zeros(2).grad(Tensor.zeros(3))),
        new BadInput(
            "more elements than a long counts",
            ArgumentException.class,
            "shape: sizes must be of fewer than 2^63 elements: (2147483647, 2147483647, 2147483647)",
            () -> Shape.of(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE)));
  }

  private static List<BadInput> windows() {
    return List.of(
        new BadInput(
            "conv with groups that do not divide the channels",
            ShapeException.class,
            "conv2d: input (1, 4, 8, 8) has 4 channels, weight (6, 1, 3, 3) with 3 groups takes 3",
            () -> image().conv2d(Tensor.zeros(6, 1, 3, 3), null, 1, 0, 1, 3)),
        new BadInput(
            "conv with groups that do not divide the outputs",
            ShapeException.class,
            "conv2d: weight (5, 2, 3, 3) has 5 outputs, not a multiple of 2 groups",
            () -> image().conv2d(Tensor.zeros(5, 2, 3, 3), null, 1, 0, 1, 2)),
        new BadInput(
            "conv with no groups",
            ArgumentException.class,
            "convolution: groups must be at least 1, not 0",
            () -> image().conv2d(Tensor.zeros(6, 4, 3, 3), null, 1, 0, 1, 0)),
        new BadInput(
            "conv of too few axes",
            ShapeException.class,
            "conv2d: input (8, 8) and weight (6, 4, 3, 3) must have 4 axes: (batch, channels, …) and (outputs, channels / groups, …)",
            () -> Tensor.zeros(8, 8).conv2d(Tensor.zeros(6, 4, 3, 3), null)),
        new BadInput(
            "conv with stride 0",
            ArgumentException.class,
            "convolution: stride must be at least 1, not 0",
            () -> image().conv2d(Tensor.zeros(6, 4, 3, 3), null, 0, 0, 1, 1)),
        new BadInput(
            "conv with a bias of another size",
            ShapeException.class,
            "conv2d: bias (5,) must have one entry for each of the 6 outputs, (6,)",
            () -> image().conv2d(Tensor.zeros(6, 4, 3, 3), Tensor.zeros(5))),
        new BadInput(
            "conv with a bias that is a scalar",
            ShapeException.class,
            "conv2d: bias () must have one entry for each of the 6 outputs, (6,)",
            () -> image().conv2d(Tensor.zeros(6, 4, 3, 3), Tensor.scalar(1))),
        new BadInput(
            "conv with a bias that is a matrix",
            ShapeException.class,
            "conv2d: bias (6, 2) must have one entry for each of the 6 outputs, (6,)",
            () -> image().conv2d(Tensor.zeros(6, 4, 3, 3), Tensor.zeros(6, 2))),
        new BadInput(
            "conv with lists of two lengths",
            ArgumentException.class,
            "convolution: stride, padding and dilation must have one entry each for one to three spatial axes",
            () ->
                image()
                    .conv(
                        Tensor.zeros(6, 4, 3, 3),
                        null,
                        List.of(1, 1),
                        List.of(0),
                        List.of(1, 1),
                        1)),
        new BadInput(
            "convTranspose with lists of two lengths",
            ArgumentException.class,
            "convTranspose: outputPadding [0] must have one entry for each of 2 spatial axes",
            () ->
                image()
                    .convTranspose(
                        Tensor.zeros(4, 6, 3, 3),
                        null,
                        List.of(1, 1),
                        List.of(0, 0),
                        List.of(0),
                        List.of(1, 1),
                        1)),
        new BadInput(
            "convTranspose with an output padding of a stride",
            ArgumentException.class,
            "convTranspose: outputPadding [1, 1] must not be negative, and less than stride [1, 1] or dilation [1, 1]",
            () ->
                image()
                    .convTranspose(
                        Tensor.zeros(4, 6, 3, 3),
                        null,
                        List.of(1, 1),
                        List.of(0, 0),
                        List.of(1, 1),
                        List.of(1, 1),
                        1)),
        new BadInput(
            "maxPool with a window larger than the image",
            ShapeException.class,
            "maxPool2d: a window of 9 (kernel 9, dilation 1) does not fit into axis 2 of (1, 4, 8, 8) padded by 0",
            () -> image().maxPool2d(9)),
        new BadInput(
            "maxPool with no window",
            ArgumentException.class,
            "maxPool: kernel must be at least 1, not 0",
            () -> image().maxPool2d(0)),
        new BadInput(
            "avgPool with a padding over half of the window",
            ArgumentException.class,
            "avgPool: padding must be at most half the kernel [2, 2], not [2, 2]",
            () -> image().avgPool(List.of(2, 2), List.of(2, 2), List.of(2, 2), false, true)),
        new BadInput(
            "layerNorm over more axes than there are",
            ArgumentException.class,
            "layerNorm: axes must be from 1 to the 1 of (2,), not 2",
            () -> Tensor.zeros(2).layerNorm(2, null, null, 1e-5)),
        new BadInput(
            "layerNorm with a weight of another shape",
            ShapeException.class,
            "layerNorm: weight (4,) must have the shape of the last 1 axes of input (2, 3), (3,)",
            () -> Tensor.zeros(2, 3).layerNorm(1, Tensor.zeros(4), null, 1e-5)),
        new BadInput(
            "batchNorm of a vector",
            ShapeException.class,
            "batchNorm: input (2,) has 1 axes; at least 2 are needed",
            () -> Tensor.zeros(2).batchNorm(1e-5)),
        new BadInput(
            "linear with a weight for other inputs",
            ShapeException.class,
            "linear: input (2, 3) must have 4 features along its last axis, for weight (5, 4);"
                + " flatten or reshape it",
            () -> Tensor.zeros(2, 3).linear(Tensor.zeros(5, 4), null)),
        new BadInput(
            "embedding in a table of one axis",
            ShapeException.class,
            "embedding: table (5,) must have two axes",
            () -> Tensor.zeros(5).embedding(Tensor.of(new long[] {0}, 1))));
  }

  private static List<BadInput> types() {
    return List.of(
        new BadInput(
            "conv of mixed types",
            DTypeException.class,
            "conv2d: input is float32 and weight is float64; convert one of them with to(DType)",
            () -> image().conv2d(Tensor.zeros(6, 4, 3, 3).to(DType.FLOAT64), null)),
        new BadInput(
            "mean of int",
            DTypeException.class,
            "mean: int64 has no mean; use to(DType.FLOAT32)",
            () -> Tensor.arange(4).mean()),
        new BadInput(
            "neg of bool",
            DTypeException.class,
            "neg: bool has no neg; it takes numbers; use logicalNot or to(DType)",
            () -> Tensor.zeros(2).gt(0).neg()),
        new BadInput(
            "sub of bool",
            DTypeException.class,
            "sub: bool has no sub; it takes numbers; use logicalXor or to(DType)",
            () -> Tensor.zeros(2).gt(0).sub(Tensor.zeros(2).gt(0))),
        new BadInput(
            "gather by float",
            DTypeException.class,
            "gather: index is float32; int32 or int64 is needed",
            () -> Tensor.zeros(2, 3).gather(1, Tensor.zeros(2, 1))),
        new BadInput(
            "indexSelect by float",
            DTypeException.class,
            "index: index is float32; int32, int64 or bool is needed",
            () -> Tensor.zeros(2, 3).indexSelect(0, Tensor.zeros(1))),
        new BadInput(
            "embedding by float",
            DTypeException.class,
            "gather: index is float32; int32 or int64 is needed",
            () -> Tensor.zeros(5, 2).embedding(Tensor.zeros(1))),
        new BadInput(
            "assign of float to int",
            DTypeException.class,
            "assign: a float32 value cannot be put into a int64 tensor; use to(DType)",
            () -> Tensor.arange(2).assign(Tensor.zeros(2))),
        new BadInput(
            "scatterAdd of another type",
            DTypeException.class,
            "scatterAdd: base is float32 and source is int64; convert one of them with to(DType)",
            () -> Tensor.zeros(2).scatterAdd(0, Tensor.arange(2), Tensor.arange(2))),
        new BadInput(
            "random numbers of int",
            DTypeException.class,
            "uniform: int64 is no floating type",
            () -> new dev.ladera.Generator(1).uniform(Shape.of(2), DType.INT64, Device.of("cpu"))),
        new BadInput(
            "an array of strings",
            ArgumentException.class,
            "tensor: array must be float[], double[], int[], long[] or boolean[], not String[]",
            () -> Tensor.ofArray(new String[] {"1"}, Shape.of(1), Device.of("cpu"))));
  }

  private static List<BadInput> axes() {
    return List.of(
        new BadInput(
            "argmax along an axis that is not there",
            IndexException.class,
            "argmax: axis 5 does not exist in shape (2, 3); use -2 to 1",
            () -> Tensor.zeros(2, 3).argmax(5)),
        new BadInput(
            "permute of too few axes",
            ShapeException.class,
            "permute: order [1] is not a permutation of the axes of (2, 3)",
            () -> Tensor.zeros(2, 3).permute(1)),
        new BadInput(
            "transpose of an axis that is not there",
            IndexException.class,
            "transpose: axis 2 does not exist in shape (2, 3); use -2 to 1",
            () -> Tensor.zeros(2, 3).transpose(0, 2)),
        new BadInput(
            "flip of an axis twice",
            ArgumentException.class,
            "flip: axes name axis 0 twice",
            () -> Tensor.zeros(2, 3).flip(0, 0)),
        new BadInput(
            "unsqueeze far away",
            IndexException.class,
            "unsqueeze: axis 4 is no place for a new axis in shape (2, 3); use -3 to 2",
            () -> Tensor.zeros(2, 3).unsqueeze(4)),
        new BadInput(
            "concat along an axis that is not there",
            IndexException.class,
            "concat: axis 2 does not exist in shape (2, 3); use -2 to 1",
            () -> Tensor.concat(2, Tensor.zeros(2, 3), Tensor.zeros(2, 3))),
        new BadInput(
            "concat of scalars",
            IndexException.class,
            "concat: axis 0 does not exist in shape (); use a tensor with axes",
            () -> Tensor.concat(0, Tensor.scalar(1), Tensor.scalar(2))),
        new BadInput(
            "stack along an axis far away",
            IndexException.class,
            "unsqueeze: axis 3 is no place for a new axis in shape (2,); use -2 to 1",
            () -> Tensor.stack(3, Tensor.zeros(2), Tensor.zeros(2))),
        new BadInput(
            "flatten backwards",
            ArgumentException.class,
            "flatten: last 0 lies before first 1",
            () -> Tensor.zeros(2, 3).flatten(1, 0)),
        new BadInput(
            "size of an axis that is not there",
            IndexException.class,
            "size: axis 2 does not exist in shape (2, 3); use -2 to 1",
            () -> Tensor.zeros(2, 3).size(2)),
        new BadInput(
            "argmax of nothing",
            ShapeException.class,
            "argmax: axis 0 of shape (0,) is empty",
            () -> Tensor.zeros(0).argmax()));
  }

  private static List<BadInput> indices() {
    Tensor seven = Tensor.of(new long[] {7}, 1);
    return List.of(
        new BadInput(
            "select of a negative place that is not there",
            IndexException.class,
            "select: index -4 is outside axis 1 of shape (2, 3); use 0 to 2",
            () -> Tensor.zeros(2, 3).select(1, -4)),
        new BadInput(
            "gather by an index of too few axes",
            ShapeException.class,
            "gather: index (2,) must have as many axes; input is (2, 3)",
            () -> Tensor.zeros(2, 3).gather(1, Tensor.of(new long[] {0, 2}, 2))),
        new BadInput(
            "scatterAdd to a place that is not there",
            IndexException.class,
            "scatterAdd: index 7 is outside axis 0 of shape (3,); use 0 to 2",
            () -> Tensor.zeros(3).scatterAdd(0, seven, Tensor.zeros(1))),
        new BadInput(
            "indexSelect of a place that is not there",
            IndexException.class,
            "gather: index 7 is outside axis 0 of shape (2, 3); use 0 to 1",
            () -> Tensor.zeros(2, 3).indexSelect(0, seven)),
        new BadInput(
            "indexSelect of a negative place that is not there",
            IndexException.class,
            "gather: index -3 is outside axis 0 of shape (2, 3); use 0 to 1",
            () -> Tensor.zeros(2, 3).indexSelect(0, Tensor.of(new long[] {-3}, 1))),
        new BadInput(
            "indexSelect by a matrix",
            ShapeException.class,
            "indexSelect: index (1, 1) must be a vector",
            () -> Tensor.zeros(2, 3).indexSelect(0, Tensor.of(new long[] {0}, 1, 1))),
        new BadInput(
            "index by more tensors than axes",
            ArgumentException.class,
            "index: indices must be at least one and at most one for each axis of (3,)",
            () -> Tensor.zeros(3).index(Tensor.arange(1), Tensor.arange(1))),
        new BadInput(
            "index by a mask of another shape",
            ShapeException.class,
            "index: mask (3,) must have the shape (2,) of the axes that it indexes",
            () -> Tensor.zeros(2, 3).index(Tensor.zeros(3).ge(0))),
        new BadInput(
            "maskedSelect by a mask of another shape",
            ShapeException.class,
            "maskedSelect: shapes (2, 3) and (4,) do not broadcast: axis -1 has sizes 3 and 4; sizes must be equal, or one of them 1",
            () -> Tensor.zeros(2, 3).maskedSelect(Tensor.zeros(4).ge(0))),
        new BadInput(
            "at of too few places",
            ArgumentException.class,
            "at: index must have one entry for each axis of (2, 3)",
            () -> Tensor.zeros(2, 3).at(1)),
        new BadInput(
            "at of a place that is not there",
            IndexException.class,
            "at: index 3 is outside axis 1 of shape (2, 3)",
            () -> Tensor.zeros(2, 3).at(1, 3)),
        new BadInput(
            "narrow past the end",
            IndexException.class,
            "narrow: 2 places from 2 on are more than axis 1 of shape (2, 3) has",
            () -> Tensor.zeros(2, 3).narrow(1, 2, 2)),
        new BadInput(
            "narrow of a negative length",
            ArgumentException.class,
            "narrow: length must not be negative, not -1",
            () -> Tensor.zeros(2, 3).narrow(1, 2, -1)),
        new BadInput(
            "topk of a negative number",
            ArgumentException.class,
            "topk: k is -1; axis 1 of (2, 3) has 3",
            () -> Tensor.zeros(2, 3).topk(-1)));
  }

  private static List<BadInput> values() {
    return List.of(
        new BadInput(
            "arange with step 0",
            ArgumentException.class,
            "arange: step 0.0 does not lead from 0.0 to 3.0",
            () -> Tensor.arange(0, 3, 0, DType.INT64, Device.of("cpu"))),
        new BadInput(
            "arange of NaN",
            ArgumentException.class,
            "arange: step 1.0 does not lead from 0.0 to NaN",
            () -> Tensor.arange(0, Double.NaN, 1, DType.FLOAT32, Device.of("cpu"))),
        new BadInput(
            "linspace of a negative count",
            ArgumentException.class,
            "arange: count must not be negative: -1",
            () -> Tensor.linspace(0, 1, -1)),
        new BadInput(
            "randint without a number",
            ArgumentException.class,
            "randint: high 3 must be above low 3",
            () -> Tensor.randint(3, 3, 2)),
        new BadInput(
            "randperm of a negative number",
            ArgumentException.class,
            "permutation: n must not be negative, not -1",
            () -> Tensor.randperm(-1)),
        new BadInput(
            "arange to a negative end",
            ArgumentException.class,
            "arange: step 1.0 does not lead from 0.0 to -1.0",
            () -> Tensor.arange(-1)),
        new BadInput(
            "split into parts of nothing",
            ArgumentException.class,
            "split: size must be at least 1, not 0",
            () -> Tensor.zeros(4).split(0, 0)),
        new BadInput(
            "chunk into no parts",
            ArgumentException.class,
            "chunk: parts must be at least 1, not 0",
            () -> Tensor.zeros(4).chunk(0, 0)),
        new BadInput(
            "eye of negative rows",
            ArgumentException.class,
            "eye: rows and columns must not be negative, not -1 and -1",
            () -> Tensor.eye(-1)));
  }
}
