// Settings, the way into every function, injected faults, the log and the violations: fake_cuda.h's half
// that needs no memory, streams or kernels.
#include "core.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace fake {

namespace {

struct Rule {
  std::string function;
  long long callsLeft;  // until the first failure
  int code;
  long long times;
};

struct Records {
  std::map<std::string, long long> calls;
  std::vector<Rule> rules;
  std::vector<std::string> violations;
  std::string log;
};

constexpr size_t maxViolations = 1000;
constexpr size_t maxLog = size_t{64} << 20;

Records& records() {
  static Records& records = *new Records;
  return records;
}

thread_local Device* current = nullptr;

Settings settingsOfEnvironment() {
  Settings settings;
  if (const char* devices = std::getenv("FAKE_CUDA_DEVICES")) {
    settings.devices = std::atoi(devices);
  }
  if (const char* memory = std::getenv("FAKE_CUDA_MEMORY")) {
    settings.memory = std::strtoull(memory, nullptr, 10);
  }
  return settings;
}

CUresult stateRefusal(Needs needs) {
  if (needs == Needs::nothing) {
    return CUDA_SUCCESS;
  }
  if (!core().initialised) {
    return CUDA_ERROR_NOT_INITIALIZED;
  }
  if (needs == Needs::context) {
    if (current == nullptr) {
      return CUDA_ERROR_INVALID_CONTEXT;
    }
    if (current->retained == 0) {
      return CUDA_ERROR_CONTEXT_IS_DESTROYED;
    }
    return current->lost;
  }
  return CUDA_SUCCESS;
}

long long copyText(const std::string& text, char* target, long long size) {
  if (target != nullptr && size > 0) {
    size_t bytes = std::min(text.size(), static_cast<size_t>(size) - 1);
    std::memcpy(target, text.data(), bytes);
    target[bytes] = 0;
  }
  return static_cast<long long>(text.size()) + 1;
}

}  // namespace

// Never destroyed: threads of a JVM may call until the process is gone.
Core& core() {
  static Core& core = *[] {
    auto* made = new Core;
    made->settings = settingsOfEnvironment();
    return made;
  }();
  return core;
}

Device& currentDevice() { return *current; }
bool hasCurrentDevice() { return current != nullptr; }
void setCurrentDevice(Device* device) { current = device; }

std::string format(const char* pattern, ...) {
  char text[1024];
  va_list arguments;
  va_start(arguments, pattern);
  std::vsnprintf(text, sizeof text, pattern, arguments);
  va_end(arguments);
  return text;
}

void violation(const std::string& text) {
  if (records().violations.size() < maxViolations) {
    records().violations.push_back(text);
  }
  logLine("violation: " + text);
}

long long violationCount() { return static_cast<long long>(records().violations.size()); }
void forgetRecords() { records() = Records{}; }

void lose(Device& device, CUresult code, const std::string& why) {
  if (device.lost == CUDA_SUCCESS) {
    device.lost = code;
    logLine(format("device %d is lost: ", device.index) + why);
  }
}

void logLine(const std::string& line) {
  if (core().settings.logCalls && records().log.size() < maxLog) {
    records().log += line + "\n";
  }
}

int injected(const char* function) {
  records().calls[function]++;
  int code = 0;
  for (Rule& rule : records().rules) {
    if (rule.times == 0 || (rule.function != "*" && rule.function != function)) {
      continue;
    }
    if (rule.callsLeft > 1) {
      rule.callsLeft--;
    } else if (code == 0) {
      code = rule.code;
      rule.times -= rule.times > 0;
    }
  }
  return code;
}

Call::Call(const char* function, Needs needs)
    : lock_(core().mutex), function_(function) {
  refusal_ = static_cast<CUresult>(injected(function));
  if (refusal_ == CUDA_SUCCESS) {
    refusal_ = stateRefusal(needs);
  }
}

CUresult Call::done(CUresult code, const std::string& why) {
  if (core().settings.logCalls) {
    logLine(std::string(function_) + (detail.empty() ? "" : " ") + detail + " -> " + codeName(code) +
            (why.empty() ? "" : " (" + why + ")"));
  }
  return code;
}

}  // namespace fake

using fake::core;
using Lock = std::lock_guard<std::recursive_mutex>;

extern "C" {

void fake_set(int setting, long long value) {
  Lock lock(core().mutex);
  fake::Settings& settings = core().settings;
  switch (setting) {
    case FAKE_DEVICES:
      settings.devices = static_cast<int>(value);
      break;
    case FAKE_MEMORY:
      settings.memory = static_cast<size_t>(value);
      break;
    case FAKE_CAPABILITY:
      settings.capability = static_cast<int>(value);
      break;
    case FAKE_DRIVER_VERSION:
      settings.driverVersion = static_cast<int>(value);
      break;
    case FAKE_DELAYED:
      settings.delayed = value != 0;
      break;
    case FAKE_THREAD_ORDER:
      settings.descending = value != 0;
      break;
    case FAKE_LOG_CALLS:
      settings.logCalls = value != 0;
      break;
    default:
      fake::violation(fake::format("fake_set of an unknown setting %d", setting));
  }
}

long long fake_get(int setting) {
  Lock lock(core().mutex);
  const fake::Settings& settings = core().settings;
  switch (setting) {
    case FAKE_DEVICES:
      return settings.devices;
    case FAKE_MEMORY:
      return static_cast<long long>(settings.memory);
    case FAKE_CAPABILITY:
      return settings.capability;
    case FAKE_DRIVER_VERSION:
      return settings.driverVersion;
    case FAKE_DELAYED:
      return settings.delayed;
    case FAKE_THREAD_ORDER:
      return settings.descending;
    case FAKE_LOG_CALLS:
      return settings.logCalls;
    default:
      return -1;
  }
}

long long fake_calls(const char* function) {
  Lock lock(core().mutex);
  auto found = fake::records().calls.find(function);
  return found == fake::records().calls.end() ? 0 : found->second;
}

void fake_fail(const char* function, long long nth, int code, long long times) {
  Lock lock(core().mutex);
  fake::records().rules.push_back({function, nth, code, times});
}

long long fake_violation(long long index, char* text, long long size) {
  Lock lock(core().mutex);
  const auto& violations = fake::records().violations;
  bool known = index >= 0 && static_cast<size_t>(index) < violations.size();
  return fake::copyText(known ? violations[index] : "", text, size);
}

void fake_forget_violations(void) {
  Lock lock(core().mutex);
  fake::records().violations.clear();
}

long long fake_log(char* text, long long size) {
  Lock lock(core().mutex);
  return fake::copyText(fake::records().log, text, size);
}

void fake_forget_log(void) {
  Lock lock(core().mutex);
  fake::records().log.clear();
}

}  // extern "C"
