package dev.ladera.backend.cpu;

import dev.ladera.op.Pointwise;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The generated loops of one {@link LaneCode}, made when they are first needed, and the choice
 * between them.
 *
 * <p>Work begins with the scalar loops, which are fast enough at once: a vector loop that is not
 * yet compiled takes about a microsecond an instruction. Once a form has seen enough elements to be
 * worth it, its vector loop is made and run on nothing in the background, and takes over when it
 * has shown itself the faster. All loops give the same bits, so nobody can tell when that happens.
 */
final class ElementLoops {
  /** Elements after which a vector loop is worth the compiler's time. */
  private static final long HOT = 1 << 21;

  /** Fewer elements than this are not worth an aligned loop of their own. */
  private static final int FEW = 128;

  /** Instructions that a chunk should be worth. */
  private static final int CHUNK_WORK = 1 << 19;

  private static final int LEAST_CHUNK = 1 << 12;
  private static final int MOST_CHUNK = 1 << 16;
  private static final int CALL_COST = 16;
  private static final int SHORT_ROW = 8;

  private final LaneCode lanes;
  private final Engine engine;
  private final RowLoop strided;
  private final boolean vectorizable;
  private final boolean compilesToVectors;
  private final int vectorLength;
  private final int leastRow;

  /** Whether vector loops leave nothing over. */
  private final boolean doesAll;

  /** Whether chains must be ended after vector loops, even if no element is left. */
  private final boolean endsChains;

  private final RowLoop rest;
  private final int grain;
  private volatile Form[] forms = {};

  ElementLoops(LaneCode lanes, Engine engine) {
    this.lanes = lanes;
    this.engine = engine;
    this.strided = ScalarLoopGenerator.strided(lanes);
    this.vectorizable =
        engine.support().available() && lanes.operands() <= Long.SIZE && lanes.isVectorizable();
    this.compilesToVectors = lanes.isPlainArithmetic();
    this.vectorLength = engine.support().lanes(lanes.width());
    boolean joins = !lanes.folds().isEmpty();
    // What joins under masks gains by less than a whole vector.
    this.doesAll = joins && engine.support().masked();
    this.leastRow = doesAll ? Math.min(SHORT_ROW, vectorLength) : vectorLength;
    this.endsChains = joins && !doesAll && vectorizable;
    this.rest = endsChains ? ScalarLoopGenerator.rest(lanes) : strided;
    int cost =
        lanes.instructions().stream()
            .mapToInt(i -> i instanceof LaneCode.Instruction.Call ? CALL_COST : 1)
            .sum();
    this.grain = Math.clamp(CHUNK_WORK / cost, LEAST_CHUNK, MOST_CHUNK);
  }

  /** The loops for operands of which certain ones stay and all others have stride 1. */
  private final class Form {
    final long still;
    final boolean aligned;
    private final AtomicLong elements = new AtomicLong();
    private volatile @Nullable RowLoop scalar;
    private volatile @Nullable RowLoop vector;

    Form(long still, boolean aligned) {
      this.still = still;
      this.aligned = aligned;
    }

    RowLoop scalar(int count) {
      RowLoop loop = scalar;
      if (loop == null) {
        if (!aligned || count < FEW) {
          return strided;
        }
        loop = ScalarLoopGenerator.aligned(lanes, still);
        scalar = loop;
      }
      return loop;
    }

    /** The vector loop if it is ready; counts the elements that it could have done. */
    @Nullable RowLoop vector(int rowLength, long count) {
      if (!vectorizable || rowLength < leastRow || (aligned && compilesToVectors)) {
        return null;
      }
      RowLoop loop = vector;
      if (loop == null) {
        if (engine.warmth() == KernelSet.Warmth.AT_ONCE) {
          loop = VectorLoopGenerator.generate(lanes, still, engine.support());
          vector = loop;
        } else {
          long before = elements.getAndAdd(count);
          if (before < HOT && before + count >= HOT) {
            WarmUp warmUp = new WarmUp();
            engine.warmUps().add(warmUp, warmUp::end);
          }
        }
      }
      return loop;
    }

    /** Makes the vector loop in its first round, and takes it when it is fast. */
    private final class WarmUp implements BooleanSupplier {
      private @Nullable RowLoop made;
      private @Nullable BooleanSupplier rounds;

      @Override
      public boolean getAsBoolean() {
        BooleanSupplier round = rounds;
        if (round == null) {
          RowLoop loop = VectorLoopGenerator.generate(lanes, still, engine.support());
          round = LoopWarmUp.of(lanes, still, vectorLength, loop, scalar(FEW));
          made = loop;
          rounds = round;
        }
        return round.getAsBoolean();
      }

      void end() {
        vector = made;
      }
    }
  }

  private Form form(long still, boolean aligned) {
    for (Form form : forms) {
      if (form.still == still && form.aligned == aligned) {
        return form;
      }
    }
    return newForm(still, aligned);
  }

  private synchronized Form newForm(long still, boolean aligned) {
    for (Form form : forms) {
      if (form.still == still && form.aligned == aligned) {
        return form;
      }
    }
    Form[] more = Arrays.copyOf(forms, forms.length + 1);
    Form form = new Form(still, aligned);
    more[forms.length] = form;
    forms = more;
    return form;
  }

