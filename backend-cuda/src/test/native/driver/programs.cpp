// NVRTC: programs, their options and what comes out of them.
#include "programs.h"

#include <algorithm>
#include <cstring>

#include "compiler.h"
#include "core.h"
#include "nvrtc_api.h"

namespace fake {

namespace {

constexpr int architectures[] = {75, 80, 86, 87, 88, 89, 90, 100, 103, 110, 120, 121};
constexpr int defaultArchitecture = 75;

// Options that change nothing here: contraction is always off, and there is only one way to optimise.
constexpr const char* ignoredOptions[] = {
    "--fmad=", "-fmad=", "--ftz=", "-ftz=", "--prec-div=", "-prec-div=", "--prec-sqrt=",
    "-prec-sqrt=", "--use_fast_math", "-use_fast_math", "--extra-device-vectorization",
    "-extra-device-vectorization", "--generate-line-info", "-lineinfo", "--device-debug", "-G",
    "--restrict", "-restrict", "--maxrregcount=", "-maxrregcount=", "--disable-warnings", "-w",
    "--device-as-default-execution-space", "-default-device", "--relocatable-device-code=false",
    "-rdc=false", "--minimal", "-minimal", "--diag-suppress=", "-diag-suppress=",
    "--display-error-number", "--no-source-include", "-no-source-include", "--split-compile=",
    "--std=c++11", "--std=c++14", "--std=c++17", "--std=c++20", "-std=c++11", "-std=c++14",
    "-std=c++17", "-std=c++20"};

struct Program {
  compiler::Request request;
  compiler::Result result;
  bool compiled = false;
  bool virtualArchitecture = false;  // compute_90: only PTX comes out
};

Handles<Program>& allPrograms() {
  static auto& handles = *new Handles<Program>("program", 0x9A);
  return handles;
}

struct Option {
  bool known = true;
  int architecture = 0;
  bool virtualArchitecture = false;
  std::string forCompiler;
};

// What follows one of two prefixes, or null.
const char* behind(const std::string& option, const char* longForm, const char* shortForm) {
  for (const char* prefix : {longForm, shortForm}) {
    size_t length = std::strlen(prefix);
    if (option.compare(0, length, prefix) == 0) {
      return option.c_str() + length;
    }
  }
  return nullptr;
}

Option architectureOption(const std::string& value) {
  Option option;
  option.virtualArchitecture = value.compare(0, 8, "compute_") == 0;
  bool real = value.compare(0, 3, "sm_") == 0;
  std::string digits = value.substr(value.find('_') + 1);
  if (!digits.empty() && (digits.back() == 'a' || digits.back() == 'f')) {
    digits.pop_back();
  }
  option.architecture = std::atoi(digits.c_str());
  bool listed = std::count(std::begin(architectures), std::end(architectures),
                           option.architecture) > 0;
  option.known = (real || option.virtualArchitecture) && listed;
  return option;
}

Option parse(const std::string& text) {
  Option option;
  if (const char* value = behind(text, "--gpu-architecture=", "-arch=")) {
    return architectureOption(value);
  }
  if (const char* value = behind(text, "--define-macro=", "-D")) {
    option.forCompiler = std::string("-D") + value;
  } else if (const char* value = behind(text, "--undefine-macro=", "-U")) {
    option.forCompiler = std::string("-U") + value;
  } else if (const char* value = behind(text, "--include-path=", "-I")) {
    option.forCompiler = std::string("-I") + value;
  } else {
    option.known = std::any_of(std::begin(ignoredOptions), std::end(ignoredOptions),
                               [&](const char* ignored) {
                                 bool prefix = ignored[std::strlen(ignored) - 1] == '=';
                                 return prefix ? text.rfind(ignored, 0) == 0 : text == ignored;
                               });
  }
  return option;
}

nvrtcResult setOptions(Program& program, int count, const char* const* options) {
  program.request.options.clear();
  program.request.architecture = defaultArchitecture;
  program.virtualArchitecture = false;
  for (int i = 0; i < count; i++) {
    Option option = parse(options[i]);
    if (!option.known) {
      program.result.log = std::string("nvrtc: error: invalid value for --") + options[i] + "\n";
      return NVRTC_ERROR_INVALID_OPTION;
    }
    if (option.architecture != 0) {
      program.request.architecture = option.architecture;
      program.virtualArchitecture = option.virtualArchitecture;
    }
    if (!option.forCompiler.empty()) {
      program.request.options.push_back(option.forCompiler);
    }
  }
  return NVRTC_SUCCESS;
}

// Does something with programs under the lock.
template <class Body>
nvrtcResult guarded(Body body) {
  std::lock_guard lock(core().mutex);
  try {
    return body();
  } catch (const Failure& failure) {
    bool handle = failure.code == CUDA_ERROR_INVALID_HANDLE;
    return handle ? NVRTC_ERROR_INVALID_PROGRAM : NVRTC_ERROR_INTERNAL_ERROR;
  } catch (const std::exception&) {
    return NVRTC_ERROR_INTERNAL_ERROR;
  }
}

nvrtcResult logged(const char* function, nvrtcResult result) {
  std::lock_guard lock(core().mutex);
  logLine(std::string(function) + " -> " + nvrtcGetErrorString(result));
  return result;
}

nvrtcResult injectedNvrtc(const char* function) {
  std::lock_guard lock(core().mutex);
  return static_cast<nvrtcResult>(injected(function));
}

// One function of NVRTC: counted, logged, and failing where a test wants it to.
template <class Body>
nvrtcResult callNvrtc(const char* function, Body body) {
  nvrtcResult result = injectedNvrtc(function);
  return logged(function, result == NVRTC_SUCCESS ? guarded(body) : result);
}

// Not under the lock, so that other threads can go on while g++ works.
compiler::Result compileUnlocked(const compiler::Request& request) {
  compiler::Result result;
  try {
    result = compiler::compile(request);
  } catch (const std::exception& failure) {
    result.log = failure.what();
  } catch (const Failure& failure) {
    result.log = failure.why;
  }
  return result;
}

Program& program(nvrtcProgram handle) { return allPrograms().get(handle); }

nvrtcResult answerSize(size_t* size, size_t value) {
  *size = value;
  return NVRTC_SUCCESS;
}

}  // namespace

namespace programs {

void clear() {
  allPrograms().removeIf([](const Program&) { return true; });
}

long long count() { return static_cast<long long>(allPrograms().size()); }

}  // namespace programs
}  // namespace fake

