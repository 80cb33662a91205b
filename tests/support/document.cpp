#include "support/document.h"

#include <catch2/catch.hpp>

namespace memrb::test {

nlohmann::json document_of(const Ran& ran) {
    auto document = nlohmann::json::parse(ran.out, nullptr, false);
    if (document.is_discarded()) {
        FAIL("no JSON document: " << ran.describe());
    }
    return document;
}

}  // namespace memrb::test
