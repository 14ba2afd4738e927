// Threads of control with stacks of their own, which run one at a time and give way by themselves.
#pragma once

#include <cstddef>

namespace fake {

class Fiber {
 public:
  Fiber();
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  // Runs body until it ends or pauses. Only of an idle fiber.
  void start(void (*body)(void*), void* argument);

  // Goes on after the pause.
  void resume();

  // Whether the body has ended, so that the fiber can be started again.
  bool idle() const { return idle_; }

  // Forgets a body that has paused. Nothing on its stack is destroyed.
  void abandon();

  // Called by a body: goes back to who started or resumed its fiber.
  static void pause();

 private:
  struct Machine;

  static void loop();
  void enter();

  Machine* machine_;
  void (*body_)(void*) = nullptr;
  void* argument_ = nullptr;
  bool idle_ = true;
};

}  // namespace fake
