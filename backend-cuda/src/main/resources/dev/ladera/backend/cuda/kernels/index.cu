// Whether an index is inside its axis. The first that is not is written to "fault", which the host looks at
// when it has waited.
HERE bool inside(i64 index, i64 size, int* fault, int ticket) {
  if (index >= 0 && index < size) return true;
  if (atomicCAS(fault, 0, 1) == 0) {
    fault[1] = ticket;
    *reinterpret_cast<i64*>(fault + 2) = index;
  }
  return false;
}

