// Tensors made of nothing.
extern "C" __global__ void fill1(u8* out, i64 value, i64 count) { for (i64 i = thread_index(); i < count; i += thread_count()) out[i] = (u8) value; }
extern "C" __global__ void fill4(u32* out, i64 value, i64 count) { for (i64 i = thread_index(); i < count; i += thread_count()) out[i] = (u32) value; }
extern "C" __global__ void fill8(u64* out, i64 value, i64 count) { for (i64 i = thread_index(); i < count; i += thread_count()) out[i] = (u64) value; }

extern "C" __global__ void arange_float32(float* out, double start, double step, i64 count) { for (i64 i = thread_index(); i < count; i += thread_count()) out[i] = (float) (start + (double) i * step); }
extern "C" __global__ void arange_float64(double* out, double start, double step, i64 count) { for (i64 i = thread_index(); i < count; i += thread_count()) out[i] = start + (double) i * step; }
extern "C" __global__ void arange_int32(int* out, i64 start, i64 step, i64 count) { for (i64 i = thread_index(); i < count; i += thread_count()) out[i] = (int) (u32) (u64) add(start, multiply(i, step)); }
extern "C" __global__ void arange_int64(i64* out, i64 start, i64 step, i64 count) { for (i64 i = thread_index(); i < count; i += thread_count()) out[i] = add(start, multiply(i, step)); }

// Philox 4x32-10 (Salmon, Moraes, Dror and Shaw, 2011): a block of four words a thread.
extern "C" __global__ void random_bits(u32* out, i64 seed, i64 offset, i64 count) {
  for (i64 block = thread_index(); block * 4 < count; block += thread_count()) {
    u64 counter = (u64) offset + (u64) block;
    u32 key0 = (u32) (u64) seed, key1 = (u32) ((u64) seed >> 32);
    u32 word[4] = {(u32) counter, (u32) (counter >> 32), 0, 0};
    for (int round = 0; round < 10; round++) {
      u64 product0 = (u64) 0xD2511F53u * word[0];
      u64 product1 = (u64) 0xCD9E8D57u * word[2];
      word[0] = (u32) (product1 >> 32) ^ word[1] ^ key0;
      word[2] = (u32) (product0 >> 32) ^ word[3] ^ key1;
      word[1] = (u32) product1;
      word[3] = (u32) product0;
      key0 += 0x9E3779B9u;
      key1 += 0xBB67AE85u;
    }
    for (i64 k = 0; k < 4 && block * 4 + k < count; k++) out[block * 4 + k] = word[k];
  }
}
