// The scalar functions of expressions, for each type that they take; see the corners in docs/corners.md.
#define FUNCTION(name, function) \
  HERE float name(float x) { return function##f(x); } \
  HERE double name(double x) { return function(x); }
FUNCTION(m_floor, floor)
FUNCTION(m_ceil, ceil)
FUNCTION(m_round, rint)
FUNCTION(m_trunc, trunc)
FUNCTION(m_exp, exp)
FUNCTION(m_expm1, expm1)
FUNCTION(m_log, log)
FUNCTION(m_log1p, log1p)
FUNCTION(m_sqrt, sqrt)
FUNCTION(m_sin, sin)
FUNCTION(m_cos, cos)
FUNCTION(m_tan, tan)
FUNCTION(m_asin, asin)
FUNCTION(m_acos, acos)
FUNCTION(m_atan, atan)
FUNCTION(m_sinh, sinh)
FUNCTION(m_cosh, cosh)
FUNCTION(m_tanh, tanh)
FUNCTION(m_erf, erf)
FUNCTION(m_abs, fabs)

HERE float m_rsqrt(float x) { return 1.0f / sqrtf(x); }
HERE double m_rsqrt(double x) { return 1.0 / sqrt(x); }
HERE float m_reciprocal(float x) { return 1.0f / x; }
HERE double m_reciprocal(double x) { return 1.0 / x; }
// Of the two forms the one whose exponential does not overflow.
HERE float m_sigmoid(float x) { float e = expf(-fabsf(x)); return x >= 0 ? 1.0f / (1.0f + e) : e / (1.0f + e); }
HERE double m_sigmoid(double x) { double e = exp(-fabs(x)); return x >= 0 ? 1.0 / (1.0 + e) : e / (1.0 + e); }

HERE float negate(float x) { return -x; }
HERE double negate(double x) { return -x; }
HERE int negate(int x) { return (int) (0u - (u32) x); }
HERE i64 negate(i64 x) { return (i64) (0ull - (u64) x); }
HERE int m_abs(int x) { return x < 0 ? negate(x) : x; }
HERE i64 m_abs(i64 x) { return x < 0 ? negate(x) : x; }
HERE float m_sign(float x) { return x > 0 ? 1.0f : x < 0 ? -1.0f : x; }
HERE double m_sign(double x) { return x > 0 ? 1.0 : x < 0 ? -1.0 : x; }
HERE int m_sign(int x) { return (x > 0) - (x < 0); }
HERE i64 m_sign(i64 x) { return (x > 0) - (x < 0); }
HERE u8 m_not(u8 x) { return (u8) (x ^ 1); }
HERE int m_not(int x) { return ~x; }
HERE i64 m_not(i64 x) { return ~x; }

HERE float subtract(float a, float b) { return a - b; }
HERE double subtract(double a, double b) { return a - b; }
HERE int subtract(int a, int b) { return (int) ((u32) a - (u32) b); }
HERE i64 subtract(i64 a, i64 b) { return (i64) ((u64) a - (u64) b); }
HERE float m_atan2(float a, float b) { return atan2f(a, b); }
HERE double m_atan2(double a, double b) { return atan2(a, b); }

// Floor division as in Python: by the remainder, so that quotient and remainder fit each other. In double
// also for floats, since rounding in between would show.
HERE double floor_divide(double a, double b) {
  if (b == 0) return a / b;
  double rest = fmod(a, b);
  double quotient = (a - rest) / b;
  if (rest != 0 && (b < 0) != (rest < 0)) quotient -= 1;
  if (quotient == 0) return copysign(0.0, a / b);
  double whole = floor(quotient);
  return quotient - whole > 0.5 ? whole + 1 : whole;
}
HERE float floor_divide(float a, float b) { return (float) floor_divide((double) a, (double) b); }
HERE double remainder_of(double a, double b) { double rest = fmod(a, b); return rest != 0 && (b < 0) != (rest < 0) ? rest + b : rest; }
HERE float remainder_of(float a, float b) { return (float) remainder_of((double) a, (double) b); }
HERE double m_fmod(double a, double b) { return fmod(a, b); }
HERE float m_fmod(float a, float b) { return fmodf(a, b); }
HERE double power(double a, double b) { return pow(a, b); }
HERE float power(float a, float b) { return powf(a, b); }

// By -1 apart, as the least integer has no quotient by it.
template <class I> HERE I floor_divide_whole(I a, I b) {
  if (b == 0) return 0;
  if (b == -1) return negate(a);
  I quotient = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}
template <class I> HERE I remainder_whole(I a, I b) {
  if (b == 0 || b == -1) return 0;
  I rest = a % b;
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}
template <class I> HERE I fmod_whole(I a, I b) { return b == 0 || b == -1 ? 0 : a % b; }
template <class I> HERE I power_whole(I base, I exponent) {
  if (exponent < 0) return base == 1 ? 1 : base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0;
  I result = 1;
  for (; exponent > 0; exponent >>= 1) {
    if (exponent & 1) result = multiply(result, base);
    base = multiply(base, base);
  }
  return result;
}
HERE int floor_divide(int a, int b) { return floor_divide_whole(a, b); }
HERE i64 floor_divide(i64 a, i64 b) { return floor_divide_whole(a, b); }
HERE int remainder_of(int a, int b) { return remainder_whole(a, b); }
HERE i64 remainder_of(i64 a, i64 b) { return remainder_whole(a, b); }
HERE int m_fmod(int a, int b) { return fmod_whole(a, b); }
HERE i64 m_fmod(i64 a, i64 b) { return fmod_whole(a, b); }
HERE int power(int a, int b) { return power_whole(a, b); }
HERE i64 power(i64 a, i64 b) { return power_whole(a, b); }

HERE int shift_left(int a, int b) { return (int) ((u32) a << (b & 31)); }
HERE i64 shift_left(i64 a, i64 b) { return (i64) ((u64) a << (b & 63)); }
HERE int shift_right(int a, int b) { return a >> (b & 31); }
HERE i64 shift_right(i64 a, i64 b) { return a >> (b & 63); }
HERE int shift_right_unsigned(int a, int b) { return (int) ((u32) a >> (b & 31)); }
HERE i64 shift_right_unsigned(i64 a, i64 b) { return (i64) ((u64) a >> (b & 63)); }

// Conversions saturate and make NaN 0, as Java's do.
template <class F> HERE int saturated_int(F x) { return x != x ? 0 : x >= (F) 2147483648.0 ? 2147483647 : x <= (F) -2147483648.0 ? -2147483647 - 1 : (int) x; }
template <class F> HERE i64 saturated_long(F x) { return x != x ? 0 : x >= (F) 9223372036854775808.0 ? 9223372036854775807LL : x <= (F) -9223372036854775808.0 ? -9223372036854775807LL - 1 : (i64) x; }
HERE int to_int32(float x) { return saturated_int(x); }
HERE int to_int32(double x) { return saturated_int(x); }
HERE int to_int32(int x) { return x; }
HERE int to_int32(i64 x) { return (int) (u32) (u64) x; }
HERE int to_int32(u8 x) { return x; }
HERE i64 to_int64(float x) { return saturated_long(x); }
HERE i64 to_int64(double x) { return saturated_long(x); }
HERE i64 to_int64(int x) { return x; }
HERE i64 to_int64(u8 x) { return x; }
template <class F> HERE float to_float32(F x) { return (float) x; }
template <class F> HERE double to_float64(F x) { return (double) x; }
template <class F> HERE u8 to_bool(F x) { return x != 0; }
