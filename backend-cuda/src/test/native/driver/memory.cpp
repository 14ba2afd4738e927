// Allocation, release, copies and fills, and the search for damage.
//
// Every allocation lies between two red zones filled with a byte of its own, so that even a kernel that copies
// is found out when it copies one element too many. New memory is full of 0xFF (NaN, or -1). Freed memory is
// filled with 0xDD and kept for a while, so that a write after the end is found out as well.
#include "memory.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "streams.h"

namespace fake::memory {

namespace {

constexpr size_t redZone = 256;
constexpr size_t alignment = 256;
constexpr uint8_t freshByte = 0xFF;
constexpr uint8_t freedByte = 0xDD;
constexpr size_t maxQuarantineBytes = size_t{32} << 20;
constexpr size_t maxQuarantineBlocks = 4096;

struct Heap {
  std::map<uintptr_t, Allocation> blocks;  // alive and in quarantine
  std::deque<uintptr_t> quarantine;
  size_t quarantineBytes = 0;
  size_t allocations = 0, bytes = 0, peakBytes = 0;
  size_t hostAllocations = 0, hostBytes = 0;
  unsigned serial = 0;
};

Heap& heap() {
  static Heap& heap = *new Heap;
  return heap;
}

uint8_t* pointer(uintptr_t address) { return reinterpret_cast<uint8_t*>(address); }

const char* ownerName(const Allocation& allocation) {
  return allocation.owner == Allocation::Owner::host ? "pinned memory" : "device memory";
}

std::string describe(const Allocation& allocation) {
  return format("%s of %zu bytes at 0x%zx", ownerName(allocation), allocation.bytes,
                static_cast<size_t>(allocation.address));
}

void countLive(const Allocation& allocation, bool born) {
  Heap& h = heap();
  size_t one = born ? 1 : size_t{0} - 1;
  size_t bytes = born ? allocation.bytes : size_t{0} - allocation.bytes;
  if (allocation.owner == Allocation::Owner::host) {
    h.hostAllocations += one;
    h.hostBytes += bytes;
    return;
  }
  h.allocations += one;
  h.bytes += bytes;
  h.peakBytes = std::max(h.peakBytes, h.bytes);
  if (allocation.owner == Allocation::Owner::device) {
    allocation.device->unpooled += bytes;
    return;
  }
  Pool& pool = allocation.device->pool;
  pool.used += bytes;
  pool.usedHigh = std::max(pool.usedHigh, pool.used);
  pool.reserved = std::max(pool.reserved, pool.used);
  pool.reservedHigh = std::max(pool.reservedHigh, pool.reserved);
}

bool fits(const Device& device, size_t bytes) {
  size_t used = device.pool.used + device.unpooled;
  return bytes <= core().settings.memory && used <= core().settings.memory - bytes;
}

void makeRoom(Device& device, size_t bytes) {
  if (!fits(device, bytes)) {
    // What was freed in a stream and waits there is had by waiting, as the real pool does.
    streams::drainDevice(device);
  }
  if (!fits(device, bytes)) {
    throw Failure{CUDA_ERROR_OUT_OF_MEMORY,
                  format("%zu bytes wanted, %zu of %zu in use", bytes,
                         static_cast<size_t>(device.pool.used + device.unpooled),
                         core().settings.memory)};
  }
}

// The first byte in [from, to) that is not `fill`, or `to`.
size_t firstChange(uintptr_t from, uintptr_t to, uint8_t fill) {
  for (uintptr_t at = from; at < to; at++) {
    if (*pointer(at) != fill) {
      return at;
    }
  }
  return to;
}

void drop(Allocation& allocation) {
  std::free(allocation.block);
  heap().blocks.erase(allocation.address);
}

void shrinkQuarantine() {
  Heap& h = heap();
  while (h.quarantineBytes > maxQuarantineBytes || h.quarantine.size() > maxQuarantineBlocks) {
    Allocation& oldest = h.blocks.at(h.quarantine.front());
    h.quarantine.pop_front();
    h.quarantineBytes -= oldest.room;
    inspect(oldest, "when its address was given up");
    drop(oldest);
  }
}

}  // namespace

Allocation& allocate(Allocation::Owner owner, Device* device, size_t bytes) {
  require(bytes > 0, "an allocation of 0 bytes");
  if (device != nullptr) {
    makeRoom(*device, bytes);
  }
  size_t room = (bytes + alignment - 1) / alignment * alignment;
  void* block = room < bytes ? nullptr : std::aligned_alloc(alignment, redZone + room + redZone);
  if (block == nullptr) {
    throw Failure{CUDA_ERROR_OUT_OF_MEMORY, "the host itself has no more memory"};
  }
  Allocation made;
  made.address = reinterpret_cast<uintptr_t>(block) + redZone;
  made.bytes = bytes;
  made.room = room;
  made.block = block;
  made.fill = static_cast<uint8_t>(0x80 | heap().serial++ * 37 % 0x7d);
  made.owner = owner;
  made.device = device;
  std::memset(block, made.fill, redZone + room + redZone);
  std::memset(pointer(made.address), freshByte, bytes);
  countLive(made, true);
  return heap().blocks[made.address] = made;
}

Allocation* find(uintptr_t address) {
  auto after = heap().blocks.upper_bound(address);
  if (after == heap().blocks.begin()) {
    return nullptr;
  }
  Allocation& candidate = std::prev(after)->second;
  return address - candidate.address <= candidate.bytes ? &candidate : nullptr;
}

void check(const char* who, uintptr_t address, size_t bytes, const char* role) {
  if (bytes == 0) {
    return;
  }
  Allocation* allocation = find(address);
  std::string what = format("%s: the %s, %zu bytes at 0x%zx, ", who, role, bytes,
                            static_cast<size_t>(address));
  if (allocation == nullptr) {
    violation(what + "is in no allocation");
    throw Failure{CUDA_ERROR_INVALID_VALUE, what + "is in no allocation"};
  }
  if (!allocation->usable()) {
    violation(what + "is in freed " + describe(*allocation));
    throw Failure{CUDA_ERROR_INVALID_VALUE, what + "is freed"};
  }
  if (bytes > allocation->address + allocation->bytes - address) {
    violation(what + "goes beyond " + describe(*allocation));
    throw Failure{CUDA_ERROR_INVALID_VALUE, what + "goes beyond its allocation"};
  }
}

void inspect(Allocation& allocation, const std::string& where) {
  if (allocation.reported) {
    return;
  }
  uintptr_t start = reinterpret_cast<uintptr_t>(allocation.block);
  uintptr_t end = allocation.address + allocation.bytes;
  uintptr_t blockEnd = allocation.address + allocation.room + redZone;
  uintptr_t before = firstChange(start, allocation.address, allocation.fill);
  uintptr_t behind = firstChange(end, blockEnd, allocation.fill);
  std::string suffix = " (found " + where + ")";
  if (before != allocation.address) {
    allocation.reported = true;
    violation(format("written %zu bytes before ", allocation.address - before) +
              describe(allocation) + suffix);
  }
  if (behind != blockEnd) {
    allocation.reported = true;
    violation(format("written %zu bytes past the end of ", behind - end) + describe(allocation) +
              suffix);
  }
  if (!allocation.usable() && firstChange(allocation.address, end, freedByte) != end) {
    allocation.reported = true;
    violation("written after it was freed: " + describe(allocation) + suffix);
  }
}

void inspectAll() {
  for (auto& [address, allocation] : heap().blocks) {
    inspect(allocation, "on request");
  }
}

void makeLive(Allocation& allocation) {
  inspect(allocation, "when a graph allocated it again");
  std::memset(pointer(allocation.address), freshByte, allocation.bytes);
  allocation.state = Allocation::State::live;
  countLive(allocation, true);
}

void rest(Allocation& allocation) {
  inspect(allocation, "when a graph freed it");
  countLive(allocation, false);
  std::memset(pointer(allocation.address), freedByte, allocation.bytes);
  allocation.state = Allocation::State::resting;
}

void release(Allocation& allocation, const char* who) {
  inspect(allocation, std::string("by ") + who);
  if (allocation.state != Allocation::State::resting) {
    countLive(allocation, false);
  }
  std::memset(pointer(allocation.address), freedByte, allocation.bytes);
  allocation.state = Allocation::State::freed;
  heap().quarantine.push_back(allocation.address);
  heap().quarantineBytes += allocation.room;
  shrinkQuarantine();
}

void trimPool(Device& device, uint64_t keep) {
  Pool& pool = device.pool;
  pool.reserved = std::max(pool.used, std::min(pool.reserved, keep));
}

void clear(Device* device, bool tell) {
  Heap& h = heap();
  std::vector<Allocation*> doomed;
  for (auto& [address, allocation] : h.blocks) {
    bool ofDevice = device == nullptr || allocation.device == device;
    if (ofDevice && allocation.state != Allocation::State::freed) {
      doomed.push_back(&allocation);
    }
  }
  for (Allocation* allocation : doomed) {
    if (tell && allocation->usable()) {
      violation("leak: " + describe(*allocation) + " was alive when its context ended");
    }
    release(*allocation, "the end of its context");
  }
  if (device != nullptr) {
    device->pool = Pool{};
    return;
  }
  for (auto& [address, allocation] : h.blocks) {
    std::free(allocation.block);
  }
  h = Heap{};
}

bool isPinned(const void* address) {
  Allocation* allocation = find(reinterpret_cast<uintptr_t>(address));
  return allocation != nullptr && allocation->owner == Allocation::Owner::host &&
         allocation->state == Allocation::State::live;
}

long long count(int what) {
  const Heap& h = heap();
  switch (what) {
    case FAKE_ALLOCATIONS:
      return static_cast<long long>(h.allocations);
    case FAKE_BYTES:
      return static_cast<long long>(h.bytes);
    case FAKE_PEAK_BYTES:
      return static_cast<long long>(h.peakBytes);
    case FAKE_HOST_ALLOCATIONS:
      return static_cast<long long>(h.hostAllocations);
    default:
      return static_cast<long long>(h.hostBytes);
  }
}

}  // namespace fake::memory

