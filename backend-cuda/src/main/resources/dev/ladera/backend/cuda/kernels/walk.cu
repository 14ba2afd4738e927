// How the elements of OPERANDS tensors are visited in row-major order of their common shape. Neighbouring
// axes that lie evenly in all of them were merged; division by a size is a multiplication, but in WIDE walks
// of 2^31 places and more.
#define AXES 12
struct Walk {
  int rank;
  u32 size[AXES];
  u32 magic[AXES];
  u32 shift[AXES];
  i64 stride[OPERANDS][AXES];
};

HERE u64 quotient(const Walk& walk, u64 place, int axis) {
#ifdef WIDE
  return place / walk.size[axis];
#else
  u32 low = (u32) place;
  return ((u32) (((u64) low * walk.magic[axis]) >> 32) + low) >> walk.shift[axis];
#endif
}

// The offsets of a place, an operand each.
HERE void locate(const Walk& walk, u64 place, i64* at) {
  for (int k = 0; k < OPERANDS; k++) at[k] = 0;
  for (int axis = walk.rank - 1; axis > 0; axis--) {
    u64 rest = quotient(walk, place, axis);
    i64 index = (i64) (place - rest * walk.size[axis]);
    for (int k = 0; k < OPERANDS; k++) at[k] += index * walk.stride[k][axis];
    place = rest;
  }
  for (int k = 0; k < OPERANDS; k++) at[k] += (i64) place * walk.stride[k][0];
}

// The offset of a place in the first operand.
HERE i64 locate(const Walk& walk, u64 place) {
  i64 at = 0;
  for (int axis = walk.rank - 1; axis > 0; axis--) {
    u64 rest = quotient(walk, place, axis);
    at += (i64) (place - rest * walk.size[axis]) * walk.stride[0][axis];
    place = rest;
  }
  return at + (i64) place * walk.stride[0][0];
}
