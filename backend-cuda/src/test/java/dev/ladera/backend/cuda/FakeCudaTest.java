package dev.ladera.backend.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The fake driver itself, by NVIDIA's own functions. */
class FakeCudaTest {
  private static final int SUCCESS = 0;
  private static final int INVALID_VALUE = 1;
  private static final int OUT_OF_MEMORY = 2;
  private static final int NO_BINARY = 209;
  private static final int INVALID_HANDLE = 400;
  private static final int ILLEGAL_ADDRESS = 700;
  private static final int LAUNCH_FAILED = 719;
  private static final int COMPILATION = 6;
  private static final int INVALID_OPTION = 5;

  private static final String BLOCK_SUM =
      """
      extern "C" __global__ void block_sum(float* out, const float* in, int n) {
        __shared__ float partial[32];
        int i = blockIdx.x * blockDim.x + threadIdx.x;
        float v = i < n ? in[i] : 0.0f;
        for (int o = 16; o > 0; o >>= 1) v += __shfl_down_sync(0xffffffffu, v, o);
        if ((threadIdx.x & 31) == 0) partial[threadIdx.x >> 5] = v;
        __syncthreads();
        if (threadIdx.x < 32) {
          v = threadIdx.x < blockDim.x / 32 ? partial[threadIdx.x] : 0.0f;
          for (int o = 16; o > 0; o >>= 1) v += __shfl_xor_sync(0xffffffffu, v, o);
          if (threadIdx.x == 0) out[blockIdx.x] = v;
        }
      }
      """;
  private static final String DOUBLED =
      """
      extern "C" __global__ void doubled(float* __restrict__ out, const float* __restrict__ in, int n) {
        for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x)
          out[i] = 2.0f * in[i];
      }
      """;

  private final Arena arena = Arena.ofConfined();
  private FakeCuda fake;
  private MemorySegment stream;

  @BeforeEach
  void openTheFirstDevice() {
    fake = FakeCuda.assumed();
    fake.reset();
    fake.set(FakeCuda.Setting.DELAYED, 0);
    fake.set(FakeCuda.Setting.THREAD_ORDER, 0);
    fake.set(FakeCuda.Setting.MEMORY, 1L << 30);
    fake.set(FakeCuda.Setting.LOG_CALLS, 0);
    succeed("cuInit", 0);
    MemorySegment context = arena.allocate(ADDRESS);
    succeed("cuDevicePrimaryCtxRetain", context, 0);
    succeed("cuCtxSetCurrent", context.get(ADDRESS, 0));
    stream = made("cuStreamCreate", 1);
  }

  @AfterEach
  void close() {
    if (fake != null) {
      fake.set(FakeCuda.Setting.DELAYED, 0);
      fake.set(FakeCuda.Setting.MEMORY, 4L << 30);
      fake.reset();
    }
    arena.close();
  }

  // ---- Devices and memory

  @Test
  void thereAreTwoDevicesOfCapability90() {
    MemorySegment number = arena.allocate(JAVA_INT);
    succeed("cuDeviceGetCount", number);
    assertThat(number.get(JAVA_INT, 0)).isEqualTo(2);
    succeed("cuDeviceGetAttribute", number, 75, 1);
    assertThat(number.get(JAVA_INT, 0)).isEqualTo(9);
    assertThat(fake.status("cuDeviceGet", number, 2)).isEqualTo(101);
  }

  @Test
  void memoryIsCountedAndComesBack() {
    MemorySegment free = arena.allocate(JAVA_LONG);
    MemorySegment total = arena.allocate(JAVA_LONG);
    long pointer = allocate(1000);
    succeed("cuMemGetInfo_v2", free, total);
    assertThat(total.get(JAVA_LONG, 0) - free.get(JAVA_LONG, 0)).isEqualTo(1000);
    assertThat(fake.count(FakeCuda.Count.BYTES)).isEqualTo(1000);
    succeed("cuMemFreeAsync", pointer, stream);
    assertThat(fake.count(FakeCuda.Count.ALLOCATIONS)).isZero();
    assertThat(fake.count(FakeCuda.Count.PEAK_BYTES)).isEqualTo(1000);
    assertThat(fake.violations()).isEmpty();
  }

  @Test
  void memoryHasAnEnd() {
    MemorySegment pointer = arena.allocate(JAVA_LONG);
    assertThat(fake.status("cuMemAllocAsync", pointer, (1L << 30) + 1, stream))
        .isEqualTo(OUT_OF_MEMORY);
    long first = allocate(1L << 20);
    fake.set(FakeCuda.Setting.MEMORY, (1L << 20) + 10);
    assertThat(fake.status("cuMemAllocAsync", pointer, 11L, stream)).isEqualTo(OUT_OF_MEMORY);
    succeed("cuMemFreeAsync", first, stream);
    succeed("cuMemAllocAsync", pointer, 11L, stream);
  }

