// Modules, functions and launches. A "CUBIN" is the shared library that the fake NVRTC made; loading it is
// loading that. A "PTX" is a text that names such a library in the cache.
#include "modules.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "blocks.h"
#include "compiler.h"
#include "memory.h"
#include "streams.h"

// The address of a thread-local variable, as the compiler asks for it: glibc's interface, in no header.
struct TlsIndex {
  unsigned long module;
  unsigned long offset;
};
extern "C" void* __tls_get_addr(TlsIndex* index);

namespace fake {

namespace {

struct Module {
  Device* device = nullptr;
  void* library = nullptr;
  simt::Module* content = nullptr;
  unsigned long tlsModule = 0;
  size_t staticShared = 0;
  bool unloaded = false;

  ~Module() {
    if (library != nullptr) {
      dlclose(library);
    }
  }
};

// Shared with the launches that wait.
struct ModuleHandle {
  std::shared_ptr<Module> module;
};

struct Function {
  std::shared_ptr<Module> module;
  const simt::Kernel* kernel;
  int maxDynamicShared = modules::maxShared;
};

Handles<ModuleHandle>& allModules() {
  static auto& handles = *new Handles<ModuleHandle>("module", 0x3D);
  return handles;
}

Handles<Function>& allFunctions() {
  static auto& handles = *new Handles<Function>("function", 0xF0);
  return handles;
}

size_t alignUp(size_t offset, size_t alignment) {
  return (offset + alignment - 1) / alignment * alignment;
}

// Where the parameters lie, one behind the other, and where the last one ends.
std::vector<size_t> parameterOffsets(const simt::Kernel& kernel) {
  std::vector<size_t> offsets;
  size_t offset = 0;
  for (unsigned i = 0; i < kernel.parameterCount; i++) {
    offset = alignUp(offset, kernel.parameters[i].alignment);
    offsets.push_back(offset);
    offset += kernel.parameters[i].size;
  }
  offsets.push_back(offset);
  return offsets;
}

// ---- Loading

size_t elfSize(const Elf64_Ehdr& header) {
  return header.e_shoff + size_t{header.e_shnum} * header.e_shentsize;
}

size_t tlsSize(const std::string& image) {
  auto* header = reinterpret_cast<const Elf64_Ehdr*>(image.data());
  auto* segments = reinterpret_cast<const Elf64_Phdr*>(image.data() + header->e_phoff);
  for (int i = 0; i < header->e_phnum; i++) {
    if (segments[i].p_type == PT_TLS) {
      return segments[i].p_memsz;
    }
  }
  return 0;
}

bool isElf(const void* image) { return std::memcmp(image, ELFMAG, SELFMAG) == 0; }

std::string bytesOf(const void* image) {
  if (isElf(image)) {
    auto* header = static_cast<const Elf64_Ehdr*>(image);
    return {static_cast<const char*>(image), elfSize(*header)};
  }
  std::string bytes = compiler::ofPtx(static_cast<const char*>(image));
  require(!bytes.empty(), "neither a CUBIN nor a PTX that the fake NVRTC made",
          CUDA_ERROR_INVALID_IMAGE);
  return bytes;
}

// A device runs binaries of its own major version, up to its own minor; PTX of its version and all before.
void checkArchitecture(int architecture, bool ptx) {
  int capability = core().settings.capability;
  bool runs = architecture <= capability && (ptx || architecture / 10 == capability / 10);
  require(runs, format("compiled for %d, the device is %d", architecture, capability).c_str(),
          CUDA_ERROR_NO_BINARY_FOR_GPU);
}

std::shared_ptr<Module> load(const void* image) {
  std::string bytes = bytesOf(image);
  // The loader takes two files for one if they have the same name or inode: each module gets its own, which
  // can go as soon as it is loaded.
  std::string path = compiler::uniquePath("module") + ".so";
  compiler::writeFile(path, bytes);
  auto module = std::make_shared<Module>();
  module->library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  unlink(path.c_str());
  require(module->library != nullptr, "the library cannot be loaded", CUDA_ERROR_INVALID_IMAGE);
  module->content = static_cast<simt::Module*>(dlsym(module->library, "simt_module"));
  require(module->content != nullptr && compiler::build() == module->content->build,
          "compiled by another version of the fake NVRTC", CUDA_ERROR_INVALID_IMAGE);
  checkArchitecture(module->content->architecture, !isElf(image));
  module->device = &currentDevice();
  module->content->host = &blocks::host();
  module->staticShared = tlsSize(bytes);
  if (module->staticShared > 0) {
    dlinfo(module->library, RTLD_DI_TLS_MODID, &module->tlsModule);
  }
  return module;
}

const simt::Kernel* findKernel(const Module& module, const char* name) {
  for (unsigned i = 0; i < module.content->kernelCount; i++) {
    if (std::strcmp(module.content->kernels[i].name, name) == 0) {
      return &module.content->kernels[i];
    }
  }
  return nullptr;
}

// ---- Launching

// A launch's own copy of its parameters, as a device takes it.
class Parameters {
 public:
  explicit Parameters(const simt::Kernel& kernel)
      : offsets_(parameterOffsets(kernel)), storage_(offsets_.back() / sizeof(Word) + 1) {}

