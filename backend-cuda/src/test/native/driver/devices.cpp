// Initialisation, devices and their primary contexts, and what of fake_cuda.h concerns everything alive.
#include <algorithm>
#include <cstdio>
#include <cstring>

#include "core.h"
#include "graphs.h"
#include "memory.h"
#include "modules.h"
#include "programs.h"
#include "streams.h"

namespace fake {

namespace {

void makeDevices() {
  Core& c = core();
  while (static_cast<int>(c.devices.size()) < c.settings.devices) {
    auto device = std::make_unique<Device>();
    device->index = static_cast<int>(c.devices.size());
    device->legacy.device = device.get();
    device->legacy.name = format("stream 0 of device %d", device->index);
    c.devices.push_back(std::move(device));
  }
}

Device& deviceAt(int index) {
  // Devices beyond the setting may be left from before it was lowered; they are not there any more.
  require(index >= 0 && index < core().settings.devices, "no such device",
          CUDA_ERROR_INVALID_DEVICE);
  makeDevices();
  return *core().devices[index];
}

// The primary context and all that belongs to it come to an end.
void endContext(Device& device, bool tell) {
  tell = tell && device.lost == CUDA_SUCCESS;
  streams::drainDevice(device);
  streams::clear(&device, tell);
  graphs::clear(&device);
  modules::clear(&device);
  memory::clear(&device, tell);
  device.legacy.queue.clear();
  device.legacy.done = device.legacy.submitted;
  device.legacy.capture.reset();
  device.lost = CUDA_SUCCESS;
}

// The figures of an H200, as far as anybody asks.
int attributeValue(CUdevice_attribute attribute) {
  int capability = core().settings.capability;
  switch (attribute) {
    case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR:
      return capability / 10;
    case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR:
      return capability % 10;
    case CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT:
      return 132;
    case CU_DEVICE_ATTRIBUTE_WARP_SIZE:
      return 32;
    case CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK:
    case CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X:
    case CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Y:
      return modules::maxBlockThreads;
    case CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Z:
      return modules::maxBlockZ;
    case CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X:
      return modules::maxGridX;
    case CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y:
    case CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Z:
      return modules::maxGridYZ;
    case CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK:
      return modules::maxShared;
    case CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN:
      return modules::maxSharedOptIn;
    case CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR:
      return 228 * 1024;
    case CU_DEVICE_ATTRIBUTE_RESERVED_SHARED_MEMORY_PER_BLOCK:
      return 1024;
    case CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR:
      return 2048;
    case CU_DEVICE_ATTRIBUTE_MAX_BLOCKS_PER_MULTIPROCESSOR:
      return 32;
    case CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK:
    case CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR:
      return 65536;
    case CU_DEVICE_ATTRIBUTE_TOTAL_CONSTANT_MEMORY:
      return 65536;
    case CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE:
      return 60 << 20;
    case CU_DEVICE_ATTRIBUTE_CLOCK_RATE:
      return 1980000;
    case CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE:
      return 3201000;
    case CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH:
      return 6144;
    case CU_DEVICE_ATTRIBUTE_ASYNC_ENGINE_COUNT:
      return 3;
    case CU_DEVICE_ATTRIBUTE_UNIFIED_ADDRESSING:
    case CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED:
    case CU_DEVICE_ATTRIBUTE_CONCURRENT_KERNELS:
    case CU_DEVICE_ATTRIBUTE_CAN_MAP_HOST_MEMORY:
      return 1;
    case CU_DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH:
    case CU_DEVICE_ATTRIBUTE_CLUSTER_LAUNCH:
    case CU_DEVICE_ATTRIBUTE_MANAGED_MEMORY:
    case CU_DEVICE_ATTRIBUTE_CONCURRENT_MANAGED_ACCESS:
    case CU_DEVICE_ATTRIBUTE_PAGEABLE_MEMORY_ACCESS:
    case CU_DEVICE_ATTRIBUTE_ECC_ENABLED:
    case CU_DEVICE_ATTRIBUTE_INTEGRATED:
    case CU_DEVICE_ATTRIBUTE_COMPUTE_MODE:
    case CU_DEVICE_ATTRIBUTE_PCI_DOMAIN_ID:
    case CU_DEVICE_ATTRIBUTE_PCI_BUS_ID:
    case CU_DEVICE_ATTRIBUTE_PCI_DEVICE_ID:
      return 0;
    default:
      throw Failure{CUDA_ERROR_NOT_SUPPORTED, "the fake does not know this attribute"};
  }
}

CUresult uuid(CUuuid* id, CUdevice index) {
  return call("cuDeviceGetUuid", Needs::initialisation, [&](std::string&) {
    deviceAt(index);
    static_assert(sizeof id->bytes == 16);
    std::memcpy(id->bytes, "ladera-fake-gpu", 16);
    id->bytes[15] = static_cast<char>(index);
  });
}

}  // namespace
}  // namespace fake

using namespace fake;

