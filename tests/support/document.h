#pragma once

#include "support/run.h"

#include <nlohmann/json.hpp>

namespace memrb::test {

/// What it wrote to stdout as one JSON document; fails the test with all output if it is none.
nlohmann::json document_of(const Ran& ran);

}  // namespace memrb::test
