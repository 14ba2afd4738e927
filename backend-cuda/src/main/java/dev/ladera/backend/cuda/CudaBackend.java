package dev.ladera.backend.cuda;

import dev.ladera.DType;
import dev.ladera.DeviceException;
import dev.ladera.MemoryUse;
import dev.ladera.Tensor;
import dev.ladera.op.Composite;
import dev.ladera.op.Operator;
import dev.ladera.op.Primitive;
import dev.ladera.op.Signature;
import dev.ladera.spi.Backend;
import dev.ladera.spi.Kernel;
import dev.ladera.spi.Storage;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One NVIDIA GPU. Kernels are started and not waited for; the host waits where elements are read,
 * and in {@link #synchronize}. Most composites run by their decompositions.
 */
public final class CudaBackend implements Backend {
  private final CudaDevice device;
  private final DeviceMemory memory;
  private final Staging staging;
  private final IndexFaults faults;
  private final CudaKernels kernels;
  private final CompositeKernels composites;
  private final String description;

  /**
   * Opens a device.
   *
   * @param index which, from 0
   * @throws DeviceException if it is not there, or a library is missing, with what to do
   */
  public CudaBackend(int index) {
    this(CudaLibraries.ofProcess(), index);
  }

  CudaBackend(CudaLibraries libraries, int index) {
    try {
      Driver driver = libraries.driver();
      int count = driver.deviceCount();
      if (index < 0 || index >= count) {
        throw new DeviceException(
            "device",
            "'cuda:" + index + "' is not there: the driver reports " + count + " devices");
      }
      this.device = new CudaDevice(driver, index);
      this.memory = new DeviceMemory(device);
      this.staging = new Staging(device);
      this.faults = new IndexFaults(device);
      KernelCompiler compiler = new KernelCompiler(device, libraries.nvrtc());
      VendorKernels vendor = VendorKernels.find(libraries.search(), device, memory);
      Workshop workshop = new Workshop(device, memory, compiler, faults, vendor);
      this.kernels = new CudaKernels(workshop);
      this.composites = new CompositeKernels(workshop);
      this.description = libraries.describe(device) + "; " + vendor.description();
    } catch (MissingLibraryException missing) {
      throw new DeviceException(
          "device",
          "'cuda:" + index + "' cannot be opened: " + missing.reason() + "; " + missing.remedy(),
          missing);
    } catch (CallFailure failure) {
      throw new DeviceException(
          "device", "'cuda:" + index + "' cannot be opened: " + failure.getMessage(), failure);
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws OutOfMemoryException if there is no room, naming the largest tensors
   */
  @Override
  public Storage allocate(DType dtype, long elements) {
    try (var _ = device.enter()) {
      return memory.allocate(dtype, elements);
    } catch (CallFailure failure) {
      throw device.failure("allocate", " for " + elements + " elements of " + dtype, failure);
    }
  }

  @Override
  public void release(Storage storage) {
    ((CudaStorage) storage).free();
  }

  @Override
  public @Nullable Kernel prepare(Operator operator, Signature signature) {
    Kernel kernel =
        switch (operator) {
          case Primitive primitive -> kernels.of(primitive, signature);
          case Composite composite -> composites.of(composite, signature);
          default -> null;
        };
    return kernel == null ? null : guarded(kernel);
  }

  /** Names operator and shapes in failures, and keeps the tensors' memory until the launch. */
  private Kernel guarded(Kernel kernel) {
    return (operator, inputs, outputs) -> {
      try (var _ = device.enter()) {
        Recording recording = device.recording();
        if (recording != null) {
          recording.use(operator, inputs, outputs);
        }
        kernel.run(operator, inputs, outputs);
      } catch (CallFailure failure) {
        throw device.failure(
            operator.name(), ", from " + types(inputs) + " to " + types(outputs), failure);
      } finally {
        Reference.reachabilityFence(inputs);
        Reference.reachabilityFence(outputs);
      }
    };
  }

  private static String types(Tensor[] tensors) {
    return Arrays.stream(tensors)
        .map(tensor -> tensor.type().toString())
        .collect(Collectors.joining(", ", "[", "]"));
  }

  @Override
  public void read(Storage storage, long from, Object array, int at, int length) {
    try (var _ = device.enter()) {
      refuseInRecording("read", "elements cannot be read");
      staging.read(address(storage, from), storage.dtype(), array, at, length);
    } catch (CallFailure failure) {
      throw device.failure("read", " for " + length + " elements", failure);
    } finally {
      Reference.reachabilityFence(storage);
    }
    faults.check();
  }

  @Override
  public void write(Object array, int at, Storage storage, long from, int length) {
    try (var _ = device.enter()) {
      refuseInRecording("write", "elements cannot be written from Java");
      staging.write(array, at, storage.dtype(), address(storage, from), length);
    } catch (CallFailure failure) {
      throw device.failure("write", " for " + length + " elements", failure);
    } finally {
      Reference.reachabilityFence(storage);
    }
  }

  private void refuseInRecording(String operation, String what) {
    if (device.recording() != null) {
      throw new CaptureException(
          operation,
          what + " by work that is recorded, which is done later; do it before or after");
    }
  }

  private static long address(Storage storage, long element) {
    return ((CudaStorage) storage).address() + element * storage.dtype().bytes();
  }

  @Override
  public void synchronize() {
    try (var _ = device.enter()) {
      refuseInRecording("synchronize", "the device cannot be waited for");
      device.synchronize();
    } catch (CallFailure failure) {
      throw device.failure("synchronize", "", failure);
    }
    faults.check();
  }

  /**
   * Records work as a CUDA graph, which the host starts by one call where the work itself takes one
   * for each kernel. The work runs twice: once as ever, so that kernels are compiled and optimizers
   * have what they keep, and once to be recorded, when the device does nothing, but what Java does
   * is done, such as counting steps. Tensors that the recorded run made, gradients too, hold
   * nothing before the first launch; where recording failed, forget the gradients. It must run in
   * this thread, take the same way each time, make its tensors from others on the device, and read
   * none: other threads wait meanwhile, what Java computes is fixed, and reading throws.
   *
   * @param work such as a whole training step
   * @return to be launched for each further time
   * @throws CaptureException if the work reads elements, writes them from Java, or waits
   */
  public CudaGraph capture(Runnable work) {
    work.run();
    return CudaGraph.record(device, memory, work);
  }

  @Override
  public MemoryUse memory() {
    return memory.use();
  }

  @Override
  public String description() {
    return description;
  }
}
