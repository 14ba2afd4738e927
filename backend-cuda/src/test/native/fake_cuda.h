// What a test may ask of the fake driver, beside NVIDIA's own functions. Plain C, so that Java binds it.
//
// Two settings are read from the environment when the library is loaded: FAKE_CUDA_DEVICES (how many, 2) and
// FAKE_CUDA_MEMORY (bytes a device, 4 GiB). FAKE_CUDA_CACHE names the folder of compiled kernels.
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

// ---- Settings

enum FakeSetting {
  FAKE_DEVICES = 0,         // how many; 0 makes cuInit answer CUDA_ERROR_NO_DEVICE
  FAKE_MEMORY = 1,          // bytes of each device
  FAKE_CAPABILITY = 2,      // 90 for 9.0
  FAKE_DRIVER_VERSION = 3,  // 13000 for 13.0
  FAKE_DELAYED = 4,         // 1: work is done when the host synchronises, not before
  FAKE_THREAD_ORDER = 5,    // 1: blocks and threads run from the last to the first
  FAKE_LOG_CALLS = 6        // 1: calls are written down
};

void fake_set(int setting, long long value);
long long fake_get(int setting);

// The compiler of kernels ("g++") and the folder that keeps what it made.
void fake_set_compiler(const char* path);
void fake_set_cache(const char* folder);

// Frees whatever is alive, forgets rules, counts, logs and violations, and heals lost devices. The settings
// stay, and the driver stays initialised.
void fake_reset(void);

// ---- Counts

enum FakeCount {
  FAKE_ALLOCATIONS = 0,  // of device memory, alive
  FAKE_BYTES = 1,
  FAKE_PEAK_BYTES = 2,
  FAKE_HOST_ALLOCATIONS = 3,
  FAKE_HOST_BYTES = 4,
  FAKE_STREAMS = 5,
  FAKE_EVENTS = 6,
  FAKE_MODULES = 7,
  FAKE_GRAPHS = 8,
  FAKE_GRAPH_EXECS = 9,
  FAKE_CONTEXTS = 10,  // retained and not released
  FAKE_PROGRAMS = 11,  // of NVRTC
  FAKE_LAUNCHES = 12,  // kernels run since the last reset, those of graphs included
  FAKE_COMPILATIONS = 13,  // runs of the compiler, so not those answered by the cache
  FAKE_PENDING = 14    // operations that wait for a synchronisation
};

long long fake_count(int count);

// How often a function was called since the last reset: fake_calls("cuLaunchKernel").
long long fake_calls(const char* function);

// ---- Faults

// Makes the nth call from now of a function (1 is the next; "*" counts all) and the `times - 1` after it
// answer `code` and do nothing. times < 0: for ever.
void fake_fail(const char* function, long long nth, int code, long long times);

// Loses a device: after `launches` more kernels, the next one and every later call on the device answers
// `code` (700, CUDA_ERROR_ILLEGAL_ADDRESS, is usual), until the primary context is reset.
void fake_lose_device(int device, long long launches, int code);

// ---- What went wrong that a real driver would not have told: memory written outside of its bounds or after
// it was freed, freed twice, handles used after their end, memory still alive when a context ends, and the
// reasons of faults in kernels.

// Looks at all memory, and answers how many violations are known.
long long fake_violations(void);

// The text of a violation. As for the log: answers the bytes it takes with its end, and writes at most `size`.
long long fake_violation(long long index, char* text, long long size);
void fake_forget_violations(void);

// ---- The log: one line a call, "cuMemAllocAsync 4096 bytes = 0x7f.. -> CUDA_SUCCESS".

long long fake_log(char* text, long long size);
void fake_forget_log(void);

#ifdef __cplusplus
}
#endif
