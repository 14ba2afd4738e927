package dev.ladera.backend.cuda;

import dev.ladera.DType;
import dev.ladera.Layout;
import dev.ladera.Shape;
import dev.ladera.Tensor;

/**
 * The elements of each line in order, all of them or the first: a stable merge sort (see {@code
 * sort.cu}) between two buffers of keys and places.
 */
final class SortKernel {
  private static final int TILE = 128;

  private final Workshop workshop;
  private final DType dtype;
  private final SizedKernel tiles;
  private final CudaKernel merge;
  private final CudaKernel store;

  SortKernel(Workshop workshop, DType dtype) {
    this.workshop = workshop;
    this.dtype = dtype;
    this.tiles = workshop.sized("tiles", wide -> source(dtype, wide));
    this.merge = workshop.kernel("merge", source(dtype, false));
    this.store = workshop.kernel("store", source(dtype, false));
  }

  static KernelSource source(DType dtype, boolean wide) {
    return new KernelSource().define("T", CType.of(dtype)).walking(1, wide).file("sort");
  }

  /** Sorts along an axis, and keeps so many of each line. */
  void run(Tensor input, Tensor[] outputs, int axis, boolean descending, int kept) {
    DeviceMemory memory = workshop.memory();
    long total = input.elements();
    try (Scratch keys = memory.scratch(total * dtype.bytes());
        Scratch places = memory.scratch(total * Integer.BYTES)) {
      sortTiles(input, axis, descending, keys, places);
      if (input.shape().size(axis) <= TILE) {
        store(input.shape(), axis, kept, keys, places, outputs);
        return;
      }
      try (Scratch otherKeys = memory.scratch(total * dtype.bytes());
          Scratch otherPlaces = memory.scratch(total * Integer.BYTES)) {
        boolean back = false;
        for (long width = TILE; width < input.shape().size(axis); width *= 2) {
          merge(
              input.shape(),
              axis,
              width,
              descending,
              back ? otherKeys : keys,
              back ? otherPlaces : places,
              back ? keys : otherKeys,
              back ? places : otherPlaces);
          back = !back;
        }
        Scratch sorted = back ? otherKeys : keys;
        store(input.shape(), axis, kept, sorted, back ? otherPlaces : places, outputs);
      }
    }
  }

  /** Merges pairs of runs of a width. */
  private void merge(
      Shape shape,
      int axis,
      long width,
      boolean descending,
      Scratch keys,
      Scratch places,
      Scratch newKeys,
      Scratch newPlaces) {
    Arguments arguments = workshop.device().arguments();
    arguments.pointer(keys.address()).pointer(places.address());
    arguments.pointer(newKeys.address()).pointer(newPlaces.address());
    arguments.int64(LineKernels.lines(shape, axis)).int64(shape.size(axis));
    merge.launch(arguments.int64(width).int32(descending ? 1 : 0), shape.elements());
  }

  private void store(
      Shape shape, int axis, int kept, Scratch keys, Scratch places, Tensor[] outputs) {
    Arguments arguments = workshop.device().arguments();
    arguments.pointer(keys.address()).pointer(places.address());
    arguments.pointer(CudaStorage.address(outputs[0])).pointer(CudaStorage.address(outputs[1]));
    long inner = shape.slice(axis + 1, shape.rank()).elements();
    long count = outputs[0].elements();
    arguments.int64(shape.size(axis)).int64(kept).int64(inner).int64(count);
    store.launch(arguments, count);
  }

  private void sortTiles(Tensor input, int axis, boolean descending, Scratch keys, Scratch places) {
    Layout layout = input.layout();
    long length = layout.shape().size(axis);
    long lines = LineKernels.lines(layout.shape(), axis);
    Arguments arguments = workshop.device().arguments().pointer(CudaStorage.address(input));
    arguments.pointer(keys.address()).pointer(places.address());
    arguments.walk(LineKernels.walk(arguments, layout, axis));
    arguments.int64(layout.stride(axis)).int64(length).int32(descending ? 1 : 0);
    long blocks = lines * ((length + TILE - 1) / TILE);
    tiles.of(lines).launch(arguments, Math.toIntExact(blocks), TILE);
  }
}