using namespace fake;

extern "C" {

const char* nvrtcGetErrorString(nvrtcResult result) {
  switch (result) {
    case NVRTC_SUCCESS:
      return "NVRTC_SUCCESS";
    case NVRTC_ERROR_OUT_OF_MEMORY:
      return "NVRTC_ERROR_OUT_OF_MEMORY";
    case NVRTC_ERROR_PROGRAM_CREATION_FAILURE:
      return "NVRTC_ERROR_PROGRAM_CREATION_FAILURE";
    case NVRTC_ERROR_INVALID_INPUT:
      return "NVRTC_ERROR_INVALID_INPUT";
    case NVRTC_ERROR_INVALID_PROGRAM:
      return "NVRTC_ERROR_INVALID_PROGRAM";
    case NVRTC_ERROR_INVALID_OPTION:
      return "NVRTC_ERROR_INVALID_OPTION";
    case NVRTC_ERROR_COMPILATION:
      return "NVRTC_ERROR_COMPILATION";
    case NVRTC_ERROR_BUILTIN_OPERATION_FAILURE:
      return "NVRTC_ERROR_BUILTIN_OPERATION_FAILURE";
    case NVRTC_ERROR_INTERNAL_ERROR:
      return "NVRTC_ERROR_INTERNAL_ERROR";
    default:
      return "NVRTC_ERROR unknown";
  }
}

nvrtcResult nvrtcVersion(int* major, int* minor) {
  return callNvrtc("nvrtcVersion", [&] {
    *major = CUDA_VERSION / 1000;
    *minor = CUDA_VERSION % 1000 / 10;
    return NVRTC_SUCCESS;
  });
}

nvrtcResult nvrtcGetNumSupportedArchs(int* count) {
  return callNvrtc("nvrtcGetNumSupportedArchs", [&] {
    *count = static_cast<int>(std::size(architectures));
    return NVRTC_SUCCESS;
  });
}

nvrtcResult nvrtcGetSupportedArchs(int* supported) {
  return callNvrtc("nvrtcGetSupportedArchs", [&] {
    std::copy(std::begin(architectures), std::end(architectures), supported);
    return NVRTC_SUCCESS;
  });
}

nvrtcResult nvrtcCreateProgram(nvrtcProgram* handle, const char* source, const char* name,
                               int headerCount, const char* const* headers,
                               const char* const* includeNames) {
  return callNvrtc("nvrtcCreateProgram", [&] {
    if (handle == nullptr || source == nullptr || headerCount < 0) {
      return NVRTC_ERROR_INVALID_INPUT;
    }
    auto made = std::make_unique<Program>();
    made->request.source = source;
    made->request.name = name == nullptr ? "default_program" : name;
    for (int i = 0; i < headerCount; i++) {
      made->request.headers.push_back({includeNames[i], headers[i]});
    }
    *handle = reinterpret_cast<nvrtcProgram>(allPrograms().add(std::move(made)));
    return NVRTC_SUCCESS;
  });
}

nvrtcResult nvrtcDestroyProgram(nvrtcProgram* handle) {
  return callNvrtc("nvrtcDestroyProgram", [&] {
    allPrograms().remove(*handle);
    *handle = nullptr;
    return NVRTC_SUCCESS;
  });
}

nvrtcResult nvrtcCompileProgram(nvrtcProgram handle, int optionCount, const char* const* options) {
  constexpr const char* function = "nvrtcCompileProgram";
  nvrtcResult result = injectedNvrtc(function);
  compiler::Request request;
  if (result == NVRTC_SUCCESS) {
    result = guarded([&] {
      nvrtcResult valid = setOptions(program(handle), optionCount, options);
      request = program(handle).request;
      return valid;
    });
  }
  if (result != NVRTC_SUCCESS) {
    return logged(function, result);
  }
  compiler::Result made = compileUnlocked(request);
  return logged(function, guarded([&] {
    Program& compiled = program(handle);
    compiled.compiled = made.success;
    compiled.result = std::move(made);
    return compiled.compiled ? NVRTC_SUCCESS : NVRTC_ERROR_COMPILATION;
  }));
}

nvrtcResult nvrtcGetCUBINSize(nvrtcProgram handle, size_t* size) {
  return callNvrtc("nvrtcGetCUBINSize", [&] {
    const Program& of = program(handle);
    if (!of.compiled) {
      return NVRTC_ERROR_INVALID_PROGRAM;
    }
    return answerSize(size, of.virtualArchitecture ? 0 : of.result.bytes.size());
  });
}

nvrtcResult nvrtcGetCUBIN(nvrtcProgram handle, char* cubin) {
  return callNvrtc("nvrtcGetCUBIN", [&] {
    const Program& of = program(handle);
    if (!of.compiled || of.virtualArchitecture) {
      return NVRTC_ERROR_INVALID_PROGRAM;
    }
    std::memcpy(cubin, of.result.bytes.data(), of.result.bytes.size());
    return NVRTC_SUCCESS;
  });
}

nvrtcResult nvrtcGetPTXSize(nvrtcProgram handle, size_t* size) {
  return callNvrtc("nvrtcGetPTXSize", [&] {
    const Program& of = program(handle);
    return of.compiled ? answerSize(size, of.result.ptx.size() + 1) : NVRTC_ERROR_INVALID_PROGRAM;
  });
}

nvrtcResult nvrtcGetPTX(nvrtcProgram handle, char* ptx) {
  return callNvrtc("nvrtcGetPTX", [&] {
    const Program& of = program(handle);
    if (!of.compiled) {
      return NVRTC_ERROR_INVALID_PROGRAM;
    }
    std::memcpy(ptx, of.result.ptx.c_str(), of.result.ptx.size() + 1);
    return NVRTC_SUCCESS;
  });
}

nvrtcResult nvrtcGetProgramLogSize(nvrtcProgram handle, size_t* size) {
  return callNvrtc("nvrtcGetProgramLogSize",
                   [&] { return answerSize(size, program(handle).result.log.size() + 1); });
}

nvrtcResult nvrtcGetProgramLog(nvrtcProgram handle, char* log) {
  return callNvrtc("nvrtcGetProgramLog", [&] {
    const std::string& text = program(handle).result.log;
    std::memcpy(log, text.c_str(), text.size() + 1);
    return NVRTC_SUCCESS;
  });
}

}  // extern "C"
