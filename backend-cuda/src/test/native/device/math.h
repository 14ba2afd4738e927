// CUDA's mathematical functions, answered by the C library; intrinsics in the rounding mode to nearest.
//
// Header-free on purpose: <cmath> alone would take longer to read than a kernel takes to compile.
#pragma once

// ---- The C library's, for double and float, with CUDA's overloads for float.

#define SIMT_UNARY(name)             \
  extern "C" double name(double);    \
  extern "C" float name##f(float);   \
  inline float name(float x) { return name##f(x); }

// A call with a double and a float is ambiguous. g++ would only warn, and is told not to warn.
namespace simt {
template <class X, class Y>
constexpr bool mixed = false;
template <>
constexpr bool mixed<double, float> = true;
template <>
constexpr bool mixed<float, double> = true;
}  // namespace simt

#define SIMT_BINARY(name)                                       \
  extern "C" double name(double, double);                       \
  extern "C" float name##f(float, float);                       \
  inline float name(float x, float y) { return name##f(x, y); } \
  template <class X, class Y>                                   \
    requires simt::mixed<X, Y>                                  \
  double name(X, Y) = delete;

SIMT_UNARY(acos)
SIMT_UNARY(acosh)
SIMT_UNARY(asin)
SIMT_UNARY(asinh)
SIMT_UNARY(atan)
SIMT_UNARY(atanh)
SIMT_UNARY(cbrt)
SIMT_UNARY(ceil)
SIMT_UNARY(cos)
SIMT_UNARY(cosh)
SIMT_UNARY(erf)
SIMT_UNARY(erfc)
SIMT_UNARY(exp)
SIMT_UNARY(exp2)
SIMT_UNARY(expm1)
SIMT_UNARY(fabs)
SIMT_UNARY(floor)
SIMT_UNARY(lgamma)
SIMT_UNARY(log)
SIMT_UNARY(log10)
SIMT_UNARY(log1p)
SIMT_UNARY(log2)
SIMT_UNARY(logb)
SIMT_UNARY(nearbyint)
SIMT_UNARY(rint)
SIMT_UNARY(round)
SIMT_UNARY(sin)
SIMT_UNARY(sinh)
SIMT_UNARY(sqrt)
SIMT_UNARY(tan)
SIMT_UNARY(tanh)
SIMT_UNARY(tgamma)
SIMT_UNARY(trunc)
SIMT_BINARY(atan2)
SIMT_BINARY(copysign)
SIMT_BINARY(fdim)
SIMT_BINARY(fmax)
SIMT_BINARY(fmin)
SIMT_BINARY(fmod)
SIMT_BINARY(hypot)
SIMT_BINARY(nextafter)
SIMT_BINARY(pow)
SIMT_BINARY(remainder)

extern "C" double fma(double, double, double);
extern "C" float fmaf(float, float, float);
inline float fma(float x, float y, float z) { return fmaf(x, y, z); }

extern "C" double ldexp(double, int);
extern "C" float ldexpf(float, int);
extern "C" double scalbn(double, int);
extern "C" float scalbnf(float, int);
extern "C" double frexp(double, int*);
extern "C" float frexpf(float, int*);
extern "C" double modf(double, double*);
extern "C" float modff(float, float*);
extern "C" void sincos(double, double*, double*);
extern "C" void sincosf(float, float*, float*);
extern "C" double nan(const char*);
extern "C" float nanf(const char*);
extern "C" int ilogb(double);
extern "C" int ilogbf(float);
extern "C" long lrint(double);
extern "C" long lrintf(float);
extern "C" long long llrint(double);
extern "C" long long llrintf(float);
extern "C" long lround(double);
extern "C" long lroundf(float);
extern "C" long long llround(double);
extern "C" long long llroundf(float);
inline float modf(float x, float* whole) { return modff(x, whole); }
inline float ldexp(float x, int exponent) { return ldexpf(x, exponent); }
inline float pow(float x, int y) { return powf(x, (float)y); }
inline double pow(double x, int y) { return pow(x, (double)y); }

// ---- What CUDA has beyond it.

inline double rsqrt(double x) { return 1.0 / sqrt(x); }
inline float rsqrtf(float x) { return (float)(1.0 / sqrt((double)x)); }
inline float rsqrt(float x) { return rsqrtf(x); }
inline double rcbrt(double x) { return 1.0 / cbrt(x); }
inline float rcbrtf(float x) { return (float)(1.0 / cbrt((double)x)); }
extern "C" double exp10(double);
extern "C" float exp10f(float);
inline float exp10(float x) { return exp10f(x); }
inline double sinpi(double x) { return sin(remainder(x, 2.0) * 3.14159265358979323846); }
inline float sinpif(float x) { return (float)sinpi((double)x); }
inline double cospi(double x) { return cos(remainder(x, 2.0) * 3.14159265358979323846); }
inline float cospif(float x) { return (float)cospi((double)x); }
inline double normcdf(double x) { return 0.5 * erfc(-x * 0.70710678118654752440); }
inline float normcdff(float x) { return (float)normcdf((double)x); }
inline float fdividef(float x, float y) { return x / y; }
inline float __saturatef(float x) { return x > 0.0f ? (x < 1.0f ? x : 1.0f) : 0.0f; }

inline bool isnan(float x) { return __builtin_isnan(x); }
inline bool isnan(double x) { return __builtin_isnan(x); }
inline bool isinf(float x) { return __builtin_isinf(x); }
inline bool isinf(double x) { return __builtin_isinf(x); }
inline bool isfinite(float x) { return __builtin_isfinite(x); }
inline bool isfinite(double x) { return __builtin_isfinite(x); }
inline bool signbit(float x) { return __builtin_signbit(x); }
inline bool signbit(double x) { return __builtin_signbit(x); }

extern "C" int abs(int);
extern "C" long labs(long);
extern "C" long long llabs(long long);
inline long abs(long x) { return x < 0 ? -x : x; }
inline long long abs(long long x) { return x < 0 ? -x : x; }
inline float abs(float x) { return fabsf(x); }
inline double abs(double x) { return fabs(x); }

// min and max of floating-point numbers prefer a number to a NaN, as fmin and fmax do.
#define SIMT_MIN_MAX(Type)                                          \
  inline Type min(Type x, Type y) { return y < x ? y : x; }         \
  inline Type max(Type x, Type y) { return x < y ? y : x; }
SIMT_MIN_MAX(int)
SIMT_MIN_MAX(unsigned)
SIMT_MIN_MAX(long)
SIMT_MIN_MAX(unsigned long)
SIMT_MIN_MAX(long long)
SIMT_MIN_MAX(unsigned long long)
inline float min(float x, float y) { return fminf(x, y); }
inline float max(float x, float y) { return fmaxf(x, y); }
inline double min(double x, double y) { return fmin(x, y); }
inline double max(double x, double y) { return fmax(x, y); }
inline double min(double x, float y) { return fmin(x, (double)y); }
inline double max(double x, float y) { return fmax(x, (double)y); }
inline double min(float x, double y) { return fmin((double)x, y); }
inline double max(float x, double y) { return fmax((double)x, y); }

// A signed and an unsigned number are compared as unsigned ones.
#define SIMT_MIN_MAX_MIXED(Signed, Unsigned)                                             \
  inline Unsigned min(Signed x, Unsigned y) { return min((Unsigned)x, y); }              \
  inline Unsigned max(Signed x, Unsigned y) { return max((Unsigned)x, y); }              \
  inline Unsigned min(Unsigned x, Signed y) { return min(x, (Unsigned)y); }              \
  inline Unsigned max(Unsigned x, Signed y) { return max(x, (Unsigned)y); }
SIMT_MIN_MAX_MIXED(int, unsigned)
SIMT_MIN_MAX_MIXED(long, unsigned long)
SIMT_MIN_MAX_MIXED(long long, unsigned long long)

// ---- Single operations that the compiler may not contract.

inline float __fadd_rn(float x, float y) { return x + y; }
inline float __fsub_rn(float x, float y) { return x - y; }
inline float __fmul_rn(float x, float y) { return x * y; }
inline float __fdiv_rn(float x, float y) { return x / y; }
inline float __fmaf_rn(float x, float y, float z) { return fmaf(x, y, z); }
inline float __frcp_rn(float x) { return 1.0f / x; }
inline float __fsqrt_rn(float x) { return sqrtf(x); }
inline float __frsqrt_rn(float x) { return rsqrtf(x); }
inline double __dadd_rn(double x, double y) { return x + y; }
inline double __dsub_rn(double x, double y) { return x - y; }
inline double __dmul_rn(double x, double y) { return x * y; }
inline double __ddiv_rn(double x, double y) { return x / y; }
inline double __fma_rn(double x, double y, double z) { return fma(x, y, z); }
inline double __drcp_rn(double x) { return 1.0 / x; }
inline double __dsqrt_rn(double x) { return sqrt(x); }

// ---- Fast forms; exact here, a few units in the last place off on a device.

inline float __expf(float x) { return expf(x); }
inline float __exp10f(float x) { return exp10f(x); }
inline float __logf(float x) { return logf(x); }
inline float __log2f(float x) { return log2f(x); }
inline float __log10f(float x) { return log10f(x); }
inline float __powf(float x, float y) { return powf(x, y); }
inline float __sinf(float x) { return sinf(x); }
inline float __cosf(float x) { return cosf(x); }
inline float __tanf(float x) { return tanf(x); }
inline float __fdividef(float x, float y) { return x / y; }

// ---- Bits.

inline float __uint_as_float(unsigned bits) { return __builtin_bit_cast(float, bits); }
inline float __int_as_float(int bits) { return __builtin_bit_cast(float, bits); }
inline unsigned __float_as_uint(float x) { return __builtin_bit_cast(unsigned, x); }
inline int __float_as_int(float x) { return __builtin_bit_cast(int, x); }
inline double __longlong_as_double(long long bits) { return __builtin_bit_cast(double, bits); }
inline long long __double_as_longlong(double x) { return __builtin_bit_cast(long long, x); }
inline int __double2hiint(double x) { return (int)(__double_as_longlong(x) >> 32); }
inline int __double2loint(double x) { return (int)__double_as_longlong(x); }
inline double __hiloint2double(int high, int low) {
  return __longlong_as_double(((long long)high << 32) | (unsigned)low);
}

inline int __clz(int x) { return x == 0 ? 32 : __builtin_clz((unsigned)x); }
inline int __clzll(long long x) { return x == 0 ? 64 : __builtin_clzll((unsigned long long)x); }
inline int __ffs(int x) { return __builtin_ffs(x); }
inline int __ffsll(long long x) { return __builtin_ffsll(x); }
inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline int __popcll(unsigned long long x) { return __builtin_popcountll(x); }

inline unsigned __brev(unsigned x) {
  x = (x >> 1 & 0x55555555u) | (x & 0x55555555u) << 1;
  x = (x >> 2 & 0x33333333u) | (x & 0x33333333u) << 2;
  x = (x >> 4 & 0x0f0f0f0fu) | (x & 0x0f0f0f0fu) << 4;
  return __builtin_bswap32(x);
}
inline unsigned long long __brevll(unsigned long long x) {
  return (unsigned long long)__brev((unsigned)x) << 32 | __brev((unsigned)(x >> 32));
}
inline unsigned __byte_perm(unsigned x, unsigned y, unsigned selector) {
  unsigned long long bytes = (unsigned long long)y << 32 | x;
  unsigned result = 0;
  for (int i = 0; i < 4; i++) {
    unsigned chosen = selector >> 4 * i & 0xfu;
    unsigned byte = (unsigned)(bytes >> 8 * (chosen & 7u)) & 0xffu;
    if (chosen & 8u) {
      byte = byte & 0x80u ? 0xffu : 0u;  // the sign, replicated
    }
    result |= byte << 8 * i;
  }
  return result;
}
inline unsigned __funnelshift_l(unsigned low, unsigned high, unsigned shift) {
  unsigned long long both = (unsigned long long)high << 32 | low;
  return (unsigned)(both << (shift & 31u) >> 32);
}
inline unsigned __funnelshift_r(unsigned low, unsigned high, unsigned shift) {
  unsigned long long both = (unsigned long long)high << 32 | low;
  return (unsigned)(both >> (shift & 31u));
}

// ---- Integers.

inline unsigned __umulhi(unsigned x, unsigned y) {
  return (unsigned)((unsigned long long)x * y >> 32);
}
inline int __mulhi(int x, int y) { return (int)((long long)x * y >> 32); }
inline unsigned long long __umul64hi(unsigned long long x, unsigned long long y) {
  return (unsigned long long)((unsigned __int128)x * y >> 64);
}
inline long long __mul64hi(long long x, long long y) { return (long long)((__int128)x * y >> 64); }
inline int __mul24(int x, int y) {
  return (int)((unsigned)(x << 8 >> 8) * (unsigned)(y << 8 >> 8));
}
inline unsigned __umul24(unsigned x, unsigned y) { return (x & 0xffffffu) * (y & 0xffffffu); }

// ---- Conversions. As on the device, a NaN becomes 0 (for 64 bits the lowest number) and what is out of
// range the nearest bound. A plain cast in C++ cannot be taught that: see README.md.

namespace simt {

template <class To, class From>
inline To saturated(From x, To lowest, To highest, To ofNan) {
  if (__builtin_isnan(x)) {
    return ofNan;
  }
  if (x <= (From)lowest) {
    return lowest;
  }
  return x >= (From)highest ? highest : (To)x;
}

template <class From>
inline int toInt(From x) {
  return saturated<int, From>(x, -__INT_MAX__ - 1, __INT_MAX__, 0);
}
template <class From>
inline unsigned toUnsigned(From x) {
  return saturated<unsigned, From>(x, 0u, ~0u, 0u);
}
template <class From>
inline long long toLong(From x) {
  constexpr long long lowest = -__LONG_LONG_MAX__ - 1;
  return saturated<long long, From>(x, lowest, __LONG_LONG_MAX__, lowest);
}
template <class From>
inline unsigned long long toUnsignedLong(From x) {
  return saturated<unsigned long long, From>(x, 0ull, ~0ull, 1ull << 63);
}

}  // namespace simt

#define SIMT_CONVERT_ROUNDED(from, From, suffix, rounded)                                      \
  inline int __##from##2int_##suffix(From x) { return simt::toInt(rounded(x)); }               \
  inline unsigned __##from##2uint_##suffix(From x) { return simt::toUnsigned(rounded(x)); }    \
  inline long long __##from##2ll_##suffix(From x) { return simt::toLong(rounded(x)); }         \
  inline unsigned long long __##from##2ull_##suffix(From x) {                                  \
    return simt::toUnsignedLong(rounded(x));                                                   \
  }
#define SIMT_CONVERT(from, From)                  \
  SIMT_CONVERT_ROUNDED(from, From, rn, rint)      \
  SIMT_CONVERT_ROUNDED(from, From, rz, trunc)     \
  SIMT_CONVERT_ROUNDED(from, From, rd, floor)     \
  SIMT_CONVERT_ROUNDED(from, From, ru, ceil)
SIMT_CONVERT(float, float)
SIMT_CONVERT(double, double)

inline float __int2float_rn(int x) { return (float)x; }
inline float __uint2float_rn(unsigned x) { return (float)x; }
inline float __ll2float_rn(long long x) { return (float)x; }
inline float __ull2float_rn(unsigned long long x) { return (float)x; }
inline float __double2float_rn(double x) { return (float)x; }
inline double __int2double_rn(int x) { return x; }
inline double __uint2double_rn(unsigned x) { return x; }
inline double __ll2double_rn(long long x) { return (double)x; }
inline double __ull2double_rn(unsigned long long x) { return (double)x; }
