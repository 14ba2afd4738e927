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
    Shape shape = input.shape();
    long length = shape.size(axis);
    long lines = LineKernels.lines(shape, axis);
    long total = lines * length;
    DeviceMemory memory = workshop.memory();
    long keys = memory.reserve(total * dtype.bytes());
    long places = memory.reserve(total * Integer.BYTES);
    sortTiles(input.layout(), CudaStorage.address(input), axis, descending, keys, places);
    if (length > TILE) {
      long otherKeys = memory.reserve(total * dtype.bytes());
      long otherPlaces = memory.reserve(total * Integer.BYTES);
      for (long width = TILE; width < length; width *= 2) {
        Arguments arguments = workshop.device().arguments().pointer(keys).pointer(places);
        arguments.pointer(otherKeys).pointer(otherPlaces).int64(lines).int64(length);
        merge.launch(arguments.int64(width).int32(descending ? 1 : 0), total);
        long sortedKeys = otherKeys;
        long sortedPlaces = otherPlaces;
        otherKeys = keys;
        otherPlaces = places;
        keys = sortedKeys;
        places = sortedPlaces;
      }
      memory.release(otherKeys);
      memory.release(otherPlaces);
    }
    long inner = shape.slice(axis + 1, shape.rank()).elements();
    Arguments arguments = workshop.device().arguments().pointer(keys).pointer(places);
    arguments.pointer(CudaStorage.address(outputs[0])).pointer(CudaStorage.address(outputs[1]));
    long count = outputs[0].elements();
    store.launch(arguments.int64(length).int64(kept).int64(inner).int64(count), count);
    memory.release(keys);
    memory.release(places);
  }

  private void sortTiles(
      Layout layout, long from, int axis, boolean descending, long keys, long places) {
    long length = layout.shape().size(axis);
    long lines = LineKernels.lines(layout.shape(), axis);
    Arguments arguments = workshop.device().arguments().pointer(from).pointer(keys);
    arguments.pointer(places).walk(LineKernels.walk(arguments, layout, axis));
    arguments.int64(layout.stride(axis)).int64(length).int32(descending ? 1 : 0);
    long blocks = lines * ((length + TILE - 1) / TILE);
    tiles.of(lines).launch(arguments, Math.toIntExact(blocks), TILE);
  }
}