  size_t bytes() const { return offsets_.back(); }

  void takeEach(const simt::Kernel& kernel, void** values) {
    require(values != nullptr || kernel.parameterCount == 0, "no parameters");
    for (unsigned i = 0; i < kernel.parameterCount; i++) {
      require(values[i] != nullptr, "a parameter without an address");
      std::memcpy(at(i), values[i], kernel.parameters[i].size);
    }
  }

  void takeBuffer(const void* buffer) { std::memcpy(storage_.data(), buffer, bytes()); }

  std::vector<void*> addresses() {
    std::vector<void*> result;
    for (size_t i = 0; i + 1 < offsets_.size(); i++) {
      result.push_back(at(i));
    }
    return result;
  }

  char* at(size_t index) { return reinterpret_cast<char*>(storage_.data()) + offsets_[index]; }

 private:
  // The strictest alignment that a parameter can have.
  struct alignas(64) Word {
    char bytes[64];
  };
  std::vector<size_t> offsets_;
  std::vector<Word> storage_;
};

// The buffer form of a launch's parameters. The real driver refuses a wrong size, too.
void takeExtra(Parameters& parameters, void** extra) {
  const void* buffer = nullptr;
  size_t bytes = 0;
  for (int i = 0; extra[i] != CU_LAUNCH_PARAM_END; i += 2) {
    if (extra[i] == CU_LAUNCH_PARAM_BUFFER_POINTER) {
      buffer = extra[i + 1];
    } else if (extra[i] == CU_LAUNCH_PARAM_BUFFER_SIZE) {
      bytes = *static_cast<size_t*>(extra[i + 1]);
    } else {
      throw Failure{CUDA_ERROR_INVALID_VALUE, "an unknown extra"};
    }
  }
  require(buffer != nullptr, "a buffer of parameters without an address");
  require(bytes == parameters.bytes(),
          format("a buffer of %zu bytes, the parameters take %zu", bytes, parameters.bytes())
              .c_str());
  parameters.takeBuffer(buffer);
}

void checkShape(const Function& function, const blocks::Shape& shape) {
  const dim3& grid = shape.grid;
  const dim3& block = shape.block;
  require(grid.x > 0 && grid.y > 0 && grid.z > 0 && block.x > 0 && block.y > 0 && block.z > 0,
          "an extent of 0");
  require(grid.x <= modules::maxGridX && grid.y <= modules::maxGridYZ &&
              grid.z <= modules::maxGridYZ,
          "the grid is too large");
  size_t threads = size_t{block.x} * block.y * block.z;
  require(threads <= modules::maxBlockThreads && block.z <= modules::maxBlockZ,
          "the block is too large");
  require(function.kernel->maxThreads == 0 ||
              threads <= static_cast<size_t>(function.kernel->maxThreads),
          "the block is larger than __launch_bounds__ says", CUDA_ERROR_INVALID_VALUE);
  require(shape.dynamicShared <= static_cast<unsigned>(function.maxDynamicShared),
          "more dynamic shared memory than the function's attribute allows");
  require(shape.dynamicShared + function.module->staticShared <= modules::maxSharedOptIn,
          "more shared memory than a block can have");
}

// All addresses among the parameters: certain ones of pointers, and what in a structure may be one. Around
// either, the red zones are looked at after the launch.
struct Pointer {
  uintptr_t value;
  bool certain;
  unsigned parameter;
};

std::vector<Pointer> pointersOf(const simt::Kernel& kernel, Parameters& parameters) {
  std::vector<Pointer> pointers;
  for (unsigned i = 0; i < kernel.parameterCount; i++) {
    const simt::Parameter& parameter = kernel.parameters[i];
    if (parameter.alignment < sizeof(uintptr_t)) {
      continue;
    }
    for (size_t offset = 0; offset + sizeof(uintptr_t) <= parameter.size;
         offset += sizeof(uintptr_t)) {
      uintptr_t value;
      std::memcpy(&value, parameters.at(i) + offset, sizeof value);
      if (value != 0) {
        pointers.push_back({value, parameter.pointer, i});
      }
    }
  }
  return pointers;
}

void checkPointers(const std::string& what, const Device& device,
                   const std::vector<Pointer>& pointers) {
  for (const Pointer& pointer : pointers) {
    // An unused place of a structure may hold anything, an old address too.
    if (!pointer.certain) {
      continue;
    }
    Allocation* allocation = memory::find(pointer.value);
    const char* complaint = nullptr;
    if (allocation == nullptr) {
      complaint = "points to no allocation";
    } else if (!allocation->usable()) {
      complaint = "points to freed memory";
    } else if (allocation->device != nullptr && allocation->device != &device) {
      complaint = "points to memory of another device";
    }
    if (complaint != nullptr) {
      std::string text = what + format(": parameter %u, 0x%zx, ", pointer.parameter,
                                       static_cast<size_t>(pointer.value)) +
                         complaint;
      violation(text);
      throw Failure{CUDA_ERROR_ILLEGAL_ADDRESS, text};
    }
  }
}

void countLaunch(Device& device) {
  if (device.losing && device.launchesLeft-- <= 0) {
    device.losing = false;
    throw Failure{device.losingCode, "a test asked for it"};
  }
  core().launches++;
}

void execute(const std::string& what, Device& device, Module& module, const simt::Kernel& kernel,
             const blocks::Shape& shape, Parameters& parameters) {
  if (module.unloaded) {
    violation(what + ": its module is unloaded");
    throw Failure{CUDA_ERROR_ILLEGAL_ADDRESS, "the module is unloaded"};
  }
  countLaunch(device);
  std::vector<Pointer> pointers = pointersOf(kernel, parameters);
  checkPointers(what, device, pointers);
  blocks::StaticShared shared;
  shared.bytes = module.staticShared;
  if (module.staticShared > 0) {
    TlsIndex start{module.tlsModule, 0};
    shared.start = __tls_get_addr(&start);
  }
  blocks::run(*module.content, kernel, shared, shape, parameters.addresses().data());
  for (const Pointer& pointer : pointers) {
    if (Allocation* allocation = memory::find(pointer.value)) {
      memory::inspect(*allocation, "after " + what);
    }
  }
}

void launch(std::string& detail, CUfunction handle, const blocks::Shape& shape,
            CUstream streamHandle, void** values, void** extra) {
  Function& function = allFunctions().get(handle);
  Stream& stream = streams::get(streamHandle);
  const simt::Kernel& kernel = *function.kernel;
  std::string what = format("kernel %s<<<(%u, %u, %u), (%u, %u, %u), %u>>>", kernel.name,
                            shape.grid.x, shape.grid.y, shape.grid.z, shape.block.x,
                            shape.block.y, shape.block.z, shape.dynamicShared);
  detail = what + " in " + stream.name;
  require(function.module->device == stream.device && stream.device == &currentDevice(),
          "function, stream and current context are not of one device", CUDA_ERROR_INVALID_HANDLE);
  checkShape(function, shape);
  auto parameters = std::make_shared<Parameters>(kernel);
  require(values == nullptr || extra == nullptr, "parameters in two ways");
  if (extra != nullptr) {
    takeExtra(*parameters, extra);
  } else {
    parameters->takeEach(kernel, values);
  }
  std::shared_ptr<Module> module = function.module;
  Device* device = stream.device;
  const simt::Kernel* launched = &kernel;
  streams::submit(stream, {Operation::Kind::kernel, what, [=] {
    // A kernel may change its parameters; a graph that runs it again gives it the first ones.
    Parameters copy = *parameters;
    execute(what, *device, *module, *launched, shape, copy);
  }});
}

void unload(ModuleHandle& handle) {
  handle.module->unloaded = true;
  allFunctions().removeIf(
      [&](const Function& function) { return function.module == handle.module; });
}

}  // namespace

namespace modules {

void clear(Device* device) {
  for (auto& [handle, module] : allModules().all()) {
    if (device == nullptr || module->module->device == device) {
      unload(*module);
    }
  }
  allModules().removeIf([&](const ModuleHandle& handle) {
    return device == nullptr || handle.module->device == device;
  });
}

long long count() { return static_cast<long long>(allModules().size()); }

}  // namespace modules
}  // namespace fake

