// The device side's headers as texts.
#pragma once

#include "compiler.h"

namespace fake {

const std::vector<compiler::Header>& deviceHeaders();

}  // namespace fake
