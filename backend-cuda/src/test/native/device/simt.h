// What stands in front of every kernel that the fake NVRTC compiles: CUDA C's words, the indices, and what
// threads do together. Only what NVRTC itself knows without a header may be here, or a kernel would pass on
// the fake and fail on a device: no INFINITY, no NAN, no uint32_t, no FLT_MAX.
#pragma once

#include "abi.h"
#include "vectors.h"
#include "math.h"
#include "atomics.h"

#define __global__
#define __device__
#define __host__
#define __constant__
#define __forceinline__ inline
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(...)
#define __align__(n) __attribute__((aligned(n)))
#define __grid_constant__
#define __builtin_assume(condition) ((void)0)

// Thread-local, for then all of a module's static shared memory lies in one place, its TLS block, which the
// driver spoils before each block of threads. (A section attribute would do as well, but GCC drops it in
// templates.) The dynamic kind, extern __shared__, is rewritten by the fake NVRTC.
#define __shared__ thread_local

#define __CUDACC__ 1
#define __CUDACC_RTC__ 1
#define NULL nullptr
typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;
typedef long clock_t;

extern "C" int printf(const char*, ...);
extern "C" void* memcpy(void*, const void*, size_t);
extern "C" void* memset(void*, int, size_t);

namespace simt {
static uint3 thread;
static uint3 block;
static dim3 blockExtent;
static dim3 gridExtent;
}  // namespace simt

// A kernel only reads them.
static constexpr const uint3& threadIdx = simt::thread;
static constexpr const uint3& blockIdx = simt::block;
static constexpr const dim3& blockDim = simt::blockExtent;
static constexpr const dim3& gridDim = simt::gridExtent;
constexpr int warpSize = simt::warpLanes;

namespace simt {

extern Module& own;

alignas(128) static unsigned char dynamicShared[maxDynamicShared + sharedGuard];

inline unsigned warp(Collective kind, unsigned mask, int line, unsigned vote = 0) {
  WarpCall call{kind, mask, line, 0, 0, nullptr, nullptr, vote};
  own.host->warp(&call);
  return call.vote;
}

inline int lane() {
  return (int)(((threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x) % warpLanes);
}

template <class T>
inline T shuffle(unsigned mask, T value, int source, int line) {
  T result;
  WarpCall call{Collective::shuffle, mask, line, source, sizeof(T), &value, &result, 0};
  own.host->warp(&call);
  return result;
}

inline int barrier(int predicate, int line) {
  BarrierCall call{line, predicate, 0};
  own.host->barrier(&call);
  return call.count;
}

}  // namespace simt

// The line is that of the call in the kernel: it tells two barriers apart.
inline void __syncthreads(int line = __builtin_LINE()) { simt::barrier(0, line); }
inline int __syncthreads_count(int predicate, int line = __builtin_LINE()) {
  return simt::barrier(predicate, line);
}
inline int __syncthreads_or(int predicate, int line = __builtin_LINE()) {
  return simt::barrier(predicate, line) != 0;
}
inline int __syncthreads_and(int predicate, int line = __builtin_LINE()) {
  return simt::barrier(!predicate, line) == 0;
}
inline void __syncwarp(unsigned mask = ~0u, int line = __builtin_LINE()) {
  simt::warp(simt::Collective::sync, mask, line);
}
inline unsigned __ballot_sync(unsigned mask, int predicate, int line = __builtin_LINE()) {
  return simt::warp(simt::Collective::ballot, mask, line, predicate != 0);
}
inline int __any_sync(unsigned mask, int predicate, int line = __builtin_LINE()) {
  return simt::warp(simt::Collective::ballot, mask, line, predicate != 0) != 0;
}
inline int __all_sync(unsigned mask, int predicate, int line = __builtin_LINE()) {
  return simt::warp(simt::Collective::ballot, mask, line, predicate == 0) == 0;
}
inline unsigned __activemask() { return simt::own.host->activeLanes(); }

// For exactly CUDA's types. A shuffle stays within its segment of `width` lanes: who would reach beyond reads
// himself.
#define SIMT_SHUFFLES(T)                                                                        \
  inline T __shfl_sync(unsigned mask, T value, int source, int width = warpSize,                \
                       int line = __builtin_LINE()) {                                           \
    int start = simt::lane() & -width;                                                          \
    return simt::shuffle(mask, value, start + (source & (width - 1)), line);                    \
  }                                                                                             \
  inline T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = warpSize,         \
                          int line = __builtin_LINE()) {                                        \
    int self = simt::lane();                                                                    \
    int source = self - (int)delta;                                                             \
    return simt::shuffle(mask, value, source < (self & -width) ? self : source, line);          \
  }                                                                                             \
  inline T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = warpSize,       \
                            int line = __builtin_LINE()) {                                      \
    int self = simt::lane();                                                                    \
    int source = self + (int)delta;                                                             \
    return simt::shuffle(mask, value, source >= (self & -width) + width ? self : source, line); \
  }                                                                                             \
  inline T __shfl_xor_sync(unsigned mask, T value, int bits, int width = warpSize,              \
                           int line = __builtin_LINE()) {                                       \
    int self = simt::lane();                                                                    \
    int source = self ^ bits;                                                                   \
    return simt::shuffle(mask, value, source >= (self & -width) + width ? self : source, line); \
  }
