package dev.ladera.backend.cuda;

import dev.ladera.DeviceException;
import dev.ladera.MemoryScope;
import dev.ladera.ReleasedException;
import dev.ladera.Shape;
import dev.ladera.spi.Storage;
import java.lang.ref.Cleaner;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Work that a GPU does again and again by one call of the host, recorded by {@link
 * CudaBackend#capture}. It reads and writes the tensors that it was recorded with: new inputs are
 * {@linkplain dev.ladera.Tensor#assign assigned} to the old ones, and results are found in the
 * tensors that the recorded work made. All of them stay in memory until the graph is closed.
 *
 * <p>What Java computed is fixed: learning rates, the numbers of steps that Adam counts, the keys
 * of random numbers, and which way the work went.
 */
public final class CudaGraph implements AutoCloseable {
  private static final Cleaner CLEANER = Cleaner.create();

  private final CudaDevice device;
  private final long instance;
  private final Cleaner.Cleanable end;

  /** Holds the tensors' memory; null when the graph was closed. */
  private volatile @Nullable Recording recording;

  private CudaGraph(CudaDevice device, DeviceMemory memory, long instance, Recording recording) {
    this.device = device;
    this.instance = instance;
    this.recording = recording;
    this.end = CLEANER.register(this, new End(device, memory, instance, recording.kept()));
  }

  /** Frees what the graph alone holds. It must not refer to the graph. */
  private record End(CudaDevice device, DeviceMemory memory, long instance, List<Long> kept)
      implements Runnable {
    @Override
    public void run() {
      if (device.isLost()) {
        return;
      }
      try (var _ = device.enter()) {
        // The last launch may still be on its way.
        device.synchronize();
        device.driver().destroyInstance(instance);
        kept.forEach(memory::release);
      } catch (CallFailure failure) {
        throw device.failure("graph", "", failure);
      }
    }
  }

  /** Records work, in this thread. */
  static CudaGraph record(CudaDevice device, DeviceMemory memory, Runnable work) {
    try (var _ = device.enter()) {
      if (device.recording() != null) {
        throw new CaptureException("capture", "work that is recorded cannot record other work");
      }
      Driver driver = device.driver();
      Recording recording = new Recording(driver.createStream());
      long instance = 0;
      try {
        driver.beginCapture(device.stream());
        device.recording(recording);
        try {
          run(work);
          recording.end();
          instance = driver.endCapture(device.stream());
        } finally {
          device.recording(null);
          if (instance == 0) {
            driver.abandonCapture(device.stream());
            driver.synchronize(recording.side());
            recording.kept().forEach(memory::release);
          }
        }
        return new CudaGraph(device, memory, instance, recording);
      } finally {
        // Memory from there is used in the other stream from now on.
        driver.synchronize(recording.side());
        driver.destroyStream(recording.side());
      }
    } catch (CallFailure failure) {
      throw device.failure("capture", "", failure);
    }
  }

  /** What the work makes is the graph's, and not a scope's around it. */
  private static void run(Runnable work) {
    MemoryScope.outside(() -> {
      work.run();
      return work;
    });
  }

  /**
   * Does the work once more. It is started and not waited for.
   *
   * @throws CaptureException if the graph was closed, or other work is recorded
   * @throws DeviceException if the device is lost
   * @throws ReleasedException if a scope gave back what the work needs
   */
  public void launch() {
    try (var _ = device.enter()) {
      Recording work = recording;
      if (work == null) {
        throw new CaptureException("graph", "cannot be launched, as it was closed");
      }
      if (device.recording() != null) {
        throw new CaptureException("graph", "cannot be launched by work that is recorded itself");
      }
      Storage released = work.released();
      if (released != null) {
        throw new ReleasedException(
            "graph",
            "a tensor that its work needs, of elements",
            Shape.of((int) released.elements()));
      }
      device.driver().launchGraph(instance, device.stream());
      work.written().forEach(Storage::overwritten);
    } catch (CallFailure failure) {
      throw device.failure("graph", "", failure);
    }
  }

  /**
   * Waits for the last launch, and lets go of all that the work needed.
   *
   * @throws CaptureException if work is recorded in this thread
   */
  @Override
  public void close() {
    if (!device.isLost()) {
      try (var _ = device.enter()) {
        if (device.recording() != null) {
          throw new CaptureException("graph", "cannot be closed by work that is recorded");
        }
      }
    }
    recording = null;
    end.clean();
  }
}
