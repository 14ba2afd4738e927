package dev.ladera.nn;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.LaderaException;
import dev.ladera.MemoryUse;
import dev.ladera.op.Composite;
import dev.ladera.op.Operator;
import dev.ladera.op.Signature;
import dev.ladera.op.ToDevice;
import dev.ladera.spi.Backend;
import dev.ladera.spi.Kernel;
import dev.ladera.spi.Storage;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Another backend without its memory and arithmetic: storages are empty, kernels do nothing, and
 * all that is read is zero. Which kernels there are, the other backend says; what it refuses is
 * written down, and gone on without.
 */
final class DryBackend implements Backend {
  private static final Kernel NOTHING = (_, _, _) -> {};

  /** A storage of any size, without elements. */
  private static final class DryStorage extends Storage {
    DryStorage(DType dtype, long elements) {
      super(dtype, elements);
    }
  }

  private final Device target;
  private final Trail trail;
  private final Set<DType> asked = EnumSet.noneOf(DType.class);
  private final Set<List<String>> refused = new HashSet<>();
  private final Set<CheckReport.Met> met = new LinkedHashSet<>();
  private final List<CheckReport.Finding> findings;

  /** Writes what the target refuses at the end of a list. */
  DryBackend(Device target, Trail trail, List<CheckReport.Finding> findings) {
    this.target = target;
    this.trail = trail;
    this.findings = findings;
  }

  /** The operators that kernels were asked for, the first first. */
  List<CheckReport.Met> met() {
    return List.copyOf(met);
  }

  @Override
  public synchronized Storage allocate(DType dtype, long elements) {
    if (asked.add(dtype)) {
      try {
        target.backend().allocate(dtype, 0);
      } catch (RuntimeException | LinkageError e) {
        refused("allocate", dtype.toString(), text(e), "convert with to(DType)");
      }
    }
    return new DryStorage(dtype, elements);
  }

  @Override
  public synchronized @Nullable Kernel prepare(Operator operator, Signature signature) {
    if (operator instanceof ToDevice(Device to) && to == target) {
      // What goes to the device that this one stands in for is there already.
      return NOTHING;
    }
    List<String> types = new ArrayList<>();
    for (int i = 0; i < signature.size(); i++) {
      types.add(signature.dtype(i).toString());
    }
    String inputs = String.join(", ", types);
    CheckReport.Answer answer;
    try {
      answer =
          target.prepare(operator, signature) != null
              ? CheckReport.Answer.OWN_KERNEL
              : operator instanceof Composite
                  ? CheckReport.Answer.DECOMPOSITION
                  : CheckReport.Answer.NONE;
      if (answer == CheckReport.Answer.NONE) {
        refused(
            operator.name(),
            inputs,
            "the backend of " + target + " has no kernel for this primitive",
            "make one in the backend's prepare");
      }
    } catch (RuntimeException | LinkageError e) {
      answer = CheckReport.Answer.NONE;
      refused(
          operator.name(),
          inputs,
          "the backend of " + target + " fails to prepare a kernel: " + text(e),
          "convert the inputs with to(DType) if it is for their types");
    }
    met.add(new CheckReport.Met(operator.name(), inputs, answer));
    return answer == CheckReport.Answer.DECOMPOSITION ? null : NOTHING;
  }

  /** Operators that differ in their attributes only are one finding. */
  private void refused(String operator, String inputs, String reason, String remedy) {
    if (refused.add(List.of(operator, inputs, reason))) {
      findings.add(
          new CheckReport.Finding(
              CheckReport.Severity.ERROR,
              trail.now().path(),
              operator,
              inputs,
              reason,
              remedy + ", or choose another device"));
    }
  }

  /** What an exception says; other people's may say nothing without their names. */
  static String text(Throwable e) {
    return e instanceof LaderaException ? String.valueOf(e.getMessage()) : e.toString();
  }

  @Override
  public void read(Storage storage, long from, Object array, int at, int length) {
    System.arraycopy(storage.dtype().newArray(length), 0, array, at, length);
  }

  @Override
  public void write(Object array, int at, Storage storage, long from, int length) {}

  @Override
  public void synchronize() {}

  @Override
  public MemoryUse memory() {
    return target.memory();
  }

  @Override
  public String description() {
    return target.backend().description();
  }
}