// ---- NVIDIA's functions

using namespace fake;
using memory::check;

namespace {

uintptr_t address(CUdeviceptr p) { return static_cast<uintptr_t>(p); }
uint8_t* bytesAt(CUdeviceptr p) { return reinterpret_cast<uint8_t*>(p); }

// The allocation that starts at a pointer, to be freed by `who`.
Allocation& toFree(const char* who, uintptr_t start, bool host) {
  Allocation* allocation = memory::find(start);
  bool known = allocation != nullptr && allocation->address == start &&
               (allocation->owner == Allocation::Owner::host) == host;
  if (!known) {
    violation(format("%s of 0x%zx, where no allocation starts", who, static_cast<size_t>(start)));
    throw Failure{CUDA_ERROR_INVALID_VALUE, "no allocation starts there"};
  }
  if (allocation->state != Allocation::State::live) {
    // A graph's memory that rests is freed already, too.
    if (!(allocation->ofGraph && allocation->state == Allocation::State::resting)) {
      violation(format("%s of 0x%zx, which is freed already", who, static_cast<size_t>(start)));
    }
    throw Failure{CUDA_ERROR_INVALID_VALUE, "freed already"};
  }
  return *allocation;
}

void freeNow(uintptr_t start, const char* who) {
  if (Allocation* allocation = memory::find(start)) {
    if (allocation->ofGraph) {
      memory::rest(*allocation);
    } else {
      memory::release(*allocation, who);
    }
  }
}

// Allocated while a stream captures: the address is known now, the memory is there when the graph runs.
CUdeviceptr allocateInGraph(Stream& stream, size_t bytes) {
  Allocation& allocation = memory::allocate(Allocation::Owner::pool, stream.device, bytes);
  allocation.ofGraph = true;
  memory::rest(allocation);
  uintptr_t start = allocation.address;
  streams::submit(stream, {Operation::Kind::allocate, format("allocate %zu", bytes), [start] {
    Allocation* mine = memory::find(start);
    require(mine != nullptr && mine->state == Allocation::State::resting,
            "memory of the graph's last run is still alive");
    memory::makeLive(*mine);
  }});
  return start;
}

CUdeviceptr allocateInStream(CUstream handle, size_t bytes) {
  Stream& stream = streams::get(handle);
  if (stream.capture) {
    return allocateInGraph(stream, bytes);
  }
  return memory::allocate(Allocation::Owner::pool, stream.device, bytes).address;
}

// A copy or fill with the checks that the real driver makes at once, and again when it is done.
void submitTransfer(Stream& stream, Operation::Kind kind, const char* function,
                    std::function<void()> checks, std::function<void()> run) {
  if (!stream.capture) {
    checks();
  }
  streams::submit(stream, {kind, function, [checks, run] {
    checks();
    run();
  }});
}

// What a copy reads from the host: pinned memory when the copy is done, other memory now.
std::function<const void*()> hostSource(const Stream& stream, const void* source, size_t bytes) {
  if (memory::isPinned(source)) {
    return [source, bytes] {
      check("copy to the device", reinterpret_cast<uintptr_t>(source), bytes, "pinned source");
      return source;
    };
  }
  require(!stream.capture, "a graph can only copy from pinned memory",
          CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
  auto* start = static_cast<const uint8_t*>(source);
  auto snapshot = std::make_shared<std::vector<uint8_t>>(start, start + bytes);
  return [snapshot] { return snapshot->data(); };
}

void copyToDevice(const char* function, Stream& stream, CUdeviceptr target, const void* source,
                  size_t bytes) {
  require(source != nullptr || bytes == 0, "no source");
  auto from = hostSource(stream, source, bytes);
  submitTransfer(
      stream, Operation::Kind::copy, function,
      [=] { check(function, address(target), bytes, "target"); },
      [=] { std::memcpy(bytesAt(target), from(), bytes); });
}

void copyToHost(const char* function, Stream& stream, void* target, CUdeviceptr source,
                size_t bytes) {
  require(target != nullptr || bytes == 0, "no target");
  if (core().settings.delayed && !stream.capture) {
    // Whoever looks before the copy is done must not find what he hopes for.
    std::memset(target, 0xFF, bytes);
  }
  bool pinned = memory::isPinned(target);
  submitTransfer(
      stream, Operation::Kind::copy, function,
      [=] {
        check(function, address(source), bytes, "source");
        if (pinned) {
          check(function, reinterpret_cast<uintptr_t>(target), bytes, "pinned target");
        }
      },
      [=] { std::memcpy(target, bytesAt(source), bytes); });
}

void copyOnDevice(const char* function, Stream& stream, CUdeviceptr target, CUdeviceptr source,
                  size_t bytes) {
  submitTransfer(
      stream, Operation::Kind::copy, function,
      [=] {
        check(function, address(source), bytes, "source");
        check(function, address(target), bytes, "target");
      },
      [=] { std::memmove(bytesAt(target), bytesAt(source), bytes); });
}

template <class T>
void fill(const char* function, Stream& stream, CUdeviceptr target, T value, size_t count) {
  require(target % sizeof(T) == 0, "the target is not aligned");
  submitTransfer(
      stream, Operation::Kind::set, function,
      [=] { check(function, address(target), count * sizeof(T), "target"); },
      [=] { std::fill_n(reinterpret_cast<T*>(target), count, value); });
}

std::string transfer(CUdeviceptr target, size_t bytes) {
  return format("%zu bytes to 0x%zx", bytes, static_cast<size_t>(target));
}

Stream& legacyStream() { return streams::get(nullptr); }

void finishSynchronousCopy(Stream& stream) {
  streams::drain(stream);
  streams::rethrow(*stream.device);
}

Device& poolDevice(CUmemoryPool handle) {
  for (auto& device : core().devices) {
    if (reinterpret_cast<CUmemoryPool>(&device->pool) == handle) {
      return *device;
    }
  }
  throw Failure{CUDA_ERROR_INVALID_VALUE, "not a memory pool"};
}

Pool& pool(CUmemoryPool handle) { return poolDevice(handle).pool; }

}  // namespace

extern "C" {

CUresult CUDAAPI cuMemGetInfo(size_t* free, size_t* total) {
  return call("cuMemGetInfo_v2", Needs::context, [&](std::string&) {
    const Device& device = currentDevice();
    size_t held = std::max(device.pool.reserved, device.pool.used) + device.unpooled;
    *total = core().settings.memory;
    *free = *total - std::min(*total, held);
  });
}

CUresult CUDAAPI cuMemAlloc(CUdeviceptr* pointer, size_t bytes) {
  return call("cuMemAlloc_v2", Needs::context, [&](std::string& detail) {
    streams::refuseWhileCapturing("cuMemAlloc_v2");
    *pointer = memory::allocate(Allocation::Owner::device, &currentDevice(), bytes).address;
    detail = transfer(*pointer, bytes);
  });
}

CUresult CUDAAPI cuMemFree(CUdeviceptr pointer) {
  return call("cuMemFree_v2", Needs::context, [&](std::string& detail) {
    detail = format("0x%zx", static_cast<size_t>(pointer));
    if (pointer == 0) {
      return;
    }
    streams::refuseWhileCapturing("cuMemFree_v2");
    toFree("cuMemFree_v2", address(pointer), false);
    streams::drainDevice(currentDevice());  // the real one waits as well
    freeNow(address(pointer), "cuMemFree_v2");
  });
}

CUresult CUDAAPI cuMemAllocAsync(CUdeviceptr* pointer, size_t bytes, CUstream stream) {
  return call("cuMemAllocAsync", Needs::context, [&](std::string& detail) {
    *pointer = allocateInStream(stream, bytes);
    detail = transfer(*pointer, bytes);
  });
}

CUresult CUDAAPI cuMemAllocFromPoolAsync(CUdeviceptr* pointer, size_t bytes, CUmemoryPool handle,
                                         CUstream stream) {
  return call("cuMemAllocFromPoolAsync", Needs::context, [&](std::string& detail) {
    require(&poolDevice(handle) == streams::get(stream).device, "the pool of another device",
            CUDA_ERROR_NOT_SUPPORTED);
    *pointer = allocateInStream(stream, bytes);
    detail = transfer(*pointer, bytes);
  });
}

CUresult CUDAAPI cuMemFreeAsync(CUdeviceptr pointer, CUstream handle) {
  return call("cuMemFreeAsync", Needs::context, [&](std::string& detail) {
    detail = format("0x%zx", static_cast<size_t>(pointer));
    if (pointer == 0) {
      return;
    }
    Stream& stream = streams::get(handle);
    uintptr_t start = address(pointer);
    Allocation* known = memory::find(start);
    bool inGraph = stream.capture && known != nullptr && known->ofGraph;
    if (!inGraph) {
      Allocation& allocation = toFree("cuMemFreeAsync", start, false);
      require(!stream.capture, "a graph can only free its own memory", CUDA_ERROR_NOT_SUPPORTED);
      allocation.state = Allocation::State::leaving;
    }
    streams::submit(stream, {Operation::Kind::free, "free", [start] {
      freeNow(start, "cuMemFreeAsync");
    }});
  });
}

CUresult CUDAAPI cuMemHostAlloc(void** pointer, size_t bytes, unsigned int flags) {
  return call("cuMemHostAlloc", Needs::context, [&](std::string& detail) {
    constexpr unsigned known =
        CU_MEMHOSTALLOC_PORTABLE | CU_MEMHOSTALLOC_DEVICEMAP | CU_MEMHOSTALLOC_WRITECOMBINED;
    require((flags & ~known) == 0, "unknown flags");
    streams::refuseWhileCapturing("cuMemHostAlloc");
    *pointer = reinterpret_cast<void*>(
        memory::allocate(Allocation::Owner::host, nullptr, bytes).address);
    detail = format("%zu bytes", bytes);
  });
}

CUresult CUDAAPI cuMemFreeHost(void* pointer) {
  return call("cuMemFreeHost", Needs::context, [&](std::string&) {
    uintptr_t start = reinterpret_cast<uintptr_t>(pointer);
    toFree("cuMemFreeHost", start, true);
    memory::release(*memory::find(start), "cuMemFreeHost");
  });
}

CUresult CUDAAPI cuMemcpyHtoD(CUdeviceptr target, const void* source, size_t bytes) {
  return call("cuMemcpyHtoD_v2", Needs::context, [&](std::string& detail) {
    detail = transfer(target, bytes);
    copyToDevice("cuMemcpyHtoD_v2", legacyStream(), target, source, bytes);
    finishSynchronousCopy(legacyStream());
  });
}

CUresult CUDAAPI cuMemcpyDtoH(void* target, CUdeviceptr source, size_t bytes) {
  return call("cuMemcpyDtoH_v2", Needs::context, [&](std::string& detail) {
    detail = format("%zu bytes from 0x%zx", bytes, static_cast<size_t>(source));
    copyToHost("cuMemcpyDtoH_v2", legacyStream(), target, source, bytes);
    finishSynchronousCopy(legacyStream());
  });
}

CUresult CUDAAPI cuMemcpyDtoD(CUdeviceptr target, CUdeviceptr source, size_t bytes) {
  return call("cuMemcpyDtoD_v2", Needs::context, [&](std::string& detail) {
    detail = transfer(target, bytes);
    copyOnDevice("cuMemcpyDtoD_v2", legacyStream(), target, source, bytes);
  });
}

CUresult CUDAAPI cuMemcpyHtoDAsync(CUdeviceptr target, const void* source, size_t bytes,
                                   CUstream stream) {
  return call("cuMemcpyHtoDAsync_v2", Needs::context, [&](std::string& detail) {
    detail = transfer(target, bytes);
    copyToDevice("cuMemcpyHtoDAsync_v2", streams::get(stream), target, source, bytes);
  });
}

CUresult CUDAAPI cuMemcpyDtoHAsync(void* target, CUdeviceptr source, size_t bytes,
                                   CUstream stream) {
  return call("cuMemcpyDtoHAsync_v2", Needs::context, [&](std::string& detail) {
    detail = format("%zu bytes from 0x%zx", bytes, static_cast<size_t>(source));
    copyToHost("cuMemcpyDtoHAsync_v2", streams::get(stream), target, source, bytes);
  });
}

CUresult CUDAAPI cuMemcpyDtoDAsync(CUdeviceptr target, CUdeviceptr source, size_t bytes,
                                   CUstream stream) {
  return call("cuMemcpyDtoDAsync_v2", Needs::context, [&](std::string& detail) {
    detail = transfer(target, bytes);
    copyOnDevice("cuMemcpyDtoDAsync_v2", streams::get(stream), target, source, bytes);
  });
}

CUresult CUDAAPI cuMemsetD8Async(CUdeviceptr target, unsigned char value, size_t count,
                                 CUstream stream) {
  return call("cuMemsetD8Async", Needs::context, [&](std::string& detail) {
    detail = transfer(target, count);
    fill<uint8_t>("cuMemsetD8Async", streams::get(stream), target, value, count);
  });
}

CUresult CUDAAPI cuMemsetD16Async(CUdeviceptr target, unsigned short value, size_t count,
                                  CUstream stream) {
  return call("cuMemsetD16Async", Needs::context, [&](std::string& detail) {
    detail = transfer(target, count * 2);
    fill<uint16_t>("cuMemsetD16Async", streams::get(stream), target, value, count);
  });
}

CUresult CUDAAPI cuMemsetD32Async(CUdeviceptr target, unsigned int value, size_t count,
                                  CUstream stream) {
  return call("cuMemsetD32Async", Needs::context, [&](std::string& detail) {
    detail = transfer(target, count * 4);
    fill<uint32_t>("cuMemsetD32Async", streams::get(stream), target, value, count);
  });
}

CUresult CUDAAPI cuDeviceGetDefaultMemPool(CUmemoryPool* handle, CUdevice device) {
  return call("cuDeviceGetDefaultMemPool", Needs::initialisation, [&](std::string&) {
    require(device >= 0 && device < static_cast<int>(core().devices.size()), "no such device",
            CUDA_ERROR_INVALID_DEVICE);
    *handle = reinterpret_cast<CUmemoryPool>(&core().devices[device]->pool);
  });
}

CUresult CUDAAPI cuMemPoolSetAttribute(CUmemoryPool handle, CUmemPool_attribute attribute,
                                       void* value) {
  return call("cuMemPoolSetAttribute", Needs::initialisation, [&](std::string& detail) {
    detail = format("attribute %d", static_cast<int>(attribute));
    Pool& of = pool(handle);
    switch (attribute) {
      case CU_MEMPOOL_ATTR_RELEASE_THRESHOLD:
        of.releaseThreshold = *static_cast<cuuint64_t*>(value);
        break;
      case CU_MEMPOOL_ATTR_REUSE_FOLLOW_EVENT_DEPENDENCIES:
      case CU_MEMPOOL_ATTR_REUSE_ALLOW_OPPORTUNISTIC:
      case CU_MEMPOOL_ATTR_REUSE_ALLOW_INTERNAL_DEPENDENCIES:
        of.flags[attribute] = *static_cast<int*>(value);
        break;
      case CU_MEMPOOL_ATTR_RESERVED_MEM_HIGH:
        require(*static_cast<cuuint64_t*>(value) == 0, "a high mark can only be set to 0");
        of.reservedHigh = of.reserved;
        break;
      case CU_MEMPOOL_ATTR_USED_MEM_HIGH:
        require(*static_cast<cuuint64_t*>(value) == 0, "a high mark can only be set to 0");
        of.usedHigh = of.used;
        break;
      default:
        throw Failure{CUDA_ERROR_INVALID_VALUE, "not an attribute that can be set"};
    }
  });
}

CUresult CUDAAPI cuMemPoolGetAttribute(CUmemoryPool handle, CUmemPool_attribute attribute,
                                       void* value) {
  return call("cuMemPoolGetAttribute", Needs::initialisation, [&](std::string& detail) {
    detail = format("attribute %d", static_cast<int>(attribute));
    const Pool& of = pool(handle);
    auto answer = [&](uint64_t number) { *static_cast<cuuint64_t*>(value) = number; };
    switch (attribute) {
      case CU_MEMPOOL_ATTR_RELEASE_THRESHOLD:
        return answer(of.releaseThreshold);
      case CU_MEMPOOL_ATTR_RESERVED_MEM_CURRENT:
        return answer(of.reserved);
      case CU_MEMPOOL_ATTR_RESERVED_MEM_HIGH:
        return answer(of.reservedHigh);
      case CU_MEMPOOL_ATTR_USED_MEM_CURRENT:
        return answer(of.used);
      case CU_MEMPOOL_ATTR_USED_MEM_HIGH:
        return answer(of.usedHigh);
      case CU_MEMPOOL_ATTR_REUSE_FOLLOW_EVENT_DEPENDENCIES:
      case CU_MEMPOOL_ATTR_REUSE_ALLOW_OPPORTUNISTIC:
      case CU_MEMPOOL_ATTR_REUSE_ALLOW_INTERNAL_DEPENDENCIES: {
        auto set = of.flags.find(attribute);
        *static_cast<int*>(value) = set == of.flags.end() ? 1 : set->second;
        return;
      }
      default:
        throw Failure{CUDA_ERROR_NOT_SUPPORTED, "the fake does not simulate this attribute"};
    }
  });
}

CUresult CUDAAPI cuMemPoolTrimTo(CUmemoryPool handle, size_t bytes) {
  return call("cuMemPoolTrimTo", Needs::initialisation, [&](std::string& detail) {
    detail = format("%zu bytes", bytes);
    memory::trimPool(poolDevice(handle), bytes);
  });
}

}  // extern "C"
