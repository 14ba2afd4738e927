package dev.ladera.backend.nd4j;

import dev.ladera.IndexException;
import dev.ladera.Layout;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.Operator;
import dev.ladera.op.Primitive;

/**
 * Reading and adding at indexed places, in row-major order of the index. ND4J's gather takes whole
 * slices only, and its scatter adds in the order of its threads; neither checks an index.
 */
final class IndexKernels {
  private IndexKernels() {}

  static void gather(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    int axis = ((Primitive.Gather) operator).axis();
    Block out = Block.whole(outputs[0]);
    Block x = Block.whole(inputs[0]);
    new Walk(operator.name(), axis, inputs[0].shape(), inputs[0].layout(), inputs[1], null) {
      private long next;

      @Override
      void visit(long place, long sourcePlace) {
        out.copy(next++, x, place);
      }
    }.run();
  }

  static void scatterAdd(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    int axis = ((Primitive.ScatterAdd) operator).axis();
    Layout dense = outputs[0].layout();
    Block out = Block.whole(outputs[0]);
    Strided.gather(Block.whole(inputs[0]), inputs[0].layout(), out);
    if (inputs[1].elements() == 0) {
      return;
    }
    Block source = Block.whole(inputs[2]);
    boolean floating = out.dtype.isFloating();
    new Walk(operator.name(), axis, inputs[0].shape(), dense, inputs[1], inputs[2].layout()) {
      @Override
      void visit(long place, long sourcePlace) {
        if (floating) {
          out.set(place, out.getDouble(place) + source.getDouble(sourcePlace));
        } else {
          out.set(place, out.getLong(place) + source.getLong(sourcePlace));
        }
      }
    }.run();
  }

  /** Goes through an index in row-major order, and names the place that each of it points at. */
  private abstract static class Walk {
    private final String operation;
    private final int axis;
    private final Shape shape;
    private final Layout target;
    private final Shape places;
    private final Block index;
    private final Layout indexLayout;
    private final Layout source;

    /**
     * A walk.
     *
     * @param shape the shape of what is pointed at
     * @param target its layout
     * @param index the index
     * @param source the layout of something of the index's shape that is walked along, or null
     */
    Walk(
        String operation,
        int axis,
        Shape shape,
        Layout target,
        Tensor index,
        @org.jspecify.annotations.Nullable Layout source) {
      this.operation = operation;
      this.axis = axis;
      this.shape = shape;
      this.target = target;
      this.places = index.shape();
      this.index = Block.whole(index);
      this.indexLayout = index.layout();
      this.source = source == null ? index.layout() : source;
    }

    /** Called for each element of the index. */
    abstract void visit(long place, long sourcePlace);

    final void run() {
      run(0, target.offset(), indexLayout.offset(), source.offset());
    }

    private void run(int level, long place, long indexPlace, long sourcePlace) {
      if (level == places.rank()) {
        visit(place + pointed(indexPlace) * target.stride(axis), sourcePlace);
        return;
      }
      long step = level == axis ? 0 : target.stride(level);
      for (int i = 0; i < places.size(level); i++) {
        run(
            level + 1,
            place + i * step,
            indexPlace + i * indexLayout.stride(level),
            sourcePlace + i * source.stride(level));
      }
    }

    private long pointed(long indexPlace) {
      long at = index.getLong(indexPlace);
      int size = shape.size(axis);
      if (at < 0 || at >= size) {
        throw new IndexException(
            operation, "index " + at + " is outside axis " + axis + " of shape " + shape, at, size);
      }
      return at;
    }
  }
}