  @Test
  void aCopyBeyondTheEndIsRefused() {
    long pointer = allocate(16);
    MemorySegment host = arena.allocate(32);
    assertThat(fake.status("cuMemcpyHtoDAsync_v2", pointer, host, 17L, stream))
        .isEqualTo(INVALID_VALUE);
    assertThat(fake.violations()).singleElement().asString().contains("goes beyond");
  }

  @Test
  void memoryIsFreedOnce() {
    long pointer = allocate(16);
    succeed("cuMemFreeAsync", pointer, stream);
    assertThat(fake.status("cuMemFreeAsync", pointer, stream)).isEqualTo(INVALID_VALUE);
    assertThat(fake.violations()).singleElement().asString().contains("freed already");
  }

  @Test
  void whatIsAliveWhenItsContextEndsIsReported() {
    allocate(24);
    succeed("cuDevicePrimaryCtxRelease_v2", 0);
    assertThat(fake.violations())
        .anySatisfy(text -> assertThat(text).contains("leak: device memory of 24 bytes"))
        .anySatisfy(text -> assertThat(text).contains("leak: stream"));
    assertThat(fake.count(FakeCuda.Count.ALLOCATIONS)).isZero();
    assertThat(fake.count(FakeCuda.Count.STREAMS)).isZero();
  }

  @Test
  void aHandleIsGoodForItsKindAndItsTime() {
    assertThat(fake.status("cuEventSynchronize", stream)).isEqualTo(INVALID_HANDLE);
    succeed("cuStreamDestroy_v2", stream);
    assertThat(fake.status("cuStreamSynchronize", stream)).isEqualTo(INVALID_HANDLE);
  }

  // ---- Kernels

  @Test
  void threadsMeetAtBarriersAndShuffle() {
    MemorySegment kernel = kernel(BLOCK_SUM, "block_sum");
    int n = 200;
    float[] numbers = new float[n];
    for (int i = 0; i < n; i++) {
      numbers[i] = i + 1;
    }
    long in = upload(numbers);
    long out = allocate(8);
    for (int descending = 0; descending < 2; descending++) {
      fake.set(FakeCuda.Setting.THREAD_ORDER, descending);
      succeed("cuMemsetD8Async", out, (byte) 0, 8L, stream);
      launch(kernel, 2, 128, parameters(out, in, n));
      assertThat(download(out, 2)).containsExactly(128 * 129 / 2f, 200 * 201 / 2f - 128 * 129 / 2f);
    }
    assertThat(fake.count(FakeCuda.Count.LAUNCHES)).isEqualTo(2);
    assertThat(fake.violations()).isEmpty();
  }

  @Test
  void threadsOfPartialWarpsVoteShuffleAndAdd() {
    String source =
        """
        struct Pair { long long first; float second; };
        template <class T> __device__ T rotated(T v) { return __shfl_sync(~0u, v, (threadIdx.x + 1) % blockDim.x); }
        extern "C" __global__ void together(unsigned* out, unsigned long long* sum, Pair pair) {
          unsigned votes = __ballot_sync(~0u, threadIdx.x % 2);
          double up = __shfl_up_sync(~0u, (double) threadIdx.x, 1);
          extern __shared__ unsigned seen[];
          seen[threadIdx.x] = rotated(threadIdx.x);
          __syncthreads();
          atomicAdd(sum, (unsigned long long) pair.first + (unsigned long long) up + seen[threadIdx.x]);
          if (threadIdx.x == 0) out[0] = votes;
          int all = __all_sync(~0u, threadIdx.x < 5);
          int any = __any_sync(~0u, threadIdx.x == 3);
          int count = __syncthreads_count(threadIdx.x != 2);
          if (threadIdx.x == 4) { out[1] = all; out[2] = any; out[3] = count; out[4] = __float_as_uint(pair.second); }
        }
        """;
    MemorySegment kernel = kernel(source, "together");
    long out = allocate(20);
    long sum = upload(new float[] {0, 0});
    MemorySegment pair = arena.allocate(16, 8);
    pair.set(JAVA_LONG, 0, 1000);
    pair.set(JAVA_FLOAT, 8, 1.5f);
    MemorySegment parameters = arena.allocate(ADDRESS, 3);
    parameters.setAtIndex(ADDRESS, 0, arena.allocateFrom(JAVA_LONG, out));
    parameters.setAtIndex(ADDRESS, 1, arena.allocateFrom(JAVA_LONG, sum));
    parameters.setAtIndex(ADDRESS, 2, pair);
    succeed("cuLaunchKernel", kernel, 1, 1, 1, 5, 1, 1, 20, stream, parameters, MemorySegment.NULL);
    MemorySegment result = downloadBytes(out, 20);
    assertThat(result.toArray(JAVA_INT))
        .containsExactly(0b01010, 1, 1, 4, Float.floatToRawIntBits(1.5f));
    assertThat(downloadBytes(sum, 8).get(JAVA_LONG, 0))
        .isEqualTo(5 * 1000 + (0 + 0 + 1 + 2 + 3) + (1 + 2 + 3 + 4 + 0));
    assertThat(fake.violations()).isEmpty();
  }

