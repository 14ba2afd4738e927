package dev.ladera.backend.cuda;

/**
 * Kernels in which a line of elements is a thread's, or a block's, by {@code group.cu}. A thread
 * takes short lines, and lines of many whose elements are far apart: then neighbouring threads read
 * neighbours.
 *
 * @param solo a thread a line
 * @param block a block a line
 */
record LineGroups(SizedKernel solo, SizedKernel block) {
  private static final int SHORT = 32;
  private static final int MANY_LINES = 4096;

  /** Makes the two forms of a source. */
  interface Source {
    KernelSource of(boolean solo, boolean wide);
  }

  static LineGroups of(Workshop workshop, String name, Source source) {
    return new LineGroups(
        workshop.sized(name, wide -> source.of(true, wide)),
        workshop.sized(name, wide -> source.of(false, wide)));
  }

  /** What each source begins with after its walk, if it has one. */
  static KernelSource begin(KernelSource source, boolean solo) {
    if (solo) {
      source.define("SOLO", "");
    }
    return source.file("math").file("group");
  }

  void launch(Arguments arguments, long lines, long length, boolean apart) {
    if (length <= SHORT || (apart && lines >= MANY_LINES)) {
      solo.of(lines).launch(arguments, lines);
    } else {
      int blocks = (int) Math.min(Integer.MAX_VALUE, lines);
      block.of(lines).launch(arguments, blocks, ReduceKernel.threads(length));
    }
  }
}
