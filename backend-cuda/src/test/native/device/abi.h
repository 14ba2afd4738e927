// What a kernel module and the fake driver agree on.
//
// A kernel module is the shared library that the fake NVRTC makes of CUDA C. It exports one symbol,
// `simt_module`, through which the driver finds the kernels, sets the indices and lends its functions.
// Included by both sides, so it includes nothing.
#pragma once

struct uint3 {
  unsigned x, y, z;
};

struct dim3 {
  unsigned x, y, z;
  constexpr dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
};

namespace simt {

constexpr int warpLanes = 32;
constexpr unsigned maxDynamicShared = 227 * 1024;
constexpr unsigned sharedGuard = 256;  // bytes behind the dynamic shared memory that must not change

// One parameter of a kernel, as the device lays it out.
struct Parameter {
  unsigned size;
  unsigned alignment;
  bool pointer;
};

struct Kernel {
  const char* name;
  void (*run)(void** parameters);  // one thread
  void (*runThreads)(void** parameters);  // all threads of a block, one after another
  const Parameter* parameters;
  unsigned parameterCount;
  int maxThreads;  // __launch_bounds__, or 0
};

// What the lanes of a warp do together.
enum class Collective : int { sync, shuffle, ballot };

struct WarpCall {
  Collective kind;
  unsigned mask;
  int line;
  int source;         // shuffle: the lane to read
  unsigned bytes;     // shuffle: the size of the value
  const void* value;  // shuffle
  void* result;       // shuffle
  unsigned vote;      // ballot: this lane's bit; afterwards everybody's
};

// What the block's threads agree on at a barrier.
struct BarrierCall {
  int line;
  int predicate;
  int count;  // afterwards: how many threads had a predicate other than 0
};

// The driver's functions that kernels call.
struct Host {
  void (*barrier)(BarrierCall* call);
  void (*warp)(WarpCall* call);
  unsigned (*activeLanes)();
  void (*trap)(const char* reason, int line);
};

struct Module {
  const char* build;  // which version of these headers the module was compiled with
  int architecture;   // 90 for sm_90
  bool cooperative;   // whether a kernel in it may wait for other threads, and so needs fibers
  const Kernel* kernels;
  unsigned kernelCount;
  uint3* threadIdx;
  uint3* blockIdx;
  dim3* blockDim;
  dim3* gridDim;
  unsigned char* dynamicShared;  // maxDynamicShared + sharedGuard bytes
  const Host* host;              // set by the driver when it loads the module
};

}  // namespace simt
