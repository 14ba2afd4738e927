// CUDA's atomic functions: exactly the overloads that CUDA has, so that a kernel which NVRTC would refuse
// (atomicAdd of a signed long long, say) is refused here too. Threads run one at a time, so plain reads and
// writes are enough.
#pragma once

#define SIMT_ATOMIC(name, Type, expression)          \
  inline Type atomic##name(Type* address, Type value) { \
    Type old = *address;                             \
    *address = (expression);                         \
    return old;                                      \
  }

SIMT_ATOMIC(Add, int, (int)((unsigned)old + (unsigned)value))
SIMT_ATOMIC(Add, unsigned, old + value)
SIMT_ATOMIC(Add, unsigned long long, old + value)
SIMT_ATOMIC(Add, float, old + value)
SIMT_ATOMIC(Add, double, old + value)
SIMT_ATOMIC(Sub, int, (int)((unsigned)old - (unsigned)value))
SIMT_ATOMIC(Sub, unsigned, old - value)
SIMT_ATOMIC(Exch, int, value)
SIMT_ATOMIC(Exch, unsigned, value)
SIMT_ATOMIC(Exch, unsigned long long, value)
SIMT_ATOMIC(Exch, float, value)
SIMT_ATOMIC(Min, int, value < old ? value : old)
SIMT_ATOMIC(Min, unsigned, value < old ? value : old)
SIMT_ATOMIC(Min, long long, value < old ? value : old)
SIMT_ATOMIC(Min, unsigned long long, value < old ? value : old)
SIMT_ATOMIC(Max, int, value > old ? value : old)
SIMT_ATOMIC(Max, unsigned, value > old ? value : old)
SIMT_ATOMIC(Max, long long, value > old ? value : old)
SIMT_ATOMIC(Max, unsigned long long, value > old ? value : old)
SIMT_ATOMIC(And, int, old & value)
SIMT_ATOMIC(And, unsigned, old & value)
SIMT_ATOMIC(And, unsigned long long, old & value)
SIMT_ATOMIC(Or, int, old | value)
SIMT_ATOMIC(Or, unsigned, old | value)
SIMT_ATOMIC(Or, unsigned long long, old | value)
SIMT_ATOMIC(Xor, int, old ^ value)
SIMT_ATOMIC(Xor, unsigned, old ^ value)
SIMT_ATOMIC(Xor, unsigned long long, old ^ value)
SIMT_ATOMIC(Inc, unsigned, old >= value ? 0u : old + 1u)
SIMT_ATOMIC(Dec, unsigned, old == 0u || old > value ? value : old - 1u)

#define SIMT_ATOMIC_CAS(Type)                                             \
  inline Type atomicCAS(Type* address, Type expected, Type value) {       \
    Type old = *address;                                                  \
    if (old == expected) {                                                \
      *address = value;                                                   \
    }                                                                     \
    return old;                                                           \
  }
SIMT_ATOMIC_CAS(int)
SIMT_ATOMIC_CAS(unsigned)
SIMT_ATOMIC_CAS(unsigned long long)
SIMT_ATOMIC_CAS(unsigned short)

inline void __threadfence() {}
inline void __threadfence_block() {}
inline void __threadfence_system() {}