  @Test
  void sharedMemoryComesInAllItsForms() {
    String source =
        """
        __constant__ int shift[2] = {100, 200};
        template <class T> __device__ T turned(T v) {
          static __shared__ T s[4];
          s[threadIdx.x] = v;
          __syncthreads();
          return s[3 - threadIdx.x];
        }
        extern "C" __global__ void forms(int* p) {
          extern __shared__ __align__(16) unsigned char raw[];
          __shared__ alignas(16) int s[4];
          int* dynamic = (int*) raw;
          dynamic[threadIdx.x] = turned((int) threadIdx.x);
          s[threadIdx.x] = turned(2.0f * threadIdx.x);
          __syncthreads();
          int i = (threadIdx.x + 1) % 4;
          p[threadIdx.x] = dynamic[i] + 10 * s[i] + shift[i & 1];
        }
        """;
    long out = allocate(16);
    assertThat(launchStatus(kernel(source, "forms"), 1, 4, 16, pointers(out))).isEqualTo(SUCCESS);
    assertThat(downloadBytes(out, 16).toArray(JAVA_INT)).containsExactly(242, 121, 200, 163);
  }

  @Test
  void theSizesAndOffsetsOfParametersAreKnown() {
    String source =
        """
        struct Shape { int rank; long long sizes[3]; };
        extern "C" __global__ void parameters(float* p, char flag, double d, Shape shape, int4 last) {}
        """;
    MemorySegment kernel = kernel(source, "parameters");
    long[][] expected = {{0, 8}, {8, 1}, {16, 8}, {24, 32}, {64, 16}};
    MemorySegment offset = arena.allocate(JAVA_LONG);
    MemorySegment size = arena.allocate(JAVA_LONG);
    for (int i = 0; i < expected.length; i++) {
      succeed("cuFuncGetParamInfo", kernel, (long) i, offset, size);
      assertThat(new long[] {offset.get(JAVA_LONG, 0), size.get(JAVA_LONG, 0)})
          .containsExactly(expected[i]);
    }
    assertThat(fake.status("cuFuncGetParamInfo", kernel, 5L, offset, size))
        .isEqualTo(INVALID_VALUE);
  }

  @Test
  void aBufferOfParametersOfTheWrongSizeIsRefused() {
    MemorySegment kernel = kernel(DOUBLED, "doubled");
    long in = upload(new float[] {1, 2, 3});
    long out = allocate(12);
    MemorySegment buffer = arena.allocate(24, 8);
    buffer.set(JAVA_LONG, 0, out);
    buffer.set(JAVA_LONG, 8, in);
    buffer.set(JAVA_INT, 16, 3);
    assertThat(launchBuffer(kernel, buffer, 24)).isEqualTo(INVALID_VALUE);
    assertThat(launchBuffer(kernel, buffer, 20)).isEqualTo(SUCCESS);
    assertThat(download(out, 3)).containsExactly(2, 4, 6);
  }

  @Test
  void aKernelThatDoesNotCompileHasALog() {
    MemorySegment program =
        program("extern \"C\" __global__ void broken(float* p) {\n  p[0] = nowhere;\n}\n");
    assertThat(compile(program, "--gpu-architecture=sm_90")).isEqualTo(COMPILATION);
    assertThat(log(program)).contains("test.cu:2:").contains("nowhere");
  }

  @Test
  void whatNvrtcWouldNotKnowIsNotKnown() {
    for (String name : new String[] {"INFINITY", "(uint32_t) 1", "FLT_MAX", "std::max(1, 2)"}) {
      MemorySegment program =
          program("extern \"C\" __global__ void broken(float* p) { p[0] = " + name + "; }");
      assertThat(compile(program, "--gpu-architecture=sm_90")).as(name).isEqualTo(COMPILATION);
    }
  }

  @Test
  void anUnknownOptionIsRefused() {
    MemorySegment program = program(DOUBLED);
    assertThat(compile(program, "--fast")).isEqualTo(INVALID_OPTION);
    assertThat(compile(program, "--gpu-architecture=sm_12")).isEqualTo(INVALID_OPTION);
  }

  @Test
  void aBinaryOfAnotherArchitectureIsRefused() {
    MemorySegment program = program(DOUBLED);
    assertThat(compile(program, "--gpu-architecture=sm_100")).isEqualTo(SUCCESS);
    assertThat(fake.status("cuModuleLoadData", arena.allocate(ADDRESS), cubin(program)))
        .isEqualTo(NO_BINARY);
  }

  @Test
  void theSameSourceIsCompiledOnce() {
    String source = DOUBLED + "// " + System.nanoTime() + "\n";
    kernel(source, "doubled");
    assertThat(fake.count(FakeCuda.Count.COMPILATIONS)).isEqualTo(1);
    kernel(source, "doubled");
    assertThat(fake.count(FakeCuda.Count.COMPILATIONS)).isEqualTo(1);
  }

