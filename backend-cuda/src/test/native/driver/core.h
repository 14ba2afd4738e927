// The state that all parts of the fake driver share, and the way into every function of it.
#pragma once

#include <cuda.h>

#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "../fake_cuda.h"

// cuFuncGetParamInfo came with 12.4.
static_assert(CUDA_VERSION >= 12040, "the fake driver needs cuda.h 12.4 or later");

namespace fake {

// Thrown inside of the driver, answered as a code at its boundary.
struct Failure {
  CUresult code;
  std::string why;
};

struct Settings {
  int devices = 2;
  size_t memory = size_t{4} << 30;
  int capability = 90;
  int driverVersion = CUDA_VERSION;
  bool delayed = false;
  bool descending = false;
  bool logCalls = false;
};

// One piece of work in a stream or a graph. A graph runs it more than once.
struct Operation {
  enum class Kind { kernel, copy, set, allocate, free, event };
  Kind kind;
  std::string what;
  std::function<void()> run;
};

struct Device;

// What a stream has recorded since cuStreamBeginCapture.
struct Capture {
  CUstreamCaptureMode mode;
  bool broken = false;
  std::vector<Operation> operations;
};

struct Stream {
  std::string name;
  Device* device = nullptr;
  unsigned flags = 0;
  std::deque<Operation> queue;
  uint64_t submitted = 0;
  uint64_t done = 0;
  std::unique_ptr<Capture> capture;

  bool blocking() const { return (flags & CU_STREAM_NON_BLOCKING) == 0; }
};

struct Pool {
  uint64_t releaseThreshold = 0;
  uint64_t used = 0;
  uint64_t usedHigh = 0;
  uint64_t reserved = 0;
  uint64_t reservedHigh = 0;
  std::map<CUmemPool_attribute, int> flags;
};

// A device with its primary context: CUcontext is a pointer to it, CUmemoryPool one to its pool.
struct Device {
  int index = 0;
  int retained = 0;
  CUresult lost = CUDA_SUCCESS;
  bool losing = false;
  long long launchesLeft = 0;  // while losing
  CUresult losingCode = CUDA_SUCCESS;
  size_t unpooled = 0;  // bytes of cuMemAlloc
  Pool pool;
  Stream legacy;  // the stream 0
};

// Live objects by handle. A handle is never used again, so a stale one is always found out, and it tells what
// it is a handle of, so an event given for a stream is found out too.
template <class T>
class Handles {
 public:
  Handles(const char* kind, uintptr_t tag) : kind_(kind), next_(tag << 40) {}

  uintptr_t add(std::unique_ptr<T> object) {
    next_ += 16;
    objects_[next_] = std::move(object);
    return next_;
  }

  T& get(const void* handle) const {
    auto found = objects_.find(reinterpret_cast<uintptr_t>(handle));
    if (found == objects_.end()) {
      throw Failure{CUDA_ERROR_INVALID_HANDLE, std::string("not a live ") + kind_};
    }
    return *found->second;
  }

  std::unique_ptr<T> remove(const void* handle) {
    get(handle);
    auto found = objects_.find(reinterpret_cast<uintptr_t>(handle));
    std::unique_ptr<T> object = std::move(found->second);
    objects_.erase(found);
    return object;
  }

  size_t size() const { return objects_.size(); }
  const std::map<uintptr_t, std::unique_ptr<T>>& all() const { return objects_; }

  template <class Condition>
  void removeIf(Condition condition) {
    std::erase_if(objects_, [&](const auto& entry) { return condition(*entry.second); });
  }

 private:
  const char* kind_;
  uintptr_t next_;
  std::map<uintptr_t, std::unique_ptr<T>> objects_;
};

struct Core {
  // One lock for all: the fake is there to be right, not fast. Compilation is done without it.
  std::recursive_mutex mutex;
  Settings settings;
  bool initialised = false;
  std::vector<std::unique_ptr<Device>> devices;
  long long launches = 0;
  long long compilations = 0;
};

Core& core();

// The device whose context is current in this thread.
Device& currentDevice();
bool hasCurrentDevice();
void setCurrentDevice(Device* device);

// ---- What happened

void violation(const std::string& text);
long long violationCount();
void forgetRecords();  // violations, log, counts and rules
std::string format(const char* pattern, ...) __attribute__((format(printf, 1, 2)));
const char* codeName(CUresult code);

// Marks a device as lost, as a kernel's fault does.
void lose(Device& device, CUresult code, const std::string& why);

// ---- The way in

enum class Needs { nothing, initialisation, context };

// Counts and logs one call; what a body adds to `detail` stands in the log.
class Call {
 public:
  Call(const char* function, Needs needs);
  CUresult refusal() const { return refusal_; }
  CUresult done(CUresult code, const std::string& why = "");
  std::string detail;

 private:
  std::lock_guard<std::recursive_mutex> lock_;
  const char* function_;
  CUresult refusal_;
};

template <class Body>
CUresult call(const char* function, Needs needs, Body body) {
  Call call(function, needs);
  if (call.refusal() != CUDA_SUCCESS) {
    return call.done(call.refusal(), "refused");
  }
  try {
    body(call.detail);
    return call.done(CUDA_SUCCESS);
  } catch (const Failure& failure) {
    return call.done(failure.code, failure.why);
  } catch (const std::exception& failure) {
    return call.done(CUDA_ERROR_UNKNOWN, failure.what());  // of the host: a full disk, say
  }
}

// Throws unless a condition of the arguments holds.
inline void require(bool condition, const char* what, CUresult code = CUDA_ERROR_INVALID_VALUE) {
  if (!condition) {
    throw Failure{code, what};
  }
}

// Counts a call of NVRTC, and answers the code that a test asked for, or 0.
int injected(const char* function);
void logLine(const std::string& line);

}  // namespace fake
