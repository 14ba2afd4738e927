// Loaded kernels and their launches.
#pragma once

#include "core.h"

namespace fake::modules {

constexpr int maxBlockThreads = 1024;
constexpr int maxBlockZ = 64;
constexpr int maxGridX = 0x7fffffff;
constexpr int maxGridYZ = 65535;
constexpr int maxShared = 48 * 1024;
constexpr int maxSharedOptIn = 227 * 1024;

void clear(Device* device);
long long count();

}  // namespace fake::modules
