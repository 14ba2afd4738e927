// Blocks of threads. A kernel in whose module nobody waits for anybody runs as a plain loop. In the others each
// thread is a fiber, which runs until it ends or waits: at the block's barrier, or for lanes of its warp. When
// nobody can go on and not all stand at the same barrier, the threads have diverged, which on a device would
// hang or give garbage; here it is a fault with a text that says who waits where.
#include "blocks.h"

#include <cstring>

#include "fibers.h"

namespace fake::blocks {

namespace {

constexpr uint8_t spoiled = 0xFF;
constexpr uint8_t guard = 0xC5;

struct Thread {
  enum class State { fresh, ready, atBarrier, inWarp, ended };
  State state = State::fresh;
  uint3 index{};
  Fiber* fiber = nullptr;
  simt::BarrierCall* barrier = nullptr;
  simt::WarpCall* warp = nullptr;
};

// Lanes as bits.
struct Warp {
  unsigned living = 0;
  unsigned waiting = 0;
};

template <class Action>
void forEachLane(unsigned lanes, Action action) {
  for (; lanes != 0; lanes &= lanes - 1) {
    action(static_cast<size_t>(__builtin_ctz(lanes)));
  }
}

// One launch at a time runs, in the driver's lock.
class Runner {
 public:
  void run(simt::Module& module, const simt::Kernel& kernel, StaticShared shared,
           const Shape& shape, void** parameters);

  void barrier(simt::BarrierCall* call);
  void warp(simt::WarpCall* call);
  unsigned activeLanes();
  void trap(const char* reason, int line);

 private:
  void runBlock(uint3 index);
  void runInTurns();
  void runInReverse();
  bool letAllGoOn();
  void runThread(Thread& thread);
  void endThread(Thread& thread);
  void releaseBarrier();
  void tryToComplete(size_t warp, const simt::WarpCall& call);
  bool agree(const simt::WarpCall& call, size_t first, unsigned lanes) const;
  void complete(size_t first, unsigned lanes);
  void abandonAll();
  void spoilShared();
  void checkShared() const;
  std::string place() const;
  std::string whoWaitsWhere() const;
  [[noreturn]] void faultOfThread(CUresult code, const std::string& why);
  [[noreturn]] void faultOfBlock(CUresult code, const std::string& why);

  size_t indexOf(const Thread& thread) const {
    return static_cast<size_t>(&thread - threads_.data());
  }

  simt::Module* module_ = nullptr;
  const simt::Kernel* kernel_ = nullptr;
  StaticShared shared_;
  const Shape* shape_ = nullptr;
  void** parameters_ = nullptr;

  std::vector<Thread> threads_;
  std::vector<Warp> warps_;
  size_t ended_ = 0;
  size_t atBarrier_ = 0;
  Thread* current_ = nullptr;
  std::unique_ptr<Failure> failure_;

