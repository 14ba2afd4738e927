package dev.ladera.backend.cuda;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ladera.DType;
import dev.ladera.MemoryUse;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;

/**
 * A device's memory, from the driver's pool in the stream's order: what is freed is there for the
 * next kernel without waiting. Storages free their memory when they are out of reach, unless a
 * {@link dev.ladera.MemoryScope} did before. When the device is full, the garbage collector is made
 * to run, the pool gives up what it keeps, and the allocation is tried again.
 */
final class DeviceMemory {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final int HOLDERS_SHOWN = 5;
  private static final String TRACE = "ladera.cuda.trace";

  private final CudaDevice device;

  /** Where the driver writes an address, in the turn of a thread. */
  private final MemorySegment answer = Arena.ofAuto().allocate(JAVA_LONG);

  private final boolean tracing = Boolean.getBoolean(TRACE);
  private final Set<Block> blocks = ConcurrentHashMap.newKeySet();
  private final AtomicLong live = new AtomicLong();
  private final AtomicLong allocated = new AtomicLong();
  private final LongAccumulator peak = new LongAccumulator(Math::max, 0);

  DeviceMemory(CudaDevice device) {
    this.device = device;
  }

  /** What the collector found, to be freed in the turn of whoever has one next. */
  private final Queue<Block> unreachable = new ConcurrentLinkedQueue<>();

  /** Memory of a storage. It must not refer to the storage. */
  final class Block implements Runnable {
    private final DType dtype;
    private final long elements;
    private final long address;
    private final String site;

    Block(DType dtype, long elements, long address, String site) {
      this.dtype = dtype;
      this.elements = elements;
      this.address = address;
      this.site = site;
    }

    long bytes() {
      return elements * dtype.bytes();
    }

    long address() {
      return address;
    }

    /** What the collector starts: it must not wait for a turn, as who has one may wait for it. */
    @Override
    public void run() {
      unreachable.add(this);
      if (!device.isLost()) {
        try (CudaDevice.Turn turn = device.tryEnter()) {
          if (turn != null && device.recording() == null) {
            freeUnreachable();
          }
        }
      }
    }

    /** Frees the memory, unless that was done. */
    void free() {
      if (!blocks.remove(this)) {
        return;
      }
      live.addAndGet(-bytes());
      if (!device.isLost()) {
        try (var _ = device.enter()) {
          release(address);
        } catch (CallFailure failure) {
          throw device.failure("free", "", failure);
        }
      }
    }

    @Override
    public String toString() {
      return dtype + "[" + elements + "] of " + bytes() + " bytes" + site;
    }
  }

  /**
   * A storage in this memory.
   *
   * @throws OutOfMemoryException if there is no room even after collecting garbage
   */
  CudaStorage allocate(DType dtype, long elements) {
    long bytes = elements * dtype.bytes();
    if (bytes == 0) {
      return new CudaStorage(dtype, elements, null);
    }
    Block block = new Block(dtype, elements, reserve(bytes), tracing ? site() : "");
    CudaStorage storage = new CudaStorage(dtype, elements, block);
    blocks.add(block);
    peak.accumulate(live.addAndGet(bytes));
    allocated.addAndGet(bytes);
    CLEANER.register(storage, block);
    return storage;
  }

  private void freeUnreachable() {
    for (Block block = unreachable.poll(); block != null; block = unreachable.poll()) {
      block.free();
    }
  }

  /** Memory for a kernel's own use. */
  Scratch scratch(long bytes) {
    return new Scratch(this, reserve(bytes));
  }

  private long reserve(long bytes) {
    if (device.recording() == null) {
      freeUnreachable();
    }
    long address = attempt(bytes);
    if (address == 0 && device.recording() == null) {
      device.synchronize();
      GarbagePressure.collect();
      freeUnreachable();
      device.synchronize();
      device.driver().trim(device.pool());
      address = attempt(bytes);
    }
    if (address == 0) {
      throw new OutOfMemoryException(
          device.toString(), bytes, live.get(), device.driver().freeMemory(), holders());
    }
    return address;
  }

  /** The address; 0 where the device is full. */
  private long attempt(long bytes) {
    Recording recording = device.recording();
    long stream = recording == null ? device.stream() : recording.side();
    int code = device.driver().tryAllocate(answer.address(), bytes, stream);
    return code == 0 ? answer.get(JAVA_LONG, 0) : 0;
  }

  /**
   * Frees memory when the work that was given to the stream so far is done; what recorded work uses
   * stays as long as the recording.
   */
  void release(long address) {
    Recording recording = device.recording();
    if (recording == null) {
      device.driver().free(address, device.stream());
    } else {
      recording.keep(address);
    }
  }

  private List<String> holders() {
    return blocks.stream()
        .sorted(Comparator.comparingLong(Block::bytes).reversed())
        .limit(HOLDERS_SHOWN)
        .map(Block::toString)
        .toList();
  }

  /** Where the user's code asks for the storage: the first frame outside of Ladera. */
  private static String site() {
    return StackWalker.getInstance()
        .walk(frames ->
            frames
                .filter(frame -> !frame.getClassName().startsWith("dev.ladera."))
                .findFirst()
                .map(frame -> ", made at " + frame)
                .orElse(""));
  }

  MemoryUse use() {
    return new MemoryUse(live.get(), peak.get(), allocated.get());
  }
}
