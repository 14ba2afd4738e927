// A stable merge sort of lines: NaN counts as the largest, and zeros are equal whatever their sign. Runs of
// TILE are sorted by counting what comes before each element; then runs are merged in pairs, where an
// element's new place is its own and how many of the other run come before it.
#define TILE 128
HERE bool less(T a, T b) { return !is_nan(a) && (is_nan(b) || a < b); }
HERE bool before(T a, T b, int descending) { return descending ? less(b, a) : less(a, b); }

extern "C" __global__ void tiles(const T* x, T* keys, int* places, Walk lines, i64 stride, i64 length, int descending) {
  __shared__ T tile[TILE];
  i64 tilesOfLine = (length + TILE - 1) / TILE;
  i64 line = blockIdx.x / tilesOfLine;
  i64 begin = blockIdx.x % tilesOfLine * TILE;
  int count = (int) (length - begin < TILE ? length - begin : TILE);
  int own = threadIdx.x;
  if (own < count) tile[own] = x[locate(lines, (u64) line) + (begin + own) * stride];
  __syncthreads();
  if (own < count) {
    int rank = 0;
    for (int other = 0; other < count; other++) {
      rank += before(tile[other], tile[own], descending) || (other < own && !before(tile[own], tile[other], descending));
    }
    keys[line * length + begin + rank] = tile[own];
    places[line * length + begin + rank] = (int) (begin + own);
  }
}

extern "C" __global__ void merge(const T* keys, const int* places, T* newKeys, int* newPlaces, i64 lines, i64 length, i64 width, int descending) {
  for (i64 at = thread_index(); at < lines * length; at += thread_count()) {
    const T* line = keys + at / length * length;
    i64 own = at % length;
    bool left = own / width % 2 == 0;
    i64 run = own / width * width;
    i64 begin = left ? run + width : run - width;
    begin = begin < length ? begin : length;
    i64 end = begin + width < length ? begin + width : length;
    i64 low = begin;
    // Of equals, those of the left run come first.
    while (low < end) {
      i64 middle = (low + end) / 2;
      bool first = left ? before(line[middle], line[own], descending) : !before(line[own], line[middle], descending);
      if (first) low = middle + 1;
      else end = middle;
    }
    i64 place = left ? own + (low - begin) : begin + (low - begin) + (own - run);
    newKeys[at / length * length + place] = line[own];
    newPlaces[at / length * length + place] = places[at];
  }
}

// The first elements of each line, to outputs of layout (outer, kept, inner).
extern "C" __global__ void store(const T* keys, const int* places, T* values, i64* indices, i64 length, i64 kept, i64 inner, i64 count) {
  for (i64 at = thread_index(); at < count; at += thread_count()) {
    i64 line = at / (kept * inner) * inner + at % inner;
    i64 from = line * length + at / inner % kept;
    values[at] = keys[from];
    indices[at] = places[from];
  }
}