  @Test
  void headersMacrosAndPtxReachTheKernel() {
    MemorySegment headers = arena.allocate(ADDRESS);
    headers.set(ADDRESS, 0, arena.allocateFrom("__device__ float factor() { return FACTOR; }"));
    MemorySegment names = arena.allocate(ADDRESS);
    names.set(ADDRESS, 0, arena.allocateFrom("factor.h"));
    String source =
        """
        #include "factor.h"
        /* extern "C" __global__ void commented(int* p) {} */
        extern "C" __global__ void __launch_bounds__(64) scaled(float* p) { p[threadIdx.x] = factor(); }
        """;
    MemorySegment handle = arena.allocate(ADDRESS);
    succeed(
        "nvrtcCreateProgram",
        handle,
        arena.allocateFrom(source),
        MemorySegment.NULL,
        1,
        headers,
        names);
    MemorySegment program = handle.get(ADDRESS, 0);
    MemorySegment options = arena.allocate(ADDRESS, 2);
    options.setAtIndex(ADDRESS, 0, arena.allocateFrom("-DFACTOR=2.5f"));
    options.setAtIndex(ADDRESS, 1, arena.allocateFrom("--gpu-architecture=compute_80"));
    succeed("nvrtcCompileProgram", program, 2, options);
    MemorySegment size = arena.allocate(JAVA_LONG);
    succeed("nvrtcGetCUBINSize", program, size);
    assertThat(size.get(JAVA_LONG, 0)).isZero();
    succeed("nvrtcGetPTXSize", program, size);
    MemorySegment ptx = arena.allocate(size.get(JAVA_LONG, 0));
    succeed("nvrtcGetPTX", program, ptx);
    MemorySegment kernel = function(ptx, "scaled");
    long out = allocate(4);
    launch(kernel, 1, 1, pointers(out));
    assertThat(download(out, 1)).containsExactly(2.5f);
    assertThat(launchStatus(kernel, 1, 65, 0, pointers(out))).isEqualTo(INVALID_VALUE);
  }

