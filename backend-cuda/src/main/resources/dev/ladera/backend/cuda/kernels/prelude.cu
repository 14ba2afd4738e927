// What every source begins with. Nothing is included: NVRTC knows the mathematical functions by itself.
typedef long long i64;
typedef unsigned long long u64;
typedef unsigned int u32;
typedef unsigned char u8;

#define HERE static __device__ inline

union Bits32 { float value; u32 bits; };
union Bits64 { double value; u64 bits; };
HERE float as_float(u32 bits) { Bits32 both; both.bits = bits; return both.value; }
HERE double as_double(u64 bits) { Bits64 both; both.bits = bits; return both.value; }
HERE u32 as_bits(float value) { Bits32 both; both.value = value; return both.bits; }
HERE u64 as_bits(double value) { Bits64 both; both.value = value; return both.bits; }

// Integers wrap around, which C leaves undefined for signed ones.
HERE int add(int a, int b) { return (int) ((u32) a + (u32) b); }
HERE i64 add(i64 a, i64 b) { return (i64) ((u64) a + (u64) b); }
HERE float add(float a, float b) { return a + b; }
HERE double add(double a, double b) { return a + b; }
HERE int multiply(int a, int b) { return (int) ((u32) a * (u32) b); }
HERE i64 multiply(i64 a, i64 b) { return (i64) ((u64) a * (u64) b); }
HERE float multiply(float a, float b) { return a * b; }
HERE double multiply(double a, double b) { return a * b; }
HERE int multiply_add(int a, int b, int c) { return add(multiply(a, b), c); }
HERE i64 multiply_add(i64 a, i64 b, i64 c) { return add(multiply(a, b), c); }
HERE float multiply_add(float a, float b, float c) { return fmaf(a, b, c); }
HERE double multiply_add(double a, double b, double c) { return fma(a, b, c); }

HERE bool is_nan(float x) { return x != x; }
HERE bool is_nan(double x) { return x != x; }
HERE bool is_nan(int) { return false; }
HERE bool is_nan(i64) { return false; }
HERE bool is_nan(u8) { return false; }

// NaN wins, and positive zero is larger than negative zero.
HERE float larger(float a, float b) { return a != a ? a : b != b ? b : a > b ? a : b > a ? b : as_float(as_bits(a) & as_bits(b)); }
HERE double larger(double a, double b) { return a != a ? a : b != b ? b : a > b ? a : b > a ? b : as_double(as_bits(a) & as_bits(b)); }
HERE float smaller(float a, float b) { return a != a ? a : b != b ? b : a < b ? a : b < a ? b : as_float(as_bits(a) | as_bits(b)); }
HERE double smaller(double a, double b) { return a != a ? a : b != b ? b : a < b ? a : b < a ? b : as_double(as_bits(a) | as_bits(b)); }
HERE int larger(int a, int b) { return a > b ? a : b; }
HERE i64 larger(i64 a, i64 b) { return a > b ? a : b; }
HERE int smaller(int a, int b) { return a < b ? a : b; }
HERE i64 smaller(i64 a, i64 b) { return a < b ? a : b; }

HERE i64 thread_index() { return (i64) blockIdx.x * blockDim.x + threadIdx.x; }
HERE i64 thread_count() { return (i64) gridDim.x * blockDim.x; }