  /** Computes all elements of a nest, on all threads if there are many. */
  void run(LoopNest nest, @Nullable Pointwise numbers) {
    nest.lengthenInnermost(SHORT_ROW);
    Walk walk = new Walk(nest, numbers);
    int inner = nest.innerSize();
    if (nest.depth() == 1) {
      if (inner <= grain) {
        walk.row(nest.at, inner);
      } else {
        engine.parallel().forRange(inner, grain, (from, to) -> walk.rows(0, 1, from, to));
      }
      return;
    }
    int rows = nest.rows();
    if ((long) rows * inner <= grain) {
      walk.rows(0, rows, 0, inner);
    } else if (inner <= grain) {
      engine
          .parallel()
          .forRange(rows, Math.max(1, grain / inner), (from, to) -> walk.rows(from, to, 0, inner));
    } else {
      int parts = (inner + grain - 1) / grain;
      engine
          .parallel()
          .forEachChunk(
              Math.multiplyExact(rows, parts),
              chunk -> {
                int row = chunk / parts;
                int from = chunk % parts * grain;
                walk.rows(row, row + 1, from, Math.min(inner, from + grain));
              });
    }
  }

  /** Rows whose operands have these strides. */
  Rows rows(int... strides) {
    return new Rows(strides);
  }

  /** Rows of one kind. */
  final class Rows {
    private final int[] strides;
    private final @Nullable Form form;

    private Rows(int[] strides) {
      this.strides = strides;
      long still = stillOperands(strides);
      this.form = still < 0 ? null : form(still, false);
    }

    /** Computes a row on the calling thread; see {@link Chains} for what is joined. */
    void run(Object[] arrays, int[] at, int count) {
      RowLoop vector = form == null ? null : form.vector(count, count);
      if (vector == null) {
        strided.run(null, arrays, at, strides, count);
      } else {
        vectors(vector, null, arrays, at, strides, count);
      }
    }
  }

  /** The vector loop, and one by one what it leaves. */
  private void vectors(
      RowLoop vector,
      @Nullable Pointwise numbers,
      Object[] arrays,
      int[] at,
      int[] strides,
      int count) {
    vector.run(numbers, arrays, at, strides, count);
    int done = count & -vectorLength;
    if (endsChains || (done < count && !doesAll)) {
      for (int k = 0; k < at.length; k++) {
        at[k] += strides[k] * done;
      }
      rest.run(numbers, arrays, at, strides, count - done);
      for (int k = 0; k < at.length; k++) {
        at[k] -= strides[k] * done;
      }
    }
  }

  /** A bit for each operand of stride 0; −1 if some stride is neither 0 nor 1. */
  private static long stillOperands(int[] strides) {
    if (strides.length >= Long.SIZE || strides[0] != 1) {
      return -1;
    }
    long still = 0;
    for (int k = 0; k < strides.length; k++) {
      if (strides[k] == 0) {
        still |= 1L << k;
      } else if (strides[k] != 1) {
        return -1;
      }
    }
    return still;
  }

  /** The rows of one nest, done by the loops that suit its innermost strides. */
  private final class Walk {
    private final LoopNest nest;
    private final @Nullable Pointwise numbers;
    private final int[] strides;
    private final RowLoop scalar;
    private final @Nullable RowLoop vector;

    Walk(LoopNest nest, @Nullable Pointwise numbers) {
      this.nest = nest;
      this.numbers = numbers;
      this.strides = nest.innerStrides();
      int count = nest.innerSize();
      long still = stillOperands(strides);
      if (still < 0) {
        scalar = strided;
        vector = null;
      } else {
        Form form = form(still, isAligned(still));
        scalar = form.scalar(count);
        vector = form.vector(count, (long) count * nest.rows());
      }
    }

    /** Whether all moving operands have one index, in all rows. */
    private boolean isAligned(long still) {
      for (int k = 1; k < strides.length; k++) {
        if ((still & 1L << k) != 0) {
          continue;
        }
        if (nest.at[k] != nest.at[0]) {
          return false;
        }
        for (int d = 0; d < nest.depth() - 1; d++) {
          if (nest.stride(d, k) != nest.stride(d, 0)) {
            return false;
          }
        }
      }
      return true;
    }

    void rows(int firstRow, int endRow, int from, int to) {
      int operands = nest.operands();
      int outer = nest.depth() - 1;
      int[] place = new int[outer];
      int[] at = nest.at.clone();
      int left = firstRow;
      for (int d = outer - 1; d >= 0; d--) {
        place[d] = left % nest.size(d);
        left /= nest.size(d);
        move(at, d, place[d]);
      }
      move(at, outer, from);
      for (int row = firstRow; row < endRow; row++) {
        row(at, to - from);
        for (int d = outer - 1; d >= 0; d--) {
          if (++place[d] < nest.size(d)) {
            move(at, d, 1);
            break;
          }
          place[d] = 0;
          for (int k = 0; k < operands; k++) {
            at[k] -= nest.stride(d, k) * (nest.size(d) - 1);
          }
        }
      }
    }

    private void move(int[] at, int loop, int rounds) {
      for (int k = 0; k < at.length; k++) {
        at[k] += nest.stride(loop, k) * rounds;
      }
    }

    void row(int[] at, int count) {
      RowLoop fast = vector;
      if (fast == null) {
        scalar.run(numbers, nest.arrays, at, strides, count);
      } else {
        vectors(fast, numbers, nest.arrays, at, strides, count);
      }
    }
  }
}
