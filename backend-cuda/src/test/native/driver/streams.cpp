// Streams and events. In the usual mode work is done when it is given; in the delayed mode it waits in its
// stream until the host synchronises with it, so that a host which reads too early gets no results.
#include "streams.h"

#include <chrono>

#include "memory.h"

namespace fake {

namespace {

// One recording of an event. Shared with the work that waits for it, for the event may be recorded anew.
struct Mark {
  Device* device;
  CUstream stream;
  uint64_t position;
  bool done = false;
  std::chrono::steady_clock::time_point time;
};

struct Event {
  Device* device;
  unsigned flags;
  std::shared_ptr<Mark> mark;  // null before the first recording
  bool captured = false;       // last recorded in a capturing stream
};

Handles<Stream>& allStreams() {
  static auto& handles = *new Handles<Stream>("stream", 0x51);
  return handles;
}

Handles<Event>& allEvents() {
  static auto& handles = *new Handles<Event>("event", 0xE7);
  return handles;
}

void runOne(Stream& stream) {
  Operation operation = std::move(stream.queue.front());
  stream.queue.pop_front();
  try {
    if (stream.device->lost == CUDA_SUCCESS) {
      operation.run();
    }
  } catch (const Failure& failure) {
    // An error found while the device works is the device's end, whatever the code would be in a call.
    bool ofArguments = failure.code == CUDA_ERROR_INVALID_VALUE;
    lose(*stream.device, ofArguments ? CUDA_ERROR_ILLEGAL_ADDRESS : failure.code,
         operation.what + ": " + failure.why);
  } catch (const std::exception& failure) {
    lose(*stream.device, CUDA_ERROR_UNKNOWN, operation.what + ": " + failure.what());
  }
  stream.done++;
}

// The order that the stream 0 keeps with the blocking streams: each waits for the other's earlier work.
void respectLegacyStream(Stream& stream) {
  Device& device = *stream.device;
  if (&stream != &device.legacy) {
    if (stream.blocking()) {
      streams::drain(device.legacy);
    }
    return;
  }
  for (auto& [handle, other] : allStreams().all()) {
    if (other->device == &device && other->blocking()) {
      streams::drain(*other);
    }
  }
}

void waitFor(const Mark& mark) {
  if (!mark.done) {
    bool legacy = mark.stream == nullptr || mark.stream == CU_STREAM_LEGACY;
    streams::drain(legacy ? mark.device->legacy : allStreams().get(mark.stream), mark.position);
  }
}

void refuseCapturing(Stream& stream, const char* function) {
  if (stream.capture) {
    stream.capture->broken = true;
    throw Failure{CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED,
                  std::string(function) + " of a stream that captures"};
  }
}

// What a synchronisation does after the work: the pool lets go of what is above its threshold.
void settle(Device& device) {
  memory::trimPool(device, device.pool.releaseThreshold);
  streams::rethrow(device);
}

}  // namespace

namespace streams {

Stream& get(CUstream handle) {
  if (handle == nullptr || handle == CU_STREAM_LEGACY) {
    return currentDevice().legacy;
  }
  require(handle != CU_STREAM_PER_THREAD, "per-thread streams are not simulated",
          CUDA_ERROR_NOT_SUPPORTED);
  return allStreams().get(handle);
}

void submit(Stream& stream, Operation operation) {
  if (stream.capture) {
    stream.capture->operations.push_back(std::move(operation));
    return;
  }
  respectLegacyStream(stream);
  stream.queue.push_back(std::move(operation));
  stream.submitted++;
  if (!core().settings.delayed) {
    drain(stream);
  }
}

void drain(Stream& stream) { drain(stream, stream.submitted); }

void drain(Stream& stream, uint64_t upTo) {
  while (stream.done < upTo && !stream.queue.empty()) {
    runOne(stream);
  }
}

void drainDevice(Device& device) {
  drain(device.legacy);
  for (auto& [handle, stream] : allStreams().all()) {
    if (stream->device == &device) {
      drain(*stream);
    }
  }
}

void rethrow(const Device& device) {
  if (device.lost != CUDA_SUCCESS) {
    throw Failure{device.lost, "the device is lost"};
  }
}

void refuseWhileCapturing(const char* function) {
  for (auto& [handle, stream] : allStreams().all()) {
    if (stream->capture && stream->capture->mode != CU_STREAM_CAPTURE_MODE_RELAXED) {
      refuseCapturing(*stream, function);
    }
  }
}

void clear(Device* device, bool tell) {
  for (auto& [handle, stream] : allStreams().all()) {
    if (tell && stream->device == device) {
      violation("leak: " + stream->name + " was alive when its context ended");
    }
  }
  size_t events = allEvents().size();
  allEvents().removeIf([&](const Event& e) { return device == nullptr || e.device == device; });
  if (tell && allEvents().size() != events) {
    violation(format("leak: %zu events were alive when their context ended",
                     events - allEvents().size()));
  }
  allStreams().removeIf([&](const Stream& s) { return device == nullptr || s.device == device; });
}

long long count(int what) {
  if (what == FAKE_STREAMS) {
    return static_cast<long long>(allStreams().size());
  }
  if (what == FAKE_EVENTS) {
    return static_cast<long long>(allEvents().size());
  }
  size_t pending = 0;
  for (auto& device : core().devices) {
    pending += device->legacy.queue.size();
  }
  for (auto& [handle, stream] : allStreams().all()) {
    pending += stream->queue.size();
  }
  return static_cast<long long>(pending);
}

}  // namespace streams
}  // namespace fake

