package dev.ladera.testkit;

import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.Operator;
import dev.ladera.op.Pool;
import java.util.ArrayList;
import java.util.List;

/** Pooling: what windows hold, and what flows back to it. */
final class WindowKernels {
  private WindowKernels() {}

  /**
   * A window at one position.
   *
   * @param places of the input's elements under it, within the plane, in row-major order
   * @param area what an average divides by
   */
  private record Window(List<Integer> places, int area) {}

  private static Window window(Pool pool, List<Integer> size, List<Integer> out, int position) {
    int spatial = size.size();
    int[] start = new int[spatial];
    int rest = position;
    for (int axis = spatial - 1; axis >= 0; axis--) {
      start[axis] = rest % out.get(axis) * pool.stride().get(axis) - pool.padding().get(axis);
      rest /= out.get(axis);
    }
    int area = 1;
    for (int axis = 0; axis < spatial; axis++) {
      int end =
          Math.min(
              start[axis] + pool.kernel().get(axis), size.get(axis) + pool.padding().get(axis));
      area *= end - start[axis];
    }
    List<Integer> places = new ArrayList<>();
    collect(pool, size, start, 0, 0, places);
    return new Window(places, pool.countIncludePad() ? area : places.size());
  }

  private static void collect(
      Pool pool, List<Integer> size, int[] start, int axis, int place, List<Integer> places) {
    if (axis == start.length) {
      places.add(place);
      return;
    }
    for (int tap = 0; tap < pool.kernel().get(axis); tap++) {
      int at = start[axis] + tap * pool.dilation().get(axis);
      if (at >= 0 && at < size.get(axis)) {
        collect(pool, size, start, axis + 1, place * size.get(axis) + at, places);
      }
    }
  }

  static void pool(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Pool pool = (Pool) operator;
    Elements x = new Elements(inputs[0]);
    Elements out = new Elements(outputs[0]);
    List<Integer> size = ProductKernels.spatial(x.shape());
    List<Integer> positions = ProductKernels.spatial(out.shape());
    int plane = (int) Shape.of(size).elements();
    int count = (int) Shape.of(positions).elements();
    for (int at = 0; at < out.count; at++) {
      int base = at / count * plane;
      Window window = window(pool, size, positions, at % count);
      if (pool.kind() == Pool.Kind.AVERAGE) {
        double sum = 0;
        for (int place : window.places()) {
          sum += x.getDouble(base + place);
        }
        out.set(at, sum / window.area());
      } else {
        int best = window.places().getFirst();
        for (int place : window.places()) {
          double value = x.getDouble(base + place);
          double so = x.getDouble(base + best);
          if (value > so || Double.isNaN(value)) {
            best = place;
          }
        }
        out.set(at, x.getDouble(base + best));
        new Elements(outputs[1]).set(at, (long) best);
      }
    }
  }

  static void poolGradient(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Pool pool = ((Pool.Gradient) operator).pool();
    Elements g = new Elements(inputs[0]);
    Elements out = new Elements(outputs[0]);
    List<Integer> size = ProductKernels.spatial(out.shape());
    List<Integer> positions = ProductKernels.spatial(g.shape());
    int plane = (int) Shape.of(size).elements();
    int count = (int) Shape.of(positions).elements();
    double[] sums = new double[out.count];
    for (int at = 0; at < g.count; at++) {
      int base = at / count * plane;
      if (pool.kind() == Pool.Kind.MAX) {
        sums[base + (int) new Elements(inputs[1]).getLong(at)] += g.getDouble(at);
      } else {
        Window window = window(pool, size, positions, at % count);
        for (int place : window.places()) {
          sums[base + place] += g.getDouble(at) / window.area();
        }
      }
    }
    for (int i = 0; i < out.count; i++) {
      out.set(i, sums[i]);
    }
  }
}
