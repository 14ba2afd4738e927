package dev.ladera.backend.nd4j;

import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.Operator;
import dev.ladera.op.Pool;

/**
 * Pooling. ND4J's answers no places beside the maxima, drops NaN, and knows dilation and the two
 * ways of counting padding for two axes only.
 */
final class PoolKernels {
  private final Windows windows;
  private final boolean padCounts;

  private PoolKernels(Pool pool, Shape input, Shape output) {
    this.windows =
        Windows.of(input, pool.kernel(), output, pool.stride(), pool.padding(), pool.dilation());
    this.padCounts = pool.countIncludePad();
  }

  static void pool(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Pool pool = (Pool) operator;
    PoolKernels kernels = new PoolKernels(pool, inputs[0].shape(), outputs[0].shape());
    try (Scratch scratch = new Scratch()) {
      Block x = Block.of(inputs[0], scratch);
      Block out = Block.whole(outputs[0]);
      if (pool.kind() == Pool.Kind.MAX) {
        kernels.maxima(x, out, Block.whole(outputs[1]));
      } else {
        kernels.eachWindow(
            out.count,
            (at, plane, window) -> {
              double[] sum = {0};
              kernels.eachPlace(window, place -> sum[0] += x.getDouble(plane + place));
              out.set(at, sum[0] / kernels.area(window));
            });
      }
    }
  }

  static void gradient(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Pool.Gradient gradient = (Pool.Gradient) operator;
    Block out = Block.whole(outputs[0]);
    out.fill(0L);
    if (inputs[0].elements() == 0) {
      return;
    }
    PoolKernels kernels = new PoolKernels(gradient.pool(), outputs[0].shape(), inputs[0].shape());
    try (Scratch scratch = new Scratch()) {
      Block g = Block.of(inputs[0], scratch);
      if (gradient.pool().kind() == Pool.Kind.MAX) {
        Block places = Block.of(inputs[1], scratch);
        long planePlaces = kernels.windows.places();
        for (long at = 0; at < g.count; at++) {
          long place = at / planePlaces * kernels.windows.plane() + places.getLong(at);
          out.set(place, out.getDouble(place) + g.getDouble(at));
        }
      } else {
        kernels.eachWindow(
            g.count,
            (at, plane, window) -> {
              double share = g.getDouble(at) / kernels.area(window);
              kernels.eachPlace(
                  window, place -> out.set(plane + place, out.getDouble(plane + place) + share));
            });
      }
    }
  }

  /** Called for each window. */
  private interface WindowVisitor {
    /**
     * Visits a window.
     *
     * @param at its place in the output
     * @param plane where the input's channel begins
     * @param window its place along each axis
     */
    void visit(long at, long plane, int[] window);
  }

  /** Called for each element under a window. */
  private interface PlaceVisitor {
    void visit(long place);
  }

  private void eachWindow(long total, WindowVisitor visitor) {
    int[] count = windows.count();
    int[] window = new int[count.length];
    long plane = 0;
    for (long at = 0; at < total; plane += windows.plane()) {
      for (window[0] = 0; window[0] < count[0]; window[0]++) {
        for (window[1] = 0; window[1] < count[1]; window[1]++) {
          for (window[2] = 0; window[2] < count[2]; window[2]++) {
            visitor.visit(at++, plane, window);
          }
        }
      }
    }
  }

  private void eachPlace(int[] window, PlaceVisitor visitor) {
    int[] kernel = windows.kernel();
    int[] size = windows.size();
    for (int z = 0; z < kernel[0]; z++) {
      int inZ = windows.at(0, window[0], z);
      if (inZ < 0 || inZ >= size[0]) {
        continue;
      }
      for (int y = 0; y < kernel[1]; y++) {
        int inY = windows.at(1, window[1], y);
        if (inY < 0 || inY >= size[1]) {
          continue;
        }
        long line = ((long) inZ * size[1] + inY) * size[2];
        for (int x = 0; x < kernel[2]; x++) {
          int inX = windows.at(2, window[2], x);
          if (inX >= 0 && inX < size[2]) {
            visitor.visit(line + inX);
          }
        }
      }
    }
  }

  /** What an average divides by. */
  private int area(int[] window) {
    int area = 1;
    for (int axis = 0; axis < window.length; axis++) {
      int start = windows.at(axis, window[axis], 0);
      int end = start + windows.kernel()[axis];
      int size = windows.size()[axis];
      area *=
          padCounts
              ? Math.min(end, size + windows.padding()[axis]) - start
              : Math.min(end, size) - Math.max(start, 0);
    }
    return area;
  }

  private void maxima(Block x, Block out, Block places) {
    Best best = new Best(x);
    eachWindow(
        out.count,
        (at, plane, window) -> {
          best.begin(plane);
          eachPlace(window, best);
          out.set(at, best.value);
          places.set(at, best.place);
        });
  }

  /** The largest element so far: the first of equals, but of several NaNs the last. */
  private static final class Best implements PlaceVisitor {
    private final Block x;
    private long plane;
    private long place;
    private double value;

    Best(Block x) {
      this.x = x;
    }

    void begin(long channel) {
      plane = channel;
      place = -1;
      value = Double.NEGATIVE_INFINITY;
    }

    @Override
    public void visit(long candidate) {
      double other = x.getDouble(plane + candidate);
      if (place < 0 || other > value || Double.isNaN(other)) {
        place = candidate;
        value = other;
      }
    }
  }
}
