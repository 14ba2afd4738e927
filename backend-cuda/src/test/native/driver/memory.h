// Device and pinned memory, on the host's heap, between red zones.
#pragma once

#include "core.h"

namespace fake {

struct Allocation {
  enum class State {
    live,
    leaving,  // freed in a stream whose work is not done
    resting,  // of a graph that has not allocated it, or has freed it
    freed     // in quarantine
  };
  enum class Owner { pool, device, host };

  uintptr_t address = 0;
  size_t bytes = 0;
  size_t room = 0;  // bytes up to the upper red zone
  void* block = nullptr;
  uint8_t fill = 0;  // of the red zones
  Owner owner = Owner::pool;
  Device* device = nullptr;  // null for pinned memory
  State state = State::live;
  bool ofGraph = false;
  bool reported = false;  // damage is told once

  // Also while it leaves: work that was given before the free may still use it. What was given after it is
  // found out when it runs, for then the memory is freed.
  bool usable() const { return state == State::live || state == State::leaving; }
};

namespace memory {

Allocation& allocate(Allocation::Owner owner, Device* device, size_t bytes);

// The live or freed allocation that an address lies in (or, for its end, behind), or null.
Allocation* find(uintptr_t address);

// Throws unless all of the bytes are in one allocation that is alive, naming who asks.
void check(const char* who, uintptr_t address, size_t bytes, const char* role);

// Reports damage of an allocation's red zones, or of what was freed.
void inspect(Allocation& allocation, const std::string& where);
void inspectAll();

void makeLive(Allocation& allocation);   // an allocation of a graph
void rest(Allocation& allocation);       // the reverse
void release(Allocation& allocation, const char* who);  // to the quarantine

// Pool memory above the threshold goes back to the device.
void trimPool(Device& device, uint64_t keep);

// Frees all memory of a device (of all, and pinned memory too, for null), telling what was alive.
void clear(Device* device, bool tell);

bool isPinned(const void* address);

long long count(int what);

}  // namespace memory
}  // namespace fake
