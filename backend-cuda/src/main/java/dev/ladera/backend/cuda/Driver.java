package dev.ladera.backend.cuda;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * NVIDIA's driver library (CUDA Driver API, cuda.h 13.0): the functions that the backend needs,
 * each checked. Loading it runs none of its code; {@link #start} does. Handles are addresses.
 */
final class Driver {
  /** {@code CUDA_ERROR_OUT_OF_MEMORY}. */
  static final int OUT_OF_MEMORY = 2;

  private static final int NAME_BYTES = 256;
  private static final int NON_BLOCKING_STREAM = 1;
  private static final int PLAIN_EVENT_WITHOUT_TIMES = 2;
  private static final int POOL_RELEASE_THRESHOLD = 4;
  private static final int CAPTURE_WITHOUT_RESTRICTIONS = 2;
  private static final int HOST_MEMORY_FOR_ALL_CONTEXTS_AND_DEVICES = 3;
  private static final int NOT_SUPPORTED = 801;

  private final NativeLibrary library;
  private final NativeFunction init;
  private final NativeFunction driverVersion;
  private final NativeFunction deviceCount;
  private final NativeFunction deviceGet;
  private final NativeFunction deviceName;
  private final NativeFunction deviceAttribute;
  private final NativeFunction totalMemory;
  private final NativeFunction contextRetain;
  private final NativeFunction contextSetCurrent;
  private final NativeFunction memoryInfo;
  private final NativeFunction allocate;
  private final NativeFunction free;
  private final NativeFunction defaultPool;
  private final NativeFunction poolSetAttribute;
  private final NativeFunction poolTrim;
  private final NativeFunction hostAllocate;
  private final NativeFunction toDevice;
  private final NativeFunction toHost;
  private final NativeFunction deviceToDevice;
  private final NativeFunction streamCreate;
  private final NativeFunction streamDestroy;
  private final NativeFunction streamSynchronize;
  private final NativeFunction captureBegin;
  private final NativeFunction captureEnd;
  private final NativeFunction graphInstantiate;
  private final NativeFunction graphLaunch;
  private final NativeFunction graphDestroy;
  private final NativeFunction instanceDestroy;
  private final NativeFunction eventCreate;
  private final NativeFunction eventRecord;
  private final NativeFunction eventSynchronize;
  private final NativeFunction moduleLoad;
  private final NativeFunction moduleUnload;
  private final NativeFunction moduleFunction;
  private final Optional<NativeFunction> parameterInfo;
  private final NativeFunction launch;

  /**
   * Binds the functions.
   *
   * @throws MissingLibraryException if the driver is too old to have them
   */
  Driver(NativeLibrary library) {
    this.library = library;
    this.init = library.function("cuInit");
    this.driverVersion = library.function("cuDriverGetVersion");
    this.deviceCount = library.function("cuDeviceGetCount");
    this.deviceGet = library.function("cuDeviceGet");
    this.deviceName = library.function("cuDeviceGetName");
    this.deviceAttribute = library.function("cuDeviceGetAttribute");
    this.totalMemory = library.function("cuDeviceTotalMem_v2");
    this.contextRetain = library.function("cuDevicePrimaryCtxRetain");
    this.contextSetCurrent = library.function("cuCtxSetCurrent");
    this.memoryInfo = library.function("cuMemGetInfo_v2");
    this.allocate = library.function("cuMemAllocAsync");
    this.free = library.function("cuMemFreeAsync");
    this.defaultPool = library.function("cuDeviceGetDefaultMemPool");
    this.poolSetAttribute = library.function("cuMemPoolSetAttribute");
    this.poolTrim = library.function("cuMemPoolTrimTo");
    this.hostAllocate = library.function("cuMemHostAlloc");
    this.toDevice = library.function("cuMemcpyHtoDAsync_v2");
    this.toHost = library.function("cuMemcpyDtoHAsync_v2");
    this.deviceToDevice = library.function("cuMemcpyDtoDAsync_v2");
    this.streamCreate = library.function("cuStreamCreate");
    this.streamDestroy = library.function("cuStreamDestroy_v2");
    this.streamSynchronize = library.function("cuStreamSynchronize");
    this.captureBegin = library.function("cuStreamBeginCapture_v2");
    this.captureEnd = library.function("cuStreamEndCapture");
    this.graphInstantiate = library.function("cuGraphInstantiateWithFlags");
    this.graphLaunch = library.function("cuGraphLaunch");
    this.graphDestroy = library.function("cuGraphDestroy");
    this.instanceDestroy = library.function("cuGraphExecDestroy");
    this.eventCreate = library.function("cuEventCreate");
    this.eventRecord = library.function("cuEventRecord");
    this.eventSynchronize = library.function("cuEventSynchronize");
    this.moduleLoad = library.function("cuModuleLoadData");
    this.moduleUnload = library.function("cuModuleUnload");
    this.moduleFunction = library.function("cuModuleGetFunction");
    this.parameterInfo = library.find("cuFuncGetParamInfo");
    this.launch = library.function("cuLaunchKernel");
  }

  String path() {
    return library.path();
  }

  private static void check(NativeFunction function, int code) {
    if (code != 0) {
      throw new CallFailure(function.name(), code, DriverErrors.meaning(code));
    }
  }

  private interface Question {
    int ask(long answer);
  }

  /** Asks for a number of up to eight bytes. */
  private static long ask(NativeFunction function, Question question) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(JAVA_LONG);
      check(function, question.ask(answer.address()));
      return answer.get(JAVA_LONG, 0);
    }
  }

  /** Initializes the driver; the first function to call. */
  void start() {
    check(init, init.call(0));
  }

  /** The CUDA version that the driver supports: 13000 for 13.0. */
  int version() {
    return (int) ask(driverVersion, driverVersion::call);
  }

  int deviceCount() {
    return (int) ask(deviceCount, deviceCount::call);
  }

  /** The handle of a device. */
  int device(int index) {
    return (int) ask(deviceGet, answer -> deviceGet.call(answer, index));
  }

  String deviceName(int device) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(NAME_BYTES);
      check(deviceName, deviceName.call(name.address(), NAME_BYTES, device));
      return name.getString(0);
    }
  }

  int attribute(DeviceAttribute attribute, int device) {
    return (int)
        ask(deviceAttribute, answer -> deviceAttribute.call(answer, attribute.code(), device));
  }

  /** Bytes of a device's memory. */
  long totalMemory(int device) {
    return ask(totalMemory, answer -> totalMemory.call(answer, device));
  }

  /** The context that all libraries of this process share. */
  long retainContext(int device) {
    return ask(contextRetain, answer -> contextRetain.call(answer, device));
  }

  /** Makes this thread's calls go to a context. */
  void setCurrent(long context) {
    check(contextSetCurrent, contextSetCurrent.call(context));
  }

  /** Bytes of the current device's memory that nobody has. */
  long freeMemory() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment numbers = arena.allocate(JAVA_LONG, 2);
      check(
          memoryInfo, memoryInfo.call(numbers.address(), numbers.address() + JAVA_LONG.byteSize()));
      return numbers.get(JAVA_LONG, 0);
    }
  }

  long defaultPool(int device) {
    return ask(defaultPool, answer -> defaultPool.call(answer, device));
  }

  /** How many bytes a pool keeps rather than giving them back at the next synchronization. */
  void setReleaseThreshold(long pool, long bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocateFrom(JAVA_LONG, bytes);
      check(poolSetAttribute, poolSetAttribute.call(pool, POOL_RELEASE_THRESHOLD, value.address()));
    }
  }

  /** Gives unused memory of a pool back to the device. */
  void trim(long pool) {
    check(poolTrim, poolTrim.call(pool, 0L));
  }

  /** Allocates in a stream's order; the status, so that a full device can be told from failures. */
  int tryAllocate(long answer, long bytes, long stream) {
    int code = allocate.call(answer, bytes, stream);
    if (code != OUT_OF_MEMORY) {
      check(allocate, code);
    }
    return code;
  }

  void free(long address, long stream) {
    check(free, free.call(address, stream));
  }

  /** Memory of the host that the device reads and writes, too; it stays. */
  MemorySegment hostMemory(long bytes) {
    long address =
        ask(
            hostAllocate,
            answer -> hostAllocate.call(answer, bytes, HOST_MEMORY_FOR_ALL_CONTEXTS_AND_DEVICES));
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  void copyToDevice(long to, long from, long bytes, long stream) {
    check(toDevice, toDevice.call(to, from, bytes, stream));
  }

  void copyToHost(long to, long from, long bytes, long stream) {
    check(toHost, toHost.call(to, from, bytes, stream));
  }

  void copyOnDevice(long to, long from, long bytes, long stream) {
    check(deviceToDevice, deviceToDevice.call(to, from, bytes, stream));
  }

  long createStream() {
    return ask(streamCreate, answer -> streamCreate.call(answer, NON_BLOCKING_STREAM));
  }

  void destroyStream(long stream) {
    check(streamDestroy, streamDestroy.call(stream));
  }

  void synchronize(long stream) {
    check(streamSynchronize, streamSynchronize.call(stream));
  }

  /** What a stream is given from now on is noted, and not done. */
  void beginCapture(long stream) {
    check(captureBegin, captureBegin.call(stream, CAPTURE_WITHOUT_RESTRICTIONS));
  }

  /** Ends a capture, and answers what was noted, made ready to be launched. */
  long endCapture(long stream) {
    long graph = ask(captureEnd, answer -> captureEnd.call(stream, answer));
    try {
      return ask(graphInstantiate, answer -> graphInstantiate.call(answer, graph, 0L));
    } finally {
      check(graphDestroy, graphDestroy.call(graph));
    }
  }

  /** Ends a capture, whatever state it is in, and forgets what was noted. */
  void abandonCapture(long stream) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(JAVA_LONG);
      captureEnd.call(stream, answer.address());
      long graph = answer.get(JAVA_LONG, 0);
      if (graph != 0) {
        graphDestroy.call(graph);
      }
    }
  }

  /** Does what was noted, in the stream's order. */
  void launchGraph(long instance, long stream) {
    check(graphLaunch, graphLaunch.call(instance, stream));
  }

  void destroyInstance(long instance) {
    check(instanceDestroy, instanceDestroy.call(instance));
  }

  long createEvent() {
    return ask(eventCreate, answer -> eventCreate.call(answer, PLAIN_EVENT_WITHOUT_TIMES));
  }

  void record(long event, long stream) {
    check(eventRecord, eventRecord.call(event, stream));
  }

  void await(long event) {
    check(eventSynchronize, eventSynchronize.call(event));
  }

  long loadModule(MemorySegment image) {
    return ask(moduleLoad, answer -> moduleLoad.call(answer, image.address()));
  }

  void unloadModule(long module) {
    check(moduleUnload, moduleUnload.call(module));
  }

  long function(long module, String name) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocateFrom(name);
      return ask(moduleFunction, answer -> moduleFunction.call(answer, module, text.address()));
    }
  }

  /**
   * The bytes that a kernel's parameter takes; 0 behind the last one, and −1 where the driver, of
   * before CUDA 12.4, does not know.
   */
  long parameterBytes(long kernel, int index) {
    if (parameterInfo.isEmpty()) {
      return -1;
    }
    NativeFunction function = parameterInfo.get();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment numbers = arena.allocate(JAVA_LONG, 2);
      int code =
          function.call(
              kernel, (long) index, numbers.address(), numbers.address() + JAVA_LONG.byteSize());
      if (code == NOT_SUPPORTED) {
        return -1;
      }
      return code == 0 ? numbers.get(JAVA_LONG, JAVA_LONG.byteSize()) : 0;
    }
  }

  void launch(long kernel, int blocks, int threads, long stream, long parameters) {
    check(launch, launch.launch(kernel, blocks, threads, stream, parameters));
  }
}
