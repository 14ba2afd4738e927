package dev.ladera.benchmarks;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The most arithmetic that a thread can do: ten chains of fused multiply-adds that do not wait for
 * each other, in registers, on the widest vectors. Ten cover two units with a latency of four or
 * five. A class of its own, because it needs {@code jdk.incubator.vector}.
 */
final class FusedMultiplyAdds {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int CHAINS = 10;

  private FusedMultiplyAdds() {}

  /** Operations of that many rounds; a fused multiply-add is two. */
  static double flops(int rounds) {
    return 2.0 * CHAINS * SPECIES.length() * rounds;
  }

  /**
   * The sums grow by so little that nothing overflows or becomes subnormal. A chain's own value is
   * what is added to: the compiler has that in one instruction, and any other place of it costs a
   * move.
   */
  static double run(int rounds) {
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    FloatVector little = FloatVector.broadcast(SPECIES, 1e-9f);
    FloatVector a = FloatVector.broadcast(SPECIES, 0.1f);
    FloatVector b = FloatVector.broadcast(SPECIES, 0.2f);
    FloatVector c = FloatVector.broadcast(SPECIES, 0.3f);
    FloatVector d = FloatVector.broadcast(SPECIES, 0.4f);
    FloatVector e = FloatVector.broadcast(SPECIES, 0.5f);
    FloatVector f = FloatVector.broadcast(SPECIES, 0.6f);
    FloatVector g = FloatVector.broadcast(SPECIES, 0.7f);
    FloatVector h = FloatVector.broadcast(SPECIES, 0.8f);
    FloatVector i = FloatVector.broadcast(SPECIES, 0.9f);
    FloatVector j = FloatVector.broadcast(SPECIES, 1.1f);
    for (int round = 0; round < rounds; round++) {
      a = one.fma(little, a);
      b = one.fma(little, b);
      c = one.fma(little, c);
      d = one.fma(little, d);
      e = one.fma(little, e);
      f = one.fma(little, f);
      g = one.fma(little, g);
      h = one.fma(little, h);
      i = one.fma(little, i);
      j = one.fma(little, j);
    }
    FloatVector sum = a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j);
    return sum.reduceLanes(VectorOperators.ADD);
  }
}
