#include "support/skip.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>

namespace memrb::test {

void skip(std::string_view reason) {
    const char* required = std::getenv("MEMRB_LAB_REQUIRED");
    if (required != nullptr && std::string_view(required) == "1") {
        FAIL("this must not be skipped (MEMRB_LAB_REQUIRED=1): " << reason);
    }
    std::cout << "[skipped] " << reason << '\n';
    SUCCEED("skipped: " << reason);
}

}  // namespace memrb::test
