// Programs of the fake NVRTC.
#pragma once

namespace fake::programs {

void clear();
long long count();

}  // namespace fake::programs
