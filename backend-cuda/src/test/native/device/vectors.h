// CUDA's short vectors, with CUDA's alignments.
#pragma once

#define SIMT_VECTORS(Type, Prefix, align2, align4)                            \
  struct Prefix##1 {                                                          \
    Type x;                                                                   \
  };                                                                          \
  struct alignas(align2) Prefix##2 {                                          \
    Type x, y;                                                                \
  };                                                                          \
  struct Prefix##3 {                                                          \
    Type x, y, z;                                                             \
  };                                                                          \
  struct alignas(align4) Prefix##4 {                                          \
    Type x, y, z, w;                                                          \
  };                                                                          \
  SIMT_MAKE_VECTORS(Type, Prefix)

#define SIMT_MAKE_VECTORS(Type, Prefix)                                               \
  inline Prefix##1 make_##Prefix##1(Type x) { return {x}; }                           \
  inline Prefix##2 make_##Prefix##2(Type x, Type y) { return {x, y}; }                \
  inline Prefix##3 make_##Prefix##3(Type x, Type y, Type z) { return {x, y, z}; }     \
  inline Prefix##4 make_##Prefix##4(Type x, Type y, Type z, Type w) { return {x, y, z, w}; }

SIMT_VECTORS(signed char, char, 2, 4)
SIMT_VECTORS(unsigned char, uchar, 2, 4)
SIMT_VECTORS(short, short, 4, 8)
SIMT_VECTORS(unsigned short, ushort, 4, 8)
SIMT_VECTORS(int, int, 8, 16)
SIMT_VECTORS(long, long, 16, 16)
SIMT_VECTORS(unsigned long, ulong, 16, 16)
SIMT_VECTORS(long long, longlong, 16, 16)
SIMT_VECTORS(unsigned long long, ulonglong, 16, 16)
SIMT_VECTORS(float, float, 8, 16)
SIMT_VECTORS(double, double, 16, 16)

// uint3 is the type of the indices, which abi.h has.
struct uint1 {
  unsigned x;
};
struct alignas(8) uint2 {
  unsigned x, y;
};
struct alignas(16) uint4 {
  unsigned x, y, z, w;
};
SIMT_MAKE_VECTORS(unsigned, uint)