// ---- NVIDIA's functions

using namespace fake;

extern "C" {

CUresult CUDAAPI cuModuleLoadData(CUmodule* handle, const void* image) {
  return call("cuModuleLoadData", Needs::context, [&](std::string&) {
    require(image != nullptr, "no image");
    auto made = std::make_unique<ModuleHandle>();
    made->module = load(image);
    *handle = reinterpret_cast<CUmodule>(allModules().add(std::move(made)));
  });
}

CUresult CUDAAPI cuModuleUnload(CUmodule handle) {
  return call("cuModuleUnload", Needs::context, [&](std::string&) {
    ModuleHandle& module = allModules().get(handle);
    streams::drainDevice(*module.module->device);
    unload(module);
    allModules().remove(handle);
  });
}

CUresult CUDAAPI cuModuleGetFunction(CUfunction* function, CUmodule handle, const char* name) {
  return call("cuModuleGetFunction", Needs::context, [&](std::string& detail) {
    detail = name;
    const ModuleHandle& module = allModules().get(handle);
    const simt::Kernel* kernel = findKernel(*module.module, name);
    require(kernel != nullptr, "no such kernel", CUDA_ERROR_NOT_FOUND);
    auto made = std::make_unique<Function>();
    made->module = module.module;
    made->kernel = kernel;
    *function = reinterpret_cast<CUfunction>(allFunctions().add(std::move(made)));
  });
}

CUresult CUDAAPI cuModuleGetFunctionCount(unsigned int* count, CUmodule handle) {
  return call("cuModuleGetFunctionCount", Needs::context, [&](std::string&) {
    *count = allModules().get(handle).module->content->kernelCount;
  });
}

CUresult CUDAAPI cuFuncGetParamInfo(CUfunction handle, size_t index, size_t* offset,
                                    size_t* size) {
  return call("cuFuncGetParamInfo", Needs::context, [&](std::string&) {
    const simt::Kernel& kernel = *allFunctions().get(handle).kernel;
    require(index < kernel.parameterCount, "it has fewer parameters");
    *offset = parameterOffsets(kernel)[index];
    if (size != nullptr) {
      *size = kernel.parameters[index].size;
    }
  });
}

CUresult CUDAAPI cuFuncSetAttribute(CUfunction handle, CUfunction_attribute attribute, int value) {
  return call("cuFuncSetAttribute", Needs::context, [&](std::string& detail) {
    detail = format("attribute %d = %d", static_cast<int>(attribute), value);
    Function& function = allFunctions().get(handle);
    switch (attribute) {
      case CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES:
        require(value >= 0 && value + function.module->staticShared <= modules::maxSharedOptIn,
                "more than a block can have");
        function.maxDynamicShared = value;
        break;
      case CU_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT:
        require(value >= -1 && value <= 100, "not a percentage");
        break;
      default:
        throw Failure{CUDA_ERROR_NOT_SUPPORTED, "the fake does not simulate this attribute"};
    }
  });
}

CUresult CUDAAPI cuFuncGetAttribute(int* value, CUfunction_attribute attribute,
                                    CUfunction handle) {
  return call("cuFuncGetAttribute", Needs::context, [&](std::string& detail) {
    detail = format("attribute %d", static_cast<int>(attribute));
    const Function& function = allFunctions().get(handle);
    switch (attribute) {
      case CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK:
        *value = function.kernel->maxThreads > 0 ? function.kernel->maxThreads
                                                 : modules::maxBlockThreads;
        break;
      case CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES:
        // That of all kernels in the module, for one kernel's own is not known.
        *value = static_cast<int>(function.module->staticShared);
        break;
      case CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES:
        *value = function.maxDynamicShared;
        break;
      case CU_FUNC_ATTRIBUTE_BINARY_VERSION:
      case CU_FUNC_ATTRIBUTE_PTX_VERSION:
        *value = function.module->content->architecture;
        break;
      default:
        throw Failure{CUDA_ERROR_NOT_SUPPORTED, "the fake does not simulate this attribute"};
    }
  });
}

CUresult CUDAAPI cuLaunchKernel(CUfunction function, unsigned int gridX, unsigned int gridY,
                                unsigned int gridZ, unsigned int blockX, unsigned int blockY,
                                unsigned int blockZ, unsigned int sharedBytes, CUstream stream,
                                void** parameters, void** extra) {
  return call("cuLaunchKernel", Needs::context, [&](std::string& detail) {
    blocks::Shape shape{{gridX, gridY, gridZ}, {blockX, blockY, blockZ}, sharedBytes};
    launch(detail, function, shape, stream, parameters, extra);
  });
}

CUresult CUDAAPI cuLaunchKernelEx(const CUlaunchConfig* config, CUfunction function,
                                  void** parameters, void** extra) {
  return call("cuLaunchKernelEx", Needs::context, [&](std::string& detail) {
    for (unsigned i = 0; i < config->numAttrs; i++) {
      CUlaunchAttributeID id = config->attrs[i].id;
      // What a device may do with these changes no result here.
      bool harmless = id == CU_LAUNCH_ATTRIBUTE_IGNORE || id == CU_LAUNCH_ATTRIBUTE_PRIORITY ||
                      id == CU_LAUNCH_ATTRIBUTE_ACCESS_POLICY_WINDOW ||
                      id == CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION;
      require(harmless, format("the launch attribute %d is not simulated", id).c_str(),
              CUDA_ERROR_NOT_SUPPORTED);
    }
    blocks::Shape shape{{config->gridDimX, config->gridDimY, config->gridDimZ},
                        {config->blockDimX, config->blockDimY, config->blockDimZ},
                        config->sharedMemBytes};
    launch(detail, function, shape, config->hStream, parameters, extra);
  });
}

// Threads only: shared memory and registers are not counted.
CUresult CUDAAPI cuOccupancyMaxActiveBlocksPerMultiprocessor(int* count, CUfunction handle,
                                                             int blockSize, size_t) {
  return call("cuOccupancyMaxActiveBlocksPerMultiprocessor", Needs::context, [&](std::string&) {
    allFunctions().get(handle);
    require(blockSize > 0 && blockSize <= modules::maxBlockThreads, "no such block");
    *count = std::min(32, 2048 / blockSize);
  });
}

}  // extern "C"
