package dev.ladera.spi;

import dev.ladera.op.Composite;
import dev.ladera.op.Signature;
import org.jspecify.annotations.Nullable;

/**
 * Kernels for one class of composite operators on one kind of device: of the user's own, or
 * Ladera's. Found by {@link java.util.ServiceLoader} when a device is opened, or given to a device
 * in code by {@link dev.ladera.Device#register}. It comes before the backend's own kernel.
 *
 * <p>A kernel must answer what the operator's decomposition does, but for rounding. It runs
 * unrecorded, and by several threads at once. Whatever it throws reaches the caller as a {@link
 * dev.ladera.BackendException} that names operator, provider and device, but for a {@link
 * dev.ladera.LaderaException} of the operator's own name, which passes as it is.
 */
public interface KernelProvider {

  /** The operator's class itself, not one that it extends. */
  Class<? extends Composite> operator();

  /** The kind of device, such as {@code cpu}. */
  String backend();

  /**
   * A kernel for an operator, or null where there is none for it: then the backend's own runs, or
   * the decomposition. Asked once for each operator and signature, for as long as the device keeps
   * the answer.
   *
   * @param operator an operator of the class; a kernel may depend on what is in its {@link
   *     dev.ladera.op.Operator#kernelKey}, and reads the rest when it runs
   * @param signature the inputs' element types
   */
  @Nullable Kernel prepare(Composite operator, Signature signature);
}
