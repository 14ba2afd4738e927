package dev.ladera;

import dev.ladera.op.BinaryOp;
import dev.ladera.op.Expr;
import dev.ladera.op.Philox;
import dev.ladera.op.Pointwise;
import dev.ladera.op.Primitive;

/**
 * A source of random numbers: Philox 4x32-10 keyed by a seed, with a counter that moves on. The
 * same seed gives the same numbers on every backend and any number of threads. Not for use by
 * several threads at once.
 *
 * <p>A thread has a {@linkplain #current() current} generator, which initialisers, dropout and
 * shuffles use when none is given; it starts from seed 0.
 */
public final class Generator {
  private static final ThreadLocal<Generator> CURRENT =
      ThreadLocal.withInitial(() -> new Generator(0));

  private static final Pointwise UNIFORM_32 =
      Pointwise.of(
          "uniform",
          bits ->
              bits.apply(BinaryOp.SHIFT_RIGHT_UNSIGNED, Expr.of(8)).to(DType.FLOAT32).mul(0x1p-24));
  private static final Pointwise UNIFORM_64 =
      Pointwise.of(
          "uniform",
          (high, low) ->
              high.apply(BinaryOp.SHIFT_RIGHT_UNSIGNED, Expr.of(5))
                  .to(DType.FLOAT64)
                  .mul(0x1p26)
                  .add(low.apply(BinaryOp.SHIFT_RIGHT_UNSIGNED, Expr.of(6)).to(DType.FLOAT64))
                  .mul(0x1p-53));

  private long seed;
  private long offset;

  /** A generator at the beginning of a seed's numbers. */
  public Generator(long seed) {
    this.seed = seed;
  }

  /** This thread's generator. */
  public static Generator current() {
    return CURRENT.get();
  }

  /** Starts this thread's generator again from a seed, and answers it. */
  public static Generator manualSeed(long seed) {
    Generator generator = CURRENT.get();
    generator.restore(seed, 0);
    return generator;
  }

  /** The seed. */
  public long seed() {
    return seed;
  }

  /** How many blocks of four words were used. */
  public long offset() {
    return offset;
  }

  /** Goes to a place that {@link #seed} and {@link #offset} told earlier. */
  public void restore(long savedSeed, long savedOffset) {
    this.seed = savedSeed;
    this.offset = savedOffset;
  }

  /** A generator of its own, for another purpose, that moves this one on by one block. */
  public Generator split() {
    int[] words = nextBlock();
    return new Generator((words[0] & 0xFFFFFFFFL) << 32 | (words[1] & 0xFFFFFFFFL));
  }

  private int[] nextBlock() {
    int[] words = new int[4];
    Philox.block(seed, offset++, words, 0);
    return words;
  }

  /** An integer from 0 to bound − 1, each as likely as the next (to one part in 2³¹). */
  public int nextInt(int bound) {
    if (bound < 1) {
      throw new ArgumentException("nextInt", "bound", "must be at least 1, not " + bound);
    }
    int[] words = nextBlock();
    long wide = (words[0] & 0xFFFFFFFFL) << 31 | (words[1] & 0xFFFFFFFFL) >>> 1;
    return (int) (wide % bound);
  }

  /** A number from 0 (inclusive) to 1 (exclusive), with 53 random bits. */
  public double nextDouble() {
    int[] words = nextBlock();
    return ((words[0] >>> 5) * 0x1p26 + (words[1] >>> 6)) * 0x1p-53;
  }

  /**
   * The numbers 0 to n − 1 in random order (Fisher and Yates).
   *
   * @throws ArgumentException if n is negative
   */
  public int[] permutation(int n) {
    if (n < 0) {
      throw new ArgumentException("permutation", "n", "must not be negative, not " + n);
    }
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    for (int i = n - 1; i > 0; i--) {
      int other = nextInt(i + 1);
      int kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
    return order;
  }

  /** Random bits, int32, of a shape, on a device. */
  public Tensor bits(Shape shape, Device device) {
    int count = ShapeArithmetic.axisOf("randomBits", shape, shape.elements());
    Tensor bits = Dispatcher.create(new Primitive.RandomBits(seed, offset, count), device);
    offset += (count + 3L) / 4;
    return bits.reshape(shape);
  }

  /**
   * Numbers from 0 (inclusive) to 1 (exclusive).
   *
   * @param dtype a floating type
   */
  public Tensor uniform(Shape shape, DType dtype, Device device) {
    return switch (dtype) {
      case FLOAT32 -> Dispatcher.call(UNIFORM_32, bits(shape, device));
      case FLOAT64 -> Dispatcher.call(UNIFORM_64, bits(shape, device), bits(shape, device));
      case INT32, INT64, BOOL ->
          throw new DTypeException("uniform", dtype + " is no floating type", dtype);
    };
  }

  /**
   * Numbers of mean 0 and variance 1, by Box and Muller's method (1958) in float64.
   *
   * @param dtype a floating type
   */
  public Tensor normal(Shape shape, DType dtype, Device device) {
    if (!dtype.isFloating()) {
      throw new DTypeException("normal", dtype + " is no floating type", dtype);
    }
    Tensor radius = uniform(shape, DType.FLOAT64, device);
    Tensor angle = uniform(shape, DType.FLOAT64, device);
    Pointwise polar =
        Pointwise.of(
            "normal",
            (u, v) -> u.neg().log1p().mul(-2.0).sqrt().mul(v.mul(2 * Math.PI).cos()).to(dtype));
    return Dispatcher.call(polar, radius, angle);
  }
}
