package dev.ladera.backend.cpu;

import java.lang.reflect.Field;
import java.util.Locale;
import java.util.Optional;

/**
 * What the machine and the running JVM offer for vector arithmetic.
 *
 * <p>The module {@code jdk.incubator.vector} is reached by reflection and by generated code only,
 * so this class, and all of the backend, loads and works where the module is absent.
 */
final class VectorSupport {

  private static final String MODULE = "jdk.incubator.vector";
  private static final String PREFERRED = "SPECIES_PREFERRED";

  /** Four such vectors of float32 are all {@link Chains} of a sum. */
  private static final int MOST_BITS = 512;

  private final int bits;
  private final int registers;
  private final String reason;
  private final String species;

  private VectorSupport(int bits, int registers, String reason, String species) {
    this.bits = bits;
    this.registers = registers;
    this.reason = reason;
    this.species = species;
  }

  /**
   * Looks at the running JVM. Never throws. Of vectors of more than 512 bits, which some ARM
   * processors have, that many are used.
   *
   * @return the vectors that can be used, or none with the reason
   */
  public static VectorSupport detect() {
    Optional<Module> module = ModuleLayer.boot().findModule(MODULE);
    if (module.isEmpty()) {
      return none("module " + MODULE + " is not in this JVM's module graph");
    }
    // The backend does not require the incubator module by name: it may be absent.
    VectorSupport.class.getModule().addReads(module.get());
    try {
      Object species = species("FloatVector", PREFERRED);
      Class<?> type = Class.forName(MODULE + ".VectorSpecies");
      int bits = (int) type.getMethod("vectorBitSize").invoke(species);
      if (bits < 128) {
        return none("this JVM's preferred vectors have only " + bits + " bits");
      }
      VectorSupport all = new VectorSupport(bits, registerCount(bits), "", PREFERRED);
      return bits > MOST_BITS ? all.narrowedTo(MOST_BITS) : all;
    } catch (ReflectiveOperationException | LinkageError e) {
      return none("module " + MODULE + " cannot be used: " + e);
    }
  }

  /**
   * Scalar arithmetic, whatever the machine has.
   *
   * @param reason why there are no vectors, for messages
   * @return support without vectors
   */
  public static VectorSupport none(String reason) {
    return new VectorSupport(0, 16, reason, PREFERRED);
  }

  /**
   * Narrower vectors than the machine has, as another machine would prefer them.
   *
   * @param narrow 128, 256 or 512 bits, and no more than there are
   */
  VectorSupport narrowedTo(int narrow) {
    if (narrow > bits) {
      throw new IllegalArgumentException("no vectors of " + narrow + " bits; there are " + bits);
    }
    return new VectorSupport(narrow, registerCount(narrow), "", "SPECIES_" + narrow);
  }

  /** The species of a class of vectors, as an object, since its type may be absent. */
  Object species(String vectorClass) throws ReflectiveOperationException {
    return species(vectorClass, species);
  }

  private static Object species(String vectorClass, String name)
      throws ReflectiveOperationException {
    Field field = Class.forName(MODULE + "." + vectorClass).getField(name);
    return field.get(null);
  }

  private static int registerCount(int bits) {
    String architecture = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    boolean intel = architecture.equals("amd64") || architecture.contains("86");
    return intel && bits < 512 ? 16 : 32;
  }

  /**
   * Whether vector kernels can be used.
   *
   * @return true if the incubator module is there and has vectors of at least 128 bits
   */
  public boolean available() {
    return bits > 0;
  }

  /**
   * The width of the machine's preferred vectors.
   *
   * @return bits, or 0 without vectors
   */
  public int bits() {
    return bits;
  }

  /**
   * Whether parts of vectors are read and written in one instruction, under a mask. NEON and SSE,
   * whose vectors have 128 bits, cannot: there each is a call, and boxes its vectors.
   */
  boolean masked() {
    return bits > 128;
  }

  /**
   * The number of vector registers that generated kernels plan for.
   *
   * @return 16 or 32
   */
  public int registers() {
    return registers;
  }

  /**
   * The number of elements in a preferred vector.
   *
   * @param elementBytes the bytes of one element
   * @return the lanes, or 1 without vectors
   */
  public int lanes(int elementBytes) {
    return available() ? bits / (8 * elementBytes) : 1;
  }

  /**
   * Why there are no vectors.
   *
   * @return the reason, or an empty text where there are vectors
   */
  public String reason() {
    return reason;
  }

  /**
   * A warning for users whose JVM lacks the vector module.
   *
   * @return one line saying what is slow, why and what to do; empty where there are vectors
   */
  public Optional<String> warning() {
    return available()
        ? Optional.empty()
        : Optional.of(
            "ladera cpu backend runs scalar loops, several times slower than vectors: "
                + reason
                + "; start java with --add-modules "
                + MODULE);
  }
}
