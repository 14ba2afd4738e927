package dev.ladera.testkit;

import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.Convolution;
import dev.ladera.op.Operator;
import java.util.List;

/** Sums of products: matrices and convolutions. */
final class ProductKernels {
  private ProductKernels() {}

  static void matmul(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Elements out = new Elements(outputs[0]);
    Shape shape = out.shape();
    int rank = shape.rank();
    int m = shape.size(-2);
    int n = shape.size(-1);
    int k = inputs[0].size(-1);
    Shape batch = shape.slice(0, rank - 2);
    Elements a = Elements.broadcast(inputs[0], batch.concat(Shape.of(m, k)));
    Elements b = Elements.broadcast(inputs[1], batch.concat(Shape.of(k, n)));
    for (int group = 0; group < batch.elements(); group++) {
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          double sum = 0;
          long whole = 0;
          for (int p = 0; p < k; p++) {
            int left = (group * m + i) * k + p;
            int right = (group * k + p) * n + j;
            sum += a.getDouble(left) * b.getDouble(right);
            whole += a.getLong(left) * b.getLong(right);
          }
          int at = (group * m + i) * n + j;
          if (out.dtype.isFloating()) {
            out.set(at, sum);
          } else {
            out.set(at, whole);
          }
        }
      }
    }
  }

  /** What is done with each product that a convolution consists of. */
  private interface Tap {
    void visit(int x, int weight, int out);
  }

  /** Visits all (input, weight, output) triples whose product is part of a convolution. */
  private static void visit(Convolution conv, Shape x, Shape weight, Shape out, Tap tap) {
    int spatial = conv.stride().size();
    int perGroup = weight.size(1);
    int outputsPerGroup = weight.size(0) / conv.groups();
    int positions = (int) out.slice(2, out.rank()).elements();
    int taps = (int) weight.slice(2, weight.rank()).elements();
    for (int n = 0; n < out.size(0); n++) {
      for (int o = 0; o < out.size(1); o++) {
        for (int position = 0; position < positions; position++) {
          for (int c = 0; c < perGroup; c++) {
            int channel = o / outputsPerGroup * perGroup + c;
            for (int t = 0; t < taps; t++) {
              int inside = inside(conv, spatial, x, weight, out, position, t);
              if (inside >= 0) {
                int plane = (int) x.slice(2, x.rank()).elements();
                tap.visit(
                    (n * x.size(1) + channel) * plane + inside,
                    (o * perGroup + c) * taps + t,
                    (n * out.size(1) + o) * positions + position);
              }
            }
          }
        }
      }
    }
  }

  /** The place in the input's plane that a tap meets at a position; −1 in the padding. */
  private static int inside(
      Convolution conv, int spatial, Shape x, Shape weight, Shape out, int position, int tap) {
    int place = 0;
    int step = 1;
    int restPosition = position;
    int restTap = tap;
    for (int axis = spatial - 1; axis >= 0; axis--) {
      int o = restPosition % out.size(axis + 2);
      int t = restTap % weight.size(axis + 2);
      restPosition /= out.size(axis + 2);
      restTap /= weight.size(axis + 2);
      int at =
          o * conv.stride().get(axis) - conv.padding().get(axis) + t * conv.dilation().get(axis);
      if (at < 0 || at >= x.size(axis + 2)) {
        return -1;
      }
      place += at * step;
      step *= x.size(axis + 2);
    }
    return place;
  }

  private static void store(double[] sums, Tensor output) {
    Elements out = new Elements(output);
    for (int i = 0; i < out.count; i++) {
      out.set(i, sums[i]);
    }
  }

  static void convolution(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Elements x = new Elements(inputs[0]);
    Elements w = new Elements(inputs[1]);
    double[] sums = new double[(int) outputs[0].elements()];
    visit(
        (Convolution) operator,
        x.shape(),
        w.shape(),
        outputs[0].shape(),
        (i, j, o) -> sums[o] += x.getDouble(i) * w.getDouble(j));
    store(sums, outputs[0]);
  }

  static void convolutionInput(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Convolution conv = ((Convolution.InputGradient) operator).convolution();
    Elements g = new Elements(inputs[0]);
    Elements w = new Elements(inputs[1]);
    double[] sums = new double[(int) outputs[0].elements()];
    visit(
        conv,
        outputs[0].shape(),
        w.shape(),
        g.shape(),
        (i, j, o) -> sums[i] += g.getDouble(o) * w.getDouble(j));
    store(sums, outputs[0]);
  }

  static void convolutionWeight(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Convolution conv = ((Convolution.WeightGradient) operator).convolution();
    Elements g = new Elements(inputs[0]);
    Elements x = new Elements(inputs[1]);
    double[] sums = new double[(int) outputs[0].elements()];
    visit(
        conv,
        x.shape(),
        outputs[0].shape(),
        g.shape(),
        (i, j, o) -> sums[j] += g.getDouble(o) * x.getDouble(i));
    store(sums, outputs[0]);
  }

  /** The sizes along the spatial axes. */
  static List<Integer> spatial(Shape shape) {
    return shape.slice(2, shape.rank()).toList();
  }
}
