// Products of matrices in tiles of 64 by 64 that a block of 256 threads computes, 4 by 4 elements a thread,
// from panels of 16 in shared memory. Operands may have any strides. Sums are of the element type; with BIAS they begin at
// a number for each column.
#define TILE 64
#define DEPTH 16
struct Product {
  i64 rows, columns, depth;
  i64 leftRow, leftDepth, rightDepth, rightColumn;
};

// Batches walk over left and right; a block's number counts tiles along columns, then rows, then batches.
extern "C" __global__ void matmul(const T* left, const T* right, T* out, const T* bias, Product p, Walk batches) {
  __shared__ T leftPanel[DEPTH][TILE + 1];
  __shared__ T rightPanel[DEPTH][TILE + 1];
  i64 acrossColumns = (p.columns + TILE - 1) / TILE;
  i64 acrossRows = (p.rows + TILE - 1) / TILE;
  i64 column = blockIdx.x % acrossColumns * TILE;
  i64 row = blockIdx.x / acrossColumns % acrossRows * TILE;
  i64 batch = blockIdx.x / acrossColumns / acrossRows;
  i64 at[OPERANDS];
  locate(batches, (u64) batch, at);
  left += at[0];
  right += at[1];
  out += batch * p.rows * p.columns;
  int own = threadIdx.x;
  int ownRow = own / 16, ownColumn = own % 16;
  // Neighbouring threads read neighbouring elements, whichever way the operand lies.
  bool leftAlongDepth = p.leftDepth == 1, rightAlongDepth = p.rightDepth == 1 && p.rightColumn != 1;
  T sum[4][4];
  for (int j = 0; j < 4; j++) {
    i64 c = column + ownColumn + 16 * j;
    T first = BIAS && c < p.columns ? bias[c] : (T) 0;
    for (int i = 0; i < 4; i++) sum[i][j] = first;
  }
  for (i64 begin = 0; begin < p.depth; begin += DEPTH) {
    for (int e = own; e < TILE * DEPTH; e += 256) {
      int k = leftAlongDepth ? e % DEPTH : e / TILE;
      int i = leftAlongDepth ? e / DEPTH : e % TILE;
      bool there = row + i < p.rows && begin + k < p.depth;
      leftPanel[k][i] = there ? left[(row + i) * p.leftRow + (begin + k) * p.leftDepth] : (T) 0;
      int q = rightAlongDepth ? e % DEPTH : e / TILE;
      int j = rightAlongDepth ? e / DEPTH : e % TILE;
      there = column + j < p.columns && begin + q < p.depth;
      rightPanel[q][j] = there ? right[(begin + q) * p.rightDepth + (column + j) * p.rightColumn] : (T) 0;
    }
    __syncthreads();
    for (int k = 0; k < DEPTH; k++) {
      T a[4], b[4];
      for (int i = 0; i < 4; i++) a[i] = leftPanel[k][ownRow + 16 * i];
      for (int j = 0; j < 4; j++) b[j] = rightPanel[k][ownColumn + 16 * j];
      for (int i = 0; i < 4; i++) for (int j = 0; j < 4; j++) sum[i][j] = multiply_add(a[i], b[j], sum[i][j]);
    }
    __syncthreads();
  }
  for (int i = 0; i < 4; i++) {
    for (int j = 0; j < 4; j++) {
      i64 r = row + ownRow + 16 * i, c = column + ownColumn + 16 * j;
      if (r < p.rows && c < p.columns) out[r * p.columns + c] = sum[i][j];
    }
  }
}