extern "C" {

CUresult CUDAAPI cuInit(unsigned int flags) {
  return call("cuInit", Needs::nothing, [&](std::string&) {
    require(flags == 0, "flags must be 0");
    require(core().settings.devices > 0, "there is none", CUDA_ERROR_NO_DEVICE);
    makeDevices();
    core().initialised = true;
  });
}

CUresult CUDAAPI cuDriverGetVersion(int* version) {
  return call("cuDriverGetVersion", Needs::nothing,
              [&](std::string&) { *version = core().settings.driverVersion; });
}

CUresult CUDAAPI cuDeviceGetCount(int* count) {
  return call("cuDeviceGetCount", Needs::initialisation,
              [&](std::string&) { *count = core().settings.devices; });
}

CUresult CUDAAPI cuDeviceGet(CUdevice* device, int index) {
  return call("cuDeviceGet", Needs::initialisation, [&](std::string&) {
    *device = deviceAt(index).index;
  });
}

CUresult CUDAAPI cuDeviceGetName(char* text, int size, CUdevice device) {
  return call("cuDeviceGetName", Needs::initialisation, [&](std::string&) {
    deviceAt(device);
    require(text != nullptr && size > 0, "no room for the name");
    std::snprintf(text, static_cast<size_t>(size), "Fake GPU (kernels on the host)");
  });
}

CUresult CUDAAPI cuDeviceGetUuid(CUuuid* id, CUdevice device) { return uuid(id, device); }

CUresult CUDAAPI cuDeviceTotalMem(size_t* bytes, CUdevice device) {
  return call("cuDeviceTotalMem_v2", Needs::initialisation, [&](std::string&) {
    deviceAt(device);
    *bytes = core().settings.memory;
  });
}

CUresult CUDAAPI cuDeviceGetAttribute(int* value, CUdevice_attribute attribute, CUdevice device) {
  return call("cuDeviceGetAttribute", Needs::initialisation, [&](std::string& detail) {
    detail = format("attribute %d", static_cast<int>(attribute));
    deviceAt(device);
    *value = attributeValue(attribute);
  });
}

CUresult CUDAAPI cuDevicePrimaryCtxRetain(CUcontext* context, CUdevice index) {
  return call("cuDevicePrimaryCtxRetain", Needs::initialisation, [&](std::string&) {
    Device& device = deviceAt(index);
    streams::rethrow(device);
    device.retained++;
    *context = reinterpret_cast<CUcontext>(&device);
  });
}

CUresult CUDAAPI cuDevicePrimaryCtxRelease(CUdevice index) {
  return call("cuDevicePrimaryCtxRelease_v2", Needs::initialisation, [&](std::string&) {
    Device& device = deviceAt(index);
    require(device.retained > 0, "released more often than retained", CUDA_ERROR_INVALID_CONTEXT);
    if (device.retained == 1) {
      endContext(device, true);
    }
    device.retained--;
  });
}

// Heals a lost device. As in the real driver, who had retained the context still holds it.
CUresult CUDAAPI cuDevicePrimaryCtxReset(CUdevice index) {
  return call("cuDevicePrimaryCtxReset_v2", Needs::initialisation,
              [&](std::string&) { endContext(deviceAt(index), false); });
}

CUresult CUDAAPI cuDevicePrimaryCtxGetState(CUdevice index, unsigned int* flags, int* active) {
  return call("cuDevicePrimaryCtxGetState", Needs::initialisation, [&](std::string&) {
    *active = deviceAt(index).retained > 0;
    *flags = 0;
  });
}

CUresult CUDAAPI cuCtxSetCurrent(CUcontext context) {
  return call("cuCtxSetCurrent", Needs::initialisation, [&](std::string&) {
    auto* device = reinterpret_cast<Device*>(context);
    bool known = device == nullptr ||
                 std::any_of(core().devices.begin(), core().devices.end(), [&](const auto& other) {
                   return other.get() == device && other->retained > 0;
                 });
    require(known, "not a context that is retained", CUDA_ERROR_INVALID_CONTEXT);
    setCurrentDevice(device);
  });
}

CUresult CUDAAPI cuCtxGetCurrent(CUcontext* context) {
  return call("cuCtxGetCurrent", Needs::initialisation, [&](std::string&) {
    *context = hasCurrentDevice() ? reinterpret_cast<CUcontext>(&currentDevice()) : nullptr;
  });
}

CUresult CUDAAPI cuCtxGetDevice(CUdevice* device) {
  return call("cuCtxGetDevice", Needs::context,
              [&](std::string&) { *device = currentDevice().index; });
}

// ---- fake_cuda.h

void fake_lose_device(int device, long long launches, int code) {
  std::lock_guard lock(core().mutex);
  if (device < 0 || device >= core().settings.devices) {
    violation(format("fake_lose_device of device %d, which is not there", device));
    return;
  }
  makeDevices();
  Device& lost = *core().devices[device];
  lost.losing = true;
  lost.launchesLeft = launches;
  lost.losingCode = static_cast<CUresult>(code);
}

long long fake_count(int count) {
  std::lock_guard lock(core().mutex);
  switch (count) {
    case FAKE_ALLOCATIONS:
    case FAKE_BYTES:
    case FAKE_PEAK_BYTES:
    case FAKE_HOST_ALLOCATIONS:
    case FAKE_HOST_BYTES:
      return memory::count(count);
    case FAKE_STREAMS:
    case FAKE_EVENTS:
    case FAKE_PENDING:
      return streams::count(count);
    case FAKE_MODULES:
      return modules::count();
    case FAKE_GRAPHS:
    case FAKE_GRAPH_EXECS:
      return graphs::count(count);
    case FAKE_CONTEXTS: {
      long long retained = 0;
      for (auto& device : core().devices) {
        retained += device->retained;
      }
      return retained;
    }
    case FAKE_PROGRAMS:
      return programs::count();
    case FAKE_LAUNCHES:
      return core().launches;
    case FAKE_COMPILATIONS:
      return core().compilations;
    default:
      return -1;
  }
}

long long fake_violations(void) {
  std::lock_guard lock(core().mutex);
  memory::inspectAll();
  return violationCount();
}

void fake_reset(void) {
  std::lock_guard lock(core().mutex);
  for (auto& device : core().devices) {
    endContext(*device, false);
    device->retained = 0;
    device->losing = false;
  }
  memory::clear(nullptr, false);
  programs::clear();
  core().launches = 0;
  core().compilations = 0;
  forgetRecords();
}

}  // extern "C"
