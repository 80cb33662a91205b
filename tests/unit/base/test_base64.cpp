#include "base/base64.h"

#include <catch2/catch.hpp>

using namespace memrb::base;

TEST_CASE("the examples of RFC 4648", "[base64]") {
    const std::pair<const char*, const char*> examples[] = {{"", ""},
                                                            {"f", "Zg=="},
                                                            {"fo", "Zm8="},
                                                            {"foo", "Zm9v"},
                                                            {"foob", "Zm9vYg=="},
                                                            {"fooba", "Zm9vYmE="},
                                                            {"foobar", "Zm9vYmFy"}};
    for (const auto& [bytes, text] : examples) {
        CHECK(to_base64(bytes) == text);
        CHECK(from_base64(text) == bytes);
    }
}

TEST_CASE("all bytes come back", "[base64]") {
    std::string bytes;
    for (int i = 0; i < 256; ++i) {
        bytes += static_cast<char>(i);
        CHECK(from_base64(to_base64(bytes)) == bytes);
    }
    CHECK(to_base64("\xFB\xFF") == "+/8=");
}

TEST_CASE("what to_base64 never writes is refused", "[base64]") {
    for (const auto* text : {"Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm8", "=m8=", "Zg==Zg==", "Zm-_", "Zm9v\n",
                             "Z m9", "====", "\xC3\xA9\xC3\xA9", "Zm=v"}) {
        INFO(text);
        CHECK_FALSE(from_base64(text));
    }
}
