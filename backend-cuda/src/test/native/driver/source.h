// What is done to CUDA C before g++ can read it.
#pragma once

#include <string>
#include <vector>

namespace fake::source {

// The text with its comments turned into blanks; lines stay where they are.
std::string withoutComments(const std::string& text);

// extern __shared__ T name[]; as a pointer to the block's dynamic shared memory.
std::string withDynamicShared(const std::string& text);

// Whether a thread of it may wait for others, or stop: then its threads must be fibers.
bool cooperative(const std::string& text);

struct Kernel {
  std::string name;
  int maxThreads;  // __launch_bounds__, or 0
};

// The kernels that it defines.
std::vector<Kernel> kernels(const std::string& text);

}  // namespace fake::source
