#pragma once

#include <string_view>

namespace memrb::test {

/// Says why this test cannot run here; the test then returns. ctest counts it as skipped (tests/cmake/AddTests.cmake).
/// With MEMRB_LAB_REQUIRED=1, where everything has to run, it fails the test instead.
void skip(std::string_view reason);

}  // namespace memrb::test
