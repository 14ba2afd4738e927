// The change of stacks: by hand on x86-64, where it takes two nanoseconds, by the C library's ucontext
// elsewhere, where each change is a system call. A page without access below each stack turns an overflow into
// a crash instead of silent damage.
#include "fibers.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <new>

#if !defined(__x86_64__)
#include <ucontext.h>
#endif

namespace fake {

namespace {

constexpr size_t stackBytes = 256 * 1024;

// The fiber that runs; all run in the driver's lock, so there is one.
Fiber* running = nullptr;

class Stack {
 public:
  Stack() : guard_(static_cast<size_t>(sysconf(_SC_PAGESIZE))) {
    base_ = mmap(nullptr, guard_ + stackBytes, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base_ == MAP_FAILED) {
      throw std::bad_alloc();
    }
    mprotect(base_, guard_, PROT_NONE);
  }
  ~Stack() { munmap(base_, guard_ + stackBytes); }
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;

  char* bottom() const { return static_cast<char*>(base_) + guard_; }
  size_t bytes() const { return stackBytes - shift_; }
  char* top() const { return bottom() + bytes(); }

 private:
  // Stacks that all began at the same place in a page would share a few lines of the cache.
  static size_t nextShift() {
    static size_t made = 0;
    return made++ % 64 * 192;
  }

  size_t guard_;
  size_t shift_ = nextShift();
  void* base_;
};

}  // namespace

#if defined(__x86_64__)

// Saves the registers that a function must keep, and the stack they are saved on; then the same backwards.
extern "C" void fake_switch_stack(void** save, void* next);
asm(R"(
.text
.hidden fake_switch_stack
.globl fake_switch_stack
.type fake_switch_stack, @function
fake_switch_stack:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size fake_switch_stack, .-fake_switch_stack
)");

struct Fiber::Machine {
  Stack stack;
  void* own = nullptr;
  void* caller = nullptr;

  void prepare(void (*entry)()) {
    constexpr int savedRegisters = 6;
    auto* top = reinterpret_cast<uint64_t*>(stack.top());
    *--top = 0;  // keeps the alignment that a call would have left
    *--top = reinterpret_cast<uint64_t>(entry);
    for (int i = 0; i < savedRegisters; i++) {
      *--top = 0;
    }
    own = top;
  }
  void enter() { fake_switch_stack(&caller, own); }
  void leave() { fake_switch_stack(&own, caller); }
};

#else

struct Fiber::Machine {
  Stack stack;
  ucontext_t own;
  ucontext_t caller;

  void prepare(void (*entry)()) {
    getcontext(&own);
    own.uc_stack.ss_sp = stack.bottom();
    own.uc_stack.ss_size = stack.bytes();
    own.uc_link = nullptr;
    makecontext(&own, entry, 0);
  }
  void enter() { swapcontext(&caller, &own); }
  void leave() { swapcontext(&own, &caller); }
};

#endif

Fiber::Fiber() : machine_(new Machine) { machine_->prepare(&Fiber::loop); }
Fiber::~Fiber() { delete machine_; }

// A fiber outlives its bodies, so that starting one is as cheap as resuming it.
void Fiber::loop() {
  for (;;) {
    Fiber* self = running;
    self->body_(self->argument_);
    self->idle_ = true;
    pause();
  }
}

void Fiber::enter() {
  running = this;
  machine_->enter();
  running = nullptr;
}

void Fiber::start(void (*body)(void*), void* argument) {
  body_ = body;
  argument_ = argument;
  idle_ = false;
  enter();
}

void Fiber::resume() { enter(); }

void Fiber::abandon() {
  machine_->prepare(&Fiber::loop);
  idle_ = true;
}

void Fiber::pause() { running->machine_->leave(); }

}  // namespace fake