  std::vector<std::unique_ptr<Fiber>> fibers_;
  std::vector<Fiber*> idle_;
};

Runner& runner() {
  static Runner& runner = *new Runner;
  return runner;
}

uint3 unravel(size_t index, const dim3& extent) {
  return {static_cast<unsigned>(index % extent.x),
          static_cast<unsigned>(index / extent.x % extent.y),
          static_cast<unsigned>(index / extent.x / extent.y)};
}

size_t volume(const dim3& extent) { return size_t{extent.x} * extent.y * extent.z; }

std::string text(const uint3& index) { return format("(%u, %u, %u)", index.x, index.y, index.z); }

void Runner::run(simt::Module& module, const simt::Kernel& kernel, StaticShared shared,
                 const Shape& shape, void** parameters) {
  module_ = &module;
  kernel_ = &kernel;
  shared_ = shared;
  shape_ = &shape;
  parameters_ = parameters;
  *module.gridDim = shape.grid;
  *module.blockDim = shape.block;
  size_t blocks = volume(shape.grid);
  bool descending = core().settings.descending;
  for (size_t i = 0; i < blocks; i++) {
    runBlock(unravel(descending ? blocks - 1 - i : i, shape.grid));
  }
}

void Runner::runBlock(uint3 index) {
  *module_->blockIdx = index;
  spoilShared();
  if (module_->cooperative) {
    runInTurns();
  } else if (core().settings.descending) {
    runInReverse();
  } else {
    kernel_->runThreads(parameters_);
  }
  checkShared();
}

void Runner::runInReverse() {
  for (size_t i = volume(shape_->block); i-- > 0;) {
    *module_->threadIdx = unravel(i, shape_->block);
    kernel_->run(parameters_);
  }
}

void Runner::runInTurns() {
  size_t count = volume(shape_->block);
  threads_.assign(count, Thread{});
  warps_.assign((count + simt::warpLanes - 1) / simt::warpLanes, Warp{});
  for (size_t i = 0; i < count; i++) {
    threads_[i].index = unravel(i, shape_->block);
    warps_[i / simt::warpLanes].living |= 1u << i % simt::warpLanes;
  }
  ended_ = 0;
  atBarrier_ = 0;
  while (ended_ < count) {
    if (letAllGoOn()) {
      continue;
    }
    if (atBarrier_ < count) {
      faultOfBlock(CUDA_ERROR_LAUNCH_FAILED, "its threads have diverged: " + whoWaitsWhere());
    }
    releaseBarrier();
  }
}

// Runs each thread that can run; false if there was none.
bool Runner::letAllGoOn() {
  bool any = false;
  size_t count = threads_.size();
  for (size_t i = 0; i < count; i++) {
    Thread& thread = threads_[core().settings.descending ? count - 1 - i : i];
    if (thread.state == Thread::State::fresh || thread.state == Thread::State::ready) {
      runThread(thread);
      any = true;
    }
  }
  return any;
}

void Runner::runThread(Thread& thread) {
  current_ = &thread;
  *module_->threadIdx = thread.index;
  if (thread.state == Thread::State::fresh) {
    thread.state = Thread::State::ready;
    if (idle_.empty()) {
      fibers_.push_back(std::make_unique<Fiber>());
      idle_.push_back(fibers_.back().get());
    }
    thread.fiber = idle_.back();
    idle_.pop_back();
    thread.fiber->start(
        [](void* self) {
          auto* runner = static_cast<Runner*>(self);
          runner->kernel_->run(runner->parameters_);
        },
        this);
  } else {
    thread.fiber->resume();
  }
  if (failure_) {
    abandonAll();
    std::unique_ptr<Failure> failure = std::move(failure_);
    throw *failure;
  }
  if (thread.fiber->idle()) {
    endThread(thread);
  }
}

void Runner::endThread(Thread& thread) {
  thread.state = Thread::State::ended;
  ended_++;
  idle_.push_back(thread.fiber);
  thread.fiber = nullptr;
  // Those who waited for this lane as well may be complete without it.
  size_t index = indexOf(thread);
  size_t number = index / simt::warpLanes;
  Warp& warp = warps_[number];
  warp.living &= ~(1u << index % simt::warpLanes);
  forEachLane(warp.waiting, [&](size_t lane) {
    if (warp.waiting >> lane & 1u) {
      tryToComplete(number, *threads_[number * simt::warpLanes + lane].warp);
    }
  });
}

void Runner::abandonAll() {
  for (Thread& thread : threads_) {
    if (thread.fiber != nullptr) {
      thread.fiber->abandon();
      idle_.push_back(thread.fiber);
      thread.fiber = nullptr;
    }
  }
}

// ---- The barrier

void Runner::barrier(simt::BarrierCall* call) {
  current_->barrier = call;
  current_->state = Thread::State::atBarrier;
  atBarrier_++;
  Fiber::pause();
}

void Runner::releaseBarrier() {
  int line = threads_[0].barrier->line;
  int count = 0;
  for (const Thread& thread : threads_) {
    if (thread.barrier->line != line) {
      faultOfBlock(CUDA_ERROR_LAUNCH_FAILED,
                   "its threads have diverged to different barriers: " + whoWaitsWhere());
    }
    count += thread.barrier->predicate != 0;
  }
  for (Thread& thread : threads_) {
    thread.barrier->count = count;
    thread.state = Thread::State::ready;
  }
  atBarrier_ = 0;
}

// ---- Warps

void Runner::warp(simt::WarpCall* call) {
  size_t index = indexOf(*current_);
  if ((call->mask >> index % simt::warpLanes & 1u) == 0) {
    faultOfThread(CUDA_ERROR_LAUNCH_FAILED,
                  format("the mask 0x%x in line %d lacks the lane that calls", call->mask,
                         call->line));
  }
  current_->warp = call;
  current_->state = Thread::State::inWarp;
  warps_[index / simt::warpLanes].waiting |= 1u << index % simt::warpLanes;
  tryToComplete(index / simt::warpLanes, *call);
  // The last lane to come need not wait: it has made itself ready.
  if (current_->state == Thread::State::inWarp) {
    Fiber::pause();
  }
}

unsigned Runner::activeLanes() { return warps_[indexOf(*current_) / simt::warpLanes].living; }

// Lets the lanes of a call go on if all that live are there.
void Runner::tryToComplete(size_t warp, const simt::WarpCall& call) {
  unsigned lanes = call.mask & warps_[warp].living;
  size_t first = warp * simt::warpLanes;
  if ((warps_[warp].waiting & lanes) == lanes && agree(call, first, lanes)) {
    complete(first, lanes);
    warps_[warp].waiting &= ~lanes;
  }
}

bool Runner::agree(const simt::WarpCall& call, size_t first, unsigned lanes) const {
  bool same = true;
  forEachLane(lanes, [&](size_t lane) {
    const simt::WarpCall& other = *threads_[first + lane].warp;
    same = same && other.kind == call.kind && other.mask == call.mask && other.line == call.line &&
           other.bytes == call.bytes;
  });
  return same;
}

void Runner::complete(size_t first, unsigned lanes) {
  unsigned votes = 0;
  forEachLane(lanes, [&](size_t lane) {
    votes |= (threads_[first + lane].warp->vote & 1u) << lane;
  });
  forEachLane(lanes, [&](size_t lane) {
    Thread& thread = threads_[first + lane];
    simt::WarpCall& call = *thread.warp;
    if (call.kind == simt::Collective::shuffle) {
      bool takesPart = call.source >= 0 && call.source < simt::warpLanes &&
                       (lanes >> call.source & 1u) != 0;
      if (takesPart) {
        std::memcpy(call.result, threads_[first + call.source].warp->value, call.bytes);
      } else {
        std::memset(call.result, spoiled, call.bytes);  // on a device the value is undefined
      }
    }
    call.vote = votes;
    thread.state = Thread::State::ready;
  });
}

// ---- Shared memory

void Runner::spoilShared() {
  std::memset(shared_.start, spoiled, shared_.bytes);
  if (shape_->dynamicShared > 0) {
    std::memset(module_->dynamicShared, spoiled, shape_->dynamicShared);
    std::memset(module_->dynamicShared + shape_->dynamicShared, guard, simt::sharedGuard);
  }
}

void Runner::checkShared() const {
  if (shape_->dynamicShared == 0) {
    return;
  }
  const unsigned char* end = module_->dynamicShared + shape_->dynamicShared;
  for (unsigned i = 0; i < simt::sharedGuard; i++) {
    if (end[i] != guard) {
      std::string what = place() + format(" has written %u bytes past the end of its %u bytes of "
                                          "dynamic shared memory",
                                          i, shape_->dynamicShared);
      violation(what);
      throw Failure{CUDA_ERROR_ILLEGAL_ADDRESS, what};
    }
  }
}

// ---- Faults

std::string Runner::place() const {
  return format("kernel %s, block ", kernel_->name) + text(*module_->blockIdx);
}

std::string Runner::whoWaitsWhere() const {
  std::map<std::string, size_t> groups;
  for (const Thread& thread : threads_) {
    switch (thread.state) {
      case Thread::State::atBarrier:
        groups[format("at the barrier in line %d", thread.barrier->line)]++;
        break;
      case Thread::State::inWarp:
        groups[format("for lanes of mask 0x%x in line %d", thread.warp->mask, thread.warp->line)]++;
        break;
      default:
        break;
    }
  }
  std::string result = format("%zu of %zu have ended", ended_, threads_.size());
  for (const auto& [where, count] : groups) {
    result += format(", %zu wait ", count) + where;
  }
  return result;
}

void Runner::trap(const char* reason, int line) {
  faultOfThread(CUDA_ERROR_ASSERT, format("%s in line %d", reason, line));
}

// Exceptions cannot leave a fiber's stack: the thread pauses for ever, and runThread throws.
void Runner::faultOfThread(CUresult code, const std::string& why) {
  std::string what = place() + ", thread " + text(current_->index) + ": " + why;
  violation(what);
  failure_ = std::make_unique<Failure>(Failure{code, what});
  for (;;) {
    Fiber::pause();
  }
}

void Runner::faultOfBlock(CUresult code, const std::string& why) {
  std::string what = place() + ": " + why;
  violation(what);
  abandonAll();
  throw Failure{code, what};
}

}  // namespace

const simt::Host& host() {
  static const simt::Host functions = {
      [](simt::BarrierCall* call) { runner().barrier(call); },
      [](simt::WarpCall* call) { runner().warp(call); },
      [] { return runner().activeLanes(); },
      [](const char* reason, int line) { runner().trap(reason, line); }};
  return functions;
}

void run(simt::Module& module, const simt::Kernel& kernel, StaticShared shared, const Shape& shape,
         void** parameters) {
  runner().run(module, kernel, shared, shape, parameters);
}

}  // namespace fake::blocks