  @Test
  void severalHostThreadsCanLaunch() throws Exception {
    MemorySegment kernel = kernel(BLOCK_SUM, "block_sum");
    float[] ones = new float[256];
    Arrays.fill(ones, 1);
    long in = upload(ones);
    MemorySegment context = arena.allocate(ADDRESS);
    succeed("cuCtxGetCurrent", context);
    long current = context.get(JAVA_LONG, 0);
    long handle = kernel.address();
    long ofStream = stream.address();
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      List<Future<Float>> sums = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        sums.add(pool.submit(() -> sumInThread(current, handle, ofStream, in)));
      }
      for (Future<Float> sum : sums) {
        assertThat(sum.get()).isEqualTo(256);
      }
    }
    assertThat(fake.violations()).isEmpty();
  }

  private float sumInThread(long context, long kernel, long ofStream, long in) {
    try (Arena own = Arena.ofConfined()) {
      succeed("cuCtxSetCurrent", MemorySegment.ofAddress(context));
      MemorySegment onStream = MemorySegment.ofAddress(ofStream);
      MemorySegment out = own.allocate(JAVA_LONG);
      succeed("cuMemAllocAsync", out, 4L, onStream);
      MemorySegment parameters = own.allocate(ADDRESS, 3);
      parameters.setAtIndex(ADDRESS, 0, out);
      parameters.setAtIndex(ADDRESS, 1, own.allocateFrom(JAVA_LONG, in));
      parameters.setAtIndex(ADDRESS, 2, own.allocateFrom(JAVA_INT, 256));
      MemorySegment function = MemorySegment.ofAddress(kernel);
      succeed(
          "cuLaunchKernel",
          function,
          1,
          1,
          1,
          256,
          1,
          1,
          0,
          onStream,
          parameters,
          MemorySegment.NULL);
      MemorySegment host = own.allocate(4);
      succeed("cuMemcpyDtoHAsync_v2", host, out.get(JAVA_LONG, 0), 4L, onStream);
      succeed("cuStreamSynchronize", onStream);
      succeed("cuMemFreeAsync", out.get(JAVA_LONG, 0), onStream);
      return host.get(JAVA_FLOAT, 0);
    }
  }

  // ---- What kernels do wrong

  @Test
  void aBarrierThatSomeThreadsNeverReachIsAFault() {
    String source =
        """
        extern "C" __global__ void divergent(int* p) {
          if (threadIdx.x == 3) return;
          __syncthreads();
          p[0] = 1;
        }
        """;
    MemorySegment kernel = kernel(source, "divergent");
    launch(kernel, 1, 64, pointers(allocate(4)));
    assertThat(fake.status("cuStreamSynchronize", stream)).isEqualTo(LAUNCH_FAILED);
    assertThat(fake.violations())
        .singleElement()
        .asString()
        .contains("divergent", "1 of 64 have ended", "63 wait at the barrier in line 3");
  }

  @Test
  void aMaskWithoutTheCallingLaneIsAFault() {
    String source =
        "extern \"C\" __global__ void masked(int* p) { p[0] = __shfl_sync(1u, p[0], 0); }";
    launch(kernel(source, "masked"), 1, 2, pointers(allocate(4)));
    assertThat(fake.status("cuStreamSynchronize", stream)).isEqualTo(LAUNCH_FAILED);
    assertThat(fake.violations())
        .singleElement()
        .asString()
        .contains("mask 0x1", "thread (1, 0, 0)");
  }

  @Test
  void aMissingBarrierShowsInTheOtherOrder() {
    String source =
        """
        extern "C" __global__ void race(float* p) {
          __shared__ float s[32];
          s[threadIdx.x] = threadIdx.x;
          if (threadIdx.x == 31) p[0] = s[0];
          __syncthreads();
        }
        """;
    MemorySegment kernel = kernel(source, "race");
    long out = allocate(4);
    launch(kernel, 1, 32, pointers(out));
    assertThat(download(out, 1)).containsExactly(0);
    fake.set(FakeCuda.Setting.THREAD_ORDER, 1);
    launch(kernel, 1, 32, pointers(out));
    assertThat(download(out, 1)).containsExactly(Float.NaN);
  }

  @Test
  void memoryOfAnotherDeviceIsAFault() {
    long here = allocate(4);
    MemorySegment context = arena.allocate(ADDRESS);
    succeed("cuDevicePrimaryCtxRetain", context, 1);
    succeed("cuCtxSetCurrent", context.get(ADDRESS, 0));
    stream = made("cuStreamCreate", 1);
    String source = "extern \"C\" __global__ void write(int* p) { p[0] = 1; }";
    launch(kernel(source, "write"), 1, 1, pointers(here));
    assertThat(fake.status("cuStreamSynchronize", stream)).isEqualTo(ILLEGAL_ADDRESS);
    assertThat(fake.violations()).singleElement().asString().contains("memory of another device");
  }

  @Test
  void dynamicSharedMemoryHasAnEnd() {
    String source =
        """
        extern "C" __global__ void spill(int* p) {
          extern __shared__ int s[];
          s[threadIdx.x] = 1;
        }
        """;
    MemorySegment kernel = kernel(source, "spill");
    MemorySegment parameters = pointers(allocate(4));
    assertThat(launchStatus(kernel, 1, 1, 48 * 1024 + 1, parameters)).isEqualTo(INVALID_VALUE);
    succeed("cuFuncSetAttribute", kernel, 8, 100 * 1024);
    assertThat(launchStatus(kernel, 1, 1, 100 * 1024, parameters)).isEqualTo(SUCCESS);
    assertThat(launchStatus(kernel, 1, 3, 8, parameters)).isEqualTo(SUCCESS);
    assertThat(fake.violations())
        .singleElement()
        .asString()
        .contains("past the end of its 8 bytes of dynamic shared memory");
  }

  @Test
  void aFailedAssertionIsAFault() {
    String source =
        "extern \"C\" __global__ void asserting(int* p) { assert(threadIdx.x < 2); p[0] = 1; }";
    launch(kernel(source, "asserting"), 1, 3, pointers(allocate(4)));
    assertThat(fake.status("cuStreamSynchronize", stream)).isEqualTo(710);
    assertThat(fake.violations()).singleElement().asString().contains("threadIdx.x < 2");
  }

  @Test
  void aKernelThatWritesBeyondItsMemoryIsNamed() {
    String source =
        "extern \"C\" __global__ void beyond(float* p) { p[threadIdx.x] = threadIdx.x; }";
    launch(kernel(source, "beyond"), 1, 5, pointers(allocate(16)));
    assertThat(fake.violations())
        .singleElement()
        .asString()
        .contains("past the end of device memory of 16 bytes", "kernel beyond");
  }

  @Test
  void aKernelThatGetsFreedMemoryIsAFault() {
    long in = upload(new float[] {1});
    long out = allocate(4);
    MemorySegment kernel = kernel(DOUBLED, "doubled");
    succeed("cuMemFreeAsync", in, stream);
    launch(kernel, 1, 1, parameters(out, in, 1));
    assertThat(fake.status("cuStreamSynchronize", stream)).isEqualTo(ILLEGAL_ADDRESS);
    assertThat(fake.violations()).singleElement().asString().contains("points to freed memory");
  }

  @Test
  void sharedMemoryThatNobodyWroteHoldsNoZeros() {
    String source =
        """
        template <class T> __device__ T stale() { __shared__ T s[4]; T v = s[0]; s[0] = 1; return v; }
        extern "C" __global__ void unwritten(float* p) { p[blockIdx.x] = stale<float>(); }
        """;
    long out = allocate(8);
    launch(kernel(source, "unwritten"), 2, 1, pointers(out));
    assertThat(download(out, 2)).containsExactly(Float.NaN, Float.NaN);
  }

  // ---- Faults on request

  @Test
  void theNthCallFails() {
    fake.fail("cuMemAllocAsync", 2, OUT_OF_MEMORY);
    MemorySegment pointer = arena.allocate(JAVA_LONG);
    assertThat(fake.status("cuMemAllocAsync", pointer, 8L, stream)).isEqualTo(SUCCESS);
    assertThat(fake.status("cuMemAllocAsync", pointer, 8L, stream)).isEqualTo(OUT_OF_MEMORY);
    assertThat(fake.status("cuMemAllocAsync", pointer, 8L, stream)).isEqualTo(SUCCESS);
    assertThat(fake.calls("cuMemAllocAsync")).isEqualTo(3);
    assertThat(fake.count(FakeCuda.Count.ALLOCATIONS)).isEqualTo(2);
  }

  @Test
  void aLostDeviceStaysLostUntilItsContextIsReset() {
    MemorySegment kernel = kernel(DOUBLED, "doubled");
    long in = upload(new float[] {1});
    MemorySegment parameters = parameters(allocate(4), in, 1);
    fake.loseDevice(0, 1, ILLEGAL_ADDRESS);
    launch(kernel, 1, 1, parameters);
    succeed("cuStreamSynchronize", stream);
    launch(kernel, 1, 1, parameters);
    assertThat(fake.status("cuStreamSynchronize", stream)).isEqualTo(ILLEGAL_ADDRESS);
    assertThat(fake.status("cuMemFreeAsync", in, stream)).isEqualTo(ILLEGAL_ADDRESS);
    succeed("cuDevicePrimaryCtxReset_v2", 0);
    assertThat(fake.count(FakeCuda.Count.ALLOCATIONS)).isZero();
    stream = made("cuStreamCreate", 1);
    succeed("cuStreamSynchronize", stream);
  }

  @Test
  void whatIsNotSimulatedSaysSo() {
    fake.set(FakeCuda.Setting.LOG_CALLS, 1);
    assertThat(fake.status("cuDeviceGetAttribute", arena.allocate(JAVA_INT), 9999, 0))
        .isEqualTo(801);
    assertThat(fake.log()).singleElement().asString().contains("the fake does not know");
  }

  @Test
  void callsAreWrittenDown() {
    fake.set(FakeCuda.Setting.LOG_CALLS, 1);
    allocate(48);
    assertThat(fake.log())
        .singleElement()
        .asString()
        .startsWith("cuMemAllocAsync 48 bytes")
        .endsWith("-> CUDA_SUCCESS");
  }

  // ---- Time

  @Test
  void whoReadsBeforeTheDeviceIsDoneFindsNothing() {
    MemorySegment kernel = kernel(DOUBLED, "doubled");
    fake.set(FakeCuda.Setting.DELAYED, 1);
    long in = upload(new float[] {1, 2});
    long out = allocate(8);
    launch(kernel, 1, 2, parameters(out, in, 2));
    MemorySegment host = arena.allocateFrom(JAVA_FLOAT, 5, 5);
    succeed("cuMemcpyDtoHAsync_v2", host, out, 8L, stream);
    succeed("cuMemFreeAsync", in, stream);
    assertThat(host.toArray(JAVA_FLOAT)).containsExactly(Float.NaN, Float.NaN);
    assertThat(fake.count(FakeCuda.Count.PENDING)).isEqualTo(4);
    succeed("cuStreamSynchronize", stream);
    assertThat(host.toArray(JAVA_FLOAT)).containsExactly(2, 4);
    assertThat(fake.violations()).isEmpty();
  }

  @Test
  void pinnedMemoryThatChangesTooEarlySpoilsTheCopy() {
    fake.set(FakeCuda.Setting.DELAYED, 1);
    MemorySegment pinned = pinned(8);
    pinned.set(JAVA_LONG, 0, 1);
    long target = allocate(8);
    succeed("cuMemcpyHtoDAsync_v2", target, pinned, 8L, stream);
    pinned.set(JAVA_LONG, 0, 2);
    assertThat(downloadBytes(target, 8).get(JAVA_LONG, 0)).isEqualTo(2);
    succeed("cuMemFreeHost", pinned);
    assertThat(fake.count(FakeCuda.Count.HOST_ALLOCATIONS)).isZero();
  }

  @Test
  void aStreamWaitsForTheEventOfAnother() {
    fake.set(FakeCuda.Setting.DELAYED, 1);
    MemorySegment other = made("cuStreamCreate", 1);
    MemorySegment event = made("cuEventCreate", 0);
    long memory = allocate(4);
    succeed("cuMemsetD32Async", memory, 7, 1L, stream);
    succeed("cuEventRecord", event, stream);
    assertThat(fake.status("cuEventQuery", event)).isEqualTo(600);
    succeed("cuEventQuery", event);
    succeed("cuMemsetD32Async", memory, 8, 1L, stream);
    succeed("cuEventRecord", event, stream);
    succeed("cuStreamWaitEvent", other, event, 0);
    MemorySegment host = arena.allocate(4);
    succeed("cuMemcpyDtoHAsync_v2", host, memory, 4L, other);
    succeed("cuStreamSynchronize", other);
    assertThat(host.get(JAVA_INT, 0)).isEqualTo(8);
  }

  @Test
  void aCaptureIsReplayed() {
    MemorySegment kernel = kernel(DOUBLED, "doubled");
    long in = upload(new float[] {1, 2});
    long out = allocate(8);
    succeed("cuStreamBeginCapture_v2", stream, 1);
    launch(kernel, 1, 2, parameters(out, in, 2));
    launch(kernel, 1, 2, parameters(in, out, 2));
    MemorySegment graph = made("cuStreamEndCapture", stream);
    assertThat(fake.count(FakeCuda.Count.LAUNCHES)).isZero();
    MemorySegment exec = arena.allocate(ADDRESS);
    succeed("cuGraphInstantiateWithFlags", exec, graph, 0L);
    succeed("cuGraphLaunch", exec.get(ADDRESS, 0), stream);
    succeed("cuGraphLaunch", exec.get(ADDRESS, 0), stream);
    assertThat(download(in, 2)).containsExactly(16, 32);
    assertThat(fake.count(FakeCuda.Count.LAUNCHES)).isEqualTo(4);
    succeed("cuGraphExecDestroy", exec.get(ADDRESS, 0));
    succeed("cuGraphDestroy", graph);
    assertThat(fake.count(FakeCuda.Count.GRAPHS)).isZero();
    assertThat(fake.violations()).isEmpty();
  }

  @Test
  void aCaptureHasMemoryOfItsOwn() {
    MemorySegment kernel = kernel(DOUBLED, "doubled");
    long in = upload(new float[] {3});
    long out = allocate(4);
    succeed("cuStreamBeginCapture_v2", stream, 1);
    long between = allocate(4);
    launch(kernel, 1, 1, parameters(between, in, 1));
    launch(kernel, 1, 1, parameters(out, between, 1));
    succeed("cuMemFreeAsync", between, stream);
    MemorySegment graph = made("cuStreamEndCapture", stream);
    MemorySegment exec = arena.allocate(ADDRESS);
    succeed("cuGraphInstantiateWithFlags", exec, graph, 0L);
    succeed("cuGraphLaunch", exec.get(ADDRESS, 0), stream);
    succeed("cuGraphLaunch", exec.get(ADDRESS, 0), stream);
    assertThat(download(out, 1)).containsExactly(12);
    assertThat(fake.count(FakeCuda.Count.ALLOCATIONS)).isEqualTo(2);
    assertThat(fake.violations()).isEmpty();
  }

  @Test
  void aSynchronisationBreaksACapture() {
    succeed("cuStreamBeginCapture_v2", stream, 1);
    assertThat(fake.status("cuStreamSynchronize", stream)).isEqualTo(900);
    assertThat(fake.status("cuStreamEndCapture", stream, arena.allocate(ADDRESS))).isEqualTo(901);
  }

  // ---- Layouts

  @Test
  void theHeadersTellTheirLayouts() {
    Map<String, Long> layouts = FakeCuda.layouts();
    assertThat(layouts)
        .containsEntry("sizeof CUlaunchConfig", 56L)
        .containsEntry("offset CUlaunchConfig.hStream", 32L)
        .containsEntry("CUDA_ERROR_ILLEGAL_ADDRESS", 700L)
        .containsEntry("NVRTC_ERROR_COMPILATION", 6L)
        .hasSizeGreaterThan(100);
  }

  // ---- Small calls

  private void succeed(String function, Object... arguments) {
    assertThat(fake.status(function, arguments)).as(function).isEqualTo(SUCCESS);
  }

  /**
   * What a function makes whose first argument takes the handle, or the last for
   * cuStreamEndCapture.
   */
  private MemorySegment made(String function, Object argument) {
    MemorySegment handle = arena.allocate(ADDRESS);
    if (argument instanceof MemorySegment) {
      succeed(function, argument, handle);
    } else {
      succeed(function, handle, argument);
    }
    return handle.get(ADDRESS, 0);
  }

  private long allocate(long bytes) {
    MemorySegment pointer = arena.allocate(JAVA_LONG);
    succeed("cuMemAllocAsync", pointer, bytes, stream);
    return pointer.get(JAVA_LONG, 0);
  }

  private MemorySegment pinned(long bytes) {
    MemorySegment pointer = arena.allocate(ADDRESS);
    succeed("cuMemHostAlloc", pointer, bytes, 0);
    return pointer.get(ADDRESS, 0).reinterpret(bytes);
  }

  private long upload(float[] numbers) {
    long pointer = allocate(4L * numbers.length);
    MemorySegment host = arena.allocateFrom(JAVA_FLOAT, numbers);
    succeed("cuMemcpyHtoDAsync_v2", pointer, host, host.byteSize(), stream);
    return pointer;
  }

  private float[] download(long pointer, int count) {
    return downloadBytes(pointer, 4L * count).toArray(JAVA_FLOAT);
  }

  private MemorySegment downloadBytes(long pointer, long bytes) {
    MemorySegment host = arena.allocate(bytes, 8);
    succeed("cuMemcpyDtoHAsync_v2", host, pointer, bytes, stream);
    succeed("cuStreamSynchronize", stream);
    return host;
  }

  private MemorySegment program(String source) {
    MemorySegment program = arena.allocate(ADDRESS);
    succeed(
        "nvrtcCreateProgram",
        program,
        arena.allocateFrom(source),
        arena.allocateFrom("test.cu"),
        0,
        MemorySegment.NULL,
        MemorySegment.NULL);
    return program.get(ADDRESS, 0);
  }

  private int compile(MemorySegment program, String option) {
    MemorySegment options = arena.allocate(ADDRESS);
    options.set(ADDRESS, 0, arena.allocateFrom(option));
    return fake.status("nvrtcCompileProgram", program, 1, options);
  }

  private MemorySegment cubin(MemorySegment program) {
    MemorySegment size = arena.allocate(JAVA_LONG);
    succeed("nvrtcGetCUBINSize", program, size);
    MemorySegment cubin = arena.allocate(size.get(JAVA_LONG, 0), 16);
    succeed("nvrtcGetCUBIN", program, cubin);
    return cubin;
  }

  private String log(MemorySegment program) {
    MemorySegment size = arena.allocate(JAVA_LONG);
    succeed("nvrtcGetProgramLogSize", program, size);
    MemorySegment log = arena.allocate(size.get(JAVA_LONG, 0));
    succeed("nvrtcGetProgramLog", program, log);
    return log.getString(0, StandardCharsets.UTF_8);
  }

  private MemorySegment kernel(String source, String name) {
    MemorySegment program = program(source);
    int compiled = compile(program, "--gpu-architecture=sm_90");
    assertThat(compiled).as(log(program)).isEqualTo(SUCCESS);
    return function(cubin(program), name);
  }

  private MemorySegment function(MemorySegment image, String name) {
    MemorySegment module = arena.allocate(ADDRESS);
    succeed("cuModuleLoadData", module, image);
    MemorySegment function = arena.allocate(ADDRESS);
    succeed("cuModuleGetFunction", function, module.get(ADDRESS, 0), arena.allocateFrom(name));
    return function.get(ADDRESS, 0);
  }

  /** The addresses of pointers, as cuLaunchKernel takes them. */
  private MemorySegment pointers(long... values) {
    MemorySegment addresses = arena.allocate(ADDRESS, values.length);
    for (int i = 0; i < values.length; i++) {
      addresses.setAtIndex(ADDRESS, i, arena.allocateFrom(JAVA_LONG, values[i]));
    }
    return addresses;
  }

  private MemorySegment parameters(long out, long in, int n) {
    MemorySegment addresses = arena.allocate(ADDRESS, 3);
    addresses.setAtIndex(ADDRESS, 0, arena.allocateFrom(JAVA_LONG, out));
    addresses.setAtIndex(ADDRESS, 1, arena.allocateFrom(JAVA_LONG, in));
    addresses.setAtIndex(ADDRESS, 2, arena.allocateFrom(JAVA_INT, n));
    return addresses;
  }

  private void launch(MemorySegment kernel, int blocks, int threads, MemorySegment parameters) {
    assertThat(launchStatus(kernel, blocks, threads, 0, parameters)).isEqualTo(SUCCESS);
  }

  private int launchStatus(
      MemorySegment kernel, int blocks, int threads, int shared, MemorySegment parameters) {
    return fake.status(
        "cuLaunchKernel",
        kernel,
        blocks,
        1,
        1,
        threads,
        1,
        1,
        shared,
        stream,
        parameters,
        MemorySegment.NULL);
  }

  private int launchBuffer(MemorySegment kernel, MemorySegment buffer, long bytes) {
    MemorySegment extra = arena.allocate(ADDRESS, 5);
    extra.setAtIndex(ADDRESS, 0, MemorySegment.ofAddress(1));
    extra.setAtIndex(ADDRESS, 1, buffer);
    extra.setAtIndex(ADDRESS, 2, MemorySegment.ofAddress(2));
    extra.setAtIndex(ADDRESS, 3, arena.allocateFrom(JAVA_LONG, bytes));
    return fake.status(
        "cuLaunchKernel", kernel, 1, 1, 1, 32, 1, 1, 0, stream, MemorySegment.NULL, extra);
  }
}
