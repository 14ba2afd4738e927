// Streams and what waits in them.
#pragma once

#include "core.h"

namespace fake::streams {

// The stream of a handle; 0 is the current device's. Throws if it does not exist.
Stream& get(CUstream handle);

// Gives work to a stream: done at once, or kept until a synchronisation, or recorded by a capture.
void submit(Stream& stream, Operation operation);

// Does what waits, up to the operation of that number.
void drain(Stream& stream);
void drain(Stream& stream, uint64_t upTo);
void drainDevice(Device& device);

// Throws the device's error if it is lost by now.
void rethrow(const Device& device);

// Refuses, and breaks the captures, where a call would disturb a capture that does not allow it.
void refuseWhileCapturing(const char* function);

void clear(Device* device, bool tell);
long long count(int what);

}  // namespace fake::streams