// ---- NVIDIA's functions

using namespace fake;

namespace {

std::string name(const Stream& stream) { return stream.name; }

Event& event(CUevent handle) { return allEvents().get(handle); }

// The position behind the last work that a stream has been given.
std::shared_ptr<Mark> record(CUstream handle, Stream& stream) {
  auto mark = std::make_shared<Mark>();
  mark->device = stream.device;
  mark->stream = handle;
  mark->position = stream.submitted + 1;
  return mark;
}

void makeStream(CUstream* handle, unsigned flags) {
  require((flags & ~static_cast<unsigned>(CU_STREAM_NON_BLOCKING)) == 0, "unknown flags");
  auto stream = std::make_unique<Stream>();
  stream->device = &currentDevice();
  stream->flags = flags;
  Stream& made = *stream;
  *handle = reinterpret_cast<CUstream>(allStreams().add(std::move(stream)));
  made.name = format("stream 0x%zx", reinterpret_cast<size_t>(*handle));
}

}  // namespace

extern "C" {

CUresult CUDAAPI cuStreamCreate(CUstream* handle, unsigned int flags) {
  return call("cuStreamCreate", Needs::context, [&](std::string& detail) {
    makeStream(handle, flags);
    detail = name(streams::get(*handle));
  });
}

CUresult CUDAAPI cuStreamCreateWithPriority(CUstream* handle, unsigned int flags, int) {
  return call("cuStreamCreateWithPriority", Needs::context, [&](std::string& detail) {
    makeStream(handle, flags);
    detail = name(streams::get(*handle));
  });
}

CUresult CUDAAPI cuStreamDestroy(CUstream handle) {
  return call("cuStreamDestroy_v2", Needs::context, [&](std::string& detail) {
    require(handle != nullptr, "the stream 0 cannot be destroyed", CUDA_ERROR_INVALID_HANDLE);
    Stream& stream = streams::get(handle);
    detail = name(stream);
    streams::drain(stream);  // what it was given is done all the same
    allStreams().remove(handle);
  });
}

CUresult CUDAAPI cuStreamSynchronize(CUstream handle) {
  return call("cuStreamSynchronize", Needs::context, [&](std::string& detail) {
    Stream& stream = streams::get(handle);
    detail = name(stream);
    refuseCapturing(stream, "cuStreamSynchronize");
    respectLegacyStream(stream);
    streams::drain(stream);
    settle(*stream.device);
  });
}

// Says "not ready" once and then does the work, so that a host which asks in a loop comes to an end.
CUresult CUDAAPI cuStreamQuery(CUstream handle) {
  return call("cuStreamQuery", Needs::context, [&](std::string& detail) {
    Stream& stream = streams::get(handle);
    detail = name(stream);
    refuseCapturing(stream, "cuStreamQuery");
    bool ready = stream.done == stream.submitted;
    streams::drain(stream);
    streams::rethrow(*stream.device);
    require(ready, "work waits", CUDA_ERROR_NOT_READY);
  });
}

CUresult CUDAAPI cuStreamWaitEvent(CUstream handle, CUevent eventHandle, unsigned int flags) {
  return call("cuStreamWaitEvent", Needs::context, [&](std::string& detail) {
    Stream& stream = streams::get(handle);
    detail = name(stream);
    require(flags == CU_EVENT_WAIT_DEFAULT, "flags of captures are not simulated",
            CUDA_ERROR_NOT_SUPPORTED);
    Event& awaited = event(eventHandle);
    if (awaited.captured || stream.capture) {
      // Work of one capture is in order already; one that spreads over streams is not simulated.
      require(awaited.captured && stream.capture && awaited.mark->stream == handle,
              "captures of more than one stream are not simulated", CUDA_ERROR_NOT_SUPPORTED);
      return;
    }
    if (awaited.mark == nullptr) {
      return;
    }
    std::shared_ptr<Mark> mark = awaited.mark;
    streams::submit(stream, {Operation::Kind::event, "wait for an event", [mark] {
      waitFor(*mark);
    }});
  });
}

CUresult CUDAAPI cuCtxSynchronize(void) {
  return call("cuCtxSynchronize", Needs::context, [&](std::string&) {
    streams::refuseWhileCapturing("cuCtxSynchronize");
    streams::drainDevice(currentDevice());
    settle(currentDevice());
  });
}

CUresult CUDAAPI cuEventCreate(CUevent* handle, unsigned int flags) {
  return call("cuEventCreate", Needs::context, [&](std::string& detail) {
    constexpr unsigned known = CU_EVENT_BLOCKING_SYNC | CU_EVENT_DISABLE_TIMING;
    require((flags & CU_EVENT_INTERPROCESS) == 0, "events of several processes are not simulated",
            CUDA_ERROR_NOT_SUPPORTED);
    require((flags & ~known) == 0, "unknown flags");
    auto made = std::make_unique<Event>();
    made->device = &currentDevice();
    made->flags = flags;
    *handle = reinterpret_cast<CUevent>(allEvents().add(std::move(made)));
    detail = format("event 0x%zx", reinterpret_cast<size_t>(*handle));
  });
}

CUresult CUDAAPI cuEventDestroy(CUevent handle) {
  return call("cuEventDestroy_v2", Needs::context,
              [&](std::string&) { allEvents().remove(handle); });
}

CUresult CUDAAPI cuEventRecord(CUevent handle, CUstream streamHandle) {
  return call("cuEventRecord", Needs::context, [&](std::string& detail) {
    Event& recorded = event(handle);
    Stream& stream = streams::get(streamHandle);
    detail = name(stream);
    require(recorded.device == stream.device, "event and stream are of different contexts",
            CUDA_ERROR_INVALID_HANDLE);
    recorded.mark = record(streamHandle, stream);
    recorded.captured = stream.capture != nullptr;
    std::shared_ptr<Mark> mark = recorded.mark;
    streams::submit(stream, {Operation::Kind::event, "record an event", [mark] {
      mark->done = true;
      mark->time = std::chrono::steady_clock::now();
    }});
  });
}

CUresult CUDAAPI cuEventSynchronize(CUevent handle) {
  return call("cuEventSynchronize", Needs::context, [&](std::string&) {
    Event& awaited = event(handle);
    require(!awaited.captured, "the event belongs to a capture",
            CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
    if (awaited.mark != nullptr) {
      waitFor(*awaited.mark);
    }
    settle(*awaited.device);
  });
}

// As cuStreamQuery, "not ready" at most once.
CUresult CUDAAPI cuEventQuery(CUevent handle) {
  return call("cuEventQuery", Needs::context, [&](std::string&) {
    Event& asked = event(handle);
    require(!asked.captured, "the event belongs to a capture",
            CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
    if (asked.mark == nullptr || asked.mark->done) {
      return;
    }
    waitFor(*asked.mark);
    throw Failure{CUDA_ERROR_NOT_READY, "work waits"};
  });
}

CUresult CUDAAPI cuEventElapsedTime(float* milliseconds, CUevent start, CUevent end) {
  return call("cuEventElapsedTime", Needs::context, [&](std::string&) {
    Event& first = event(start);
    Event& second = event(end);
    require(first.mark != nullptr && second.mark != nullptr, "never recorded",
            CUDA_ERROR_INVALID_HANDLE);
    require(((first.flags | second.flags) & CU_EVENT_DISABLE_TIMING) == 0, "made without timing",
            CUDA_ERROR_INVALID_HANDLE);
    require(first.mark->done && second.mark->done, "not reached yet", CUDA_ERROR_NOT_READY);
    *milliseconds =
        std::chrono::duration<float, std::milli>(second.mark->time - first.mark->time).count();
  });
}

}  // extern "C"
