// What a stream's capture has recorded, to be done again.
#pragma once

#include "core.h"

namespace fake::graphs {

void clear(Device* device);
long long count(int what);

}  // namespace fake::graphs