SIMT_SHUFFLES(int)
SIMT_SHUFFLES(unsigned)
SIMT_SHUFFLES(long)
SIMT_SHUFFLES(unsigned long)
SIMT_SHUFFLES(long long)
SIMT_SHUFFLES(unsigned long long)
SIMT_SHUFFLES(float)
SIMT_SHUFFLES(double)

// Reads and writes with a hint for the caches.
#define SIMT_LOAD(name)         \
  template <class T>            \
  inline T name(const T* p) {   \
    return *p;                  \
  }                             \
  bool name(const bool*) = delete;
#define SIMT_STORE(name)               \
  template <class T>                   \
  inline void name(T* p, T value) {    \
    *p = value;                        \
  }                                    \
  void name(bool*, bool) = delete;
SIMT_LOAD(__ldg)
SIMT_LOAD(__ldca)
SIMT_LOAD(__ldcg)
SIMT_LOAD(__ldcs)
SIMT_LOAD(__ldcv)
SIMT_LOAD(__ldlu)
SIMT_STORE(__stcg)
SIMT_STORE(__stcs)
SIMT_STORE(__stwb)
SIMT_STORE(__stwt)

inline void __nanosleep(unsigned) {}
inline void __trap(int line = __builtin_LINE()) { simt::own.host->trap("__trap", line); }
#define assert(condition) ((condition) ? (void)0 : simt::own.host->trap("assert(" #condition ")", __LINE__))

// ---- Registration: the lines that the fake NVRTC appends.

namespace simt {

template <class T>
constexpr bool isPointer = false;
template <class T>
constexpr bool isPointer<T*> = true;
template <class T>
constexpr bool isPointer<T* __restrict__> = true;

template <auto F>
struct Entry;

template <class... A, void (*F)(A...)>
struct Entry<F> {
  static constexpr Parameter parameters[sizeof...(A) + 1] = {
      {sizeof(A), alignof(A), isPointer<A>}..., {0, 0, false}};

  template <int... I>
  struct Indices {};

  template <int... I>
  static void call(void** values, Indices<I...>) {
    F(*(A*)values[I]...);
  }

  static void run(void** values) { call(values, Indices<__integer_pack(sizeof...(A))...>()); }

  static void runThreads(void** values) {
    for (thread.z = 0; thread.z < blockExtent.z; thread.z++) {
      for (thread.y = 0; thread.y < blockExtent.y; thread.y++) {
        for (thread.x = 0; thread.x < blockExtent.x; thread.x++) {
          run(values);
        }
      }
    }
  }
};

}  // namespace simt

#define SIMT_KERNEL(name, maxThreads)                                                       \
  {#name, simt::Entry<&name>::run, simt::Entry<&name>::runThreads,                          \
   simt::Entry<&name>::parameters, sizeof simt::Entry<&name>::parameters / sizeof(simt::Parameter) - 1, \
   maxThreads}

#define SIMT_MODULE(build, architecture, cooperative, ...)                                   \
  static const simt::Kernel simt_kernels[] = {__VA_ARGS__ {nullptr, nullptr, nullptr, nullptr, 0, 0}}; \
  extern "C" __attribute__((visibility("default"))) simt::Module simt_module = {             \
      build, architecture, cooperative, simt_kernels,                                        \
      sizeof simt_kernels / sizeof(simt::Kernel) - 1, &simt::thread, &simt::block,      \
      &simt::blockExtent, &simt::gridExtent,                                                 \
      simt::dynamicShared, nullptr};                                                         \
  simt::Module& simt::own = simt_module;

// Behind __shared__, where g++ takes no alignas, CUDA C may have one. Of a number, not of a type.
#define alignas(n) __attribute__((aligned(n)))

// What g++ knows and NVRTC does not.
#undef __FLT_MAX__
#undef __FLT_MIN__
#undef __FLT_EPSILON__
#undef __DBL_MAX__
#undef __DBL_MIN__
#undef __DBL_EPSILON__
#undef __INT_MAX__
#undef __LONG_MAX__
#undef __LONG_LONG_MAX__
#pragma GCC poison __builtin_inff __builtin_huge_val __builtin_huge_valf __builtin_nan __builtin_nanf
#pragma GCC poison __builtin_popcount __builtin_clz __builtin_ctz __builtin_ffs __builtin_memcpy
#pragma GCC poison __builtin_trap __builtin_fabsf __builtin_sqrtf __builtin_fmaf
