// The execution of a kernel: its blocks one after another, their threads in turns.
#pragma once

#include "../device/abi.h"
#include "core.h"

namespace fake::blocks {

struct Shape {
  dim3 grid;
  dim3 block;
  unsigned dynamicShared = 0;
};

// A module's static shared memory in this thread.
struct StaticShared {
  void* start = nullptr;
  size_t bytes = 0;
};

// The functions that kernels call.
const simt::Host& host();

// Runs the kernel to its end, or throws what would have stopped a device.
void run(simt::Module& module, const simt::Kernel& kernel, StaticShared shared, const Shape& shape,
         void** parameters);

}  // namespace fake::blocks
