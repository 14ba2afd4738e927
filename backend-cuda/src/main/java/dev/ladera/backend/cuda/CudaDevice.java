package dev.ladera.backend.cuda;

import dev.ladera.DeviceException;
import dev.ladera.LaderaException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One GPU with its context and the one stream that all work goes through, in order. When a call
 * answers an error that the context does not recover from, the device is lost: all that follows
 * throws, and the JVM goes on.
 */
final class CudaDevice {
  private static final long KEEP_ALL = -1L;

  private final Driver driver;
  private final int index;
  private final int handle;
  private final String name;
  private final int capability;
  private final long context;
  private final long stream;
  private final long pool;

  /** Held while a thread gives the device work, and for all of a recording. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Turn turn = lock::unlock;
  private final ThreadLocal<Arguments> arguments = ThreadLocal.withInitial(Arguments::new);
  private volatile @Nullable String lost;
  private @Nullable Recording recording;

  /** A thread's time with the device; others wait for its end. */
  interface Turn extends AutoCloseable {
    @Override
    void close();
  }

  /** Opens a device of a driver that was started. */
  CudaDevice(Driver driver, int index) {
    this.driver = driver;
    this.index = index;
    this.handle = driver.device(index);
    this.name = driver.deviceName(handle);
    this.capability =
        10 * driver.attribute(DeviceAttribute.COMPUTE_CAPABILITY_MAJOR, handle)
            + driver.attribute(DeviceAttribute.COMPUTE_CAPABILITY_MINOR, handle);
    this.context = driver.retainContext(handle);
    driver.setCurrent(context);
    this.stream = driver.createStream();
    this.pool = driver.defaultPool(handle);
    driver.setReleaseThreshold(pool, KEEP_ALL);
  }

  Driver driver() {
    return driver;
  }

  int handle() {
    return handle;
  }

  long stream() {
    return stream;
  }

  long pool() {
    return pool;
  }

  /** The compute capability, as in 90 for 9.0. */
  int capability() {
    return capability;
  }

  String name() {
    return name;
  }

  /** This thread's list of arguments, empty. */
  Arguments arguments() {
    return arguments.get().begin();
  }

  /**
   * Makes this thread's calls go to the device, and no other thread's until the turn is closed.
   *
   * @throws DeviceException if it is lost
   */
  Turn enter() {
    lock.lock();
    try {
      checkPresent();
      driver.setCurrent(context);
      return turn;
    } catch (RuntimeException refusal) {
      lock.unlock();
      throw refusal;
    }
  }

  /** A turn, unless another thread has one: then null. */
  @Nullable Turn tryEnter() {
    if (!lock.tryLock()) {
      return null;
    }
    try {
      return enter();
    } finally {
      lock.unlock();
    }
  }

  private void checkPresent() {
    String reason = lost;
    if (reason != null) {
      throw new DeviceException(
          "device",
          this
              + " is lost, since "
              + reason
              + "; its tensors are gone, and the process must be started again to use it");
    }
  }

  /** What is noted of work that is recorded rather than done; null if nothing is. */
  @Nullable Recording recording() {
    return recording;
  }

  /** Begins to record, or ends it; in this thread's turn. */
  void recording(@Nullable Recording begun) {
    recording = begun;
  }

  /** Whether a call said that the device will not answer any more. */
  boolean isLost() {
    return lost != null;
  }

  /** Waits for all work that was given to the device. */
  void synchronize() {
    driver.synchronize(stream);
  }

  /** What a failed call becomes, for an operation; the detail is what the call was made for. */
  LaderaException failure(String operation, String detail, CallFailure failure) {
    if (DriverErrors.losesDevice(failure.code())) {
      lost = failure.getMessage() + " in " + operation;
    }
    return new CudaException(operation, detail, failure);
  }

  @Override
  public String toString() {
    return "cuda:" + index;
  }
}
