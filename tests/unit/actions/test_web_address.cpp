#include "actions/web_address.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::actions;

TEST_CASE("an address is http or https with a host") {
    for (const std::string good :
         {"http://localhost", "https://h:1/a?b=c#d", " http://[::1]:9090/ ", "http://u:p@h/"}) {
        CAPTURE(good);
        CHECK(check_web_address(good));
    }
    for (const std::string bad : {"", "localhost:9090", "ftp://h", "file:///etc/passwd", "HTTP//h", "http://",
                                  "http:///x", "http://:80", "http://u@", "http://h/a b", "http://h/\nHost: x",
                                  "http://h/\"", "http://h/\x7f", "http://h/\xc3\xa4", "http://h/{a}"}) {
        CAPTURE(bad);
        const auto checked = check_web_address(bad);
        REQUIRE_FALSE(checked);
        CHECK(checked.error().fault == Fault::usage);
    }
    CHECK(check_web_address("h:1").error().message == "`h:1` is no http:// or https:// address");
    CHECK(check_web_address("http://:80").error().message == "`http://:80` names no host");
    CHECK(check_web_address("http://u:secret@h/a b").error().message ==
          "`http://h/a b` holds a character that cannot be in an address: write it as %NN");
}

TEST_CASE("the base of an API has no query and ends without a slash") {
    CHECK(check_base_address("http://h:9090/").value() == "http://h:9090");
    CHECK(check_base_address("https://h/prom///").value() == "https://h/prom");
    CHECK_FALSE(check_base_address("http://h/?a"));
    CHECK_FALSE(check_base_address("http://h/#a"));
}

TEST_CASE("a query keeps only unreserved characters") {
    CHECK(encode_query("aZ09-._~") == "aZ09-._~");
    CHECK(encode_query("m{a=\"b c\"}[5m]+&%/\xff") == "m%7Ba%3D%22b%20c%22%7D%5B5m%5D%2B%26%25%2F%FF");
}

TEST_CASE("a login is not shown") {
    CHECK(without_login("http://u:p@h:1/a@b") == "http://h:1/a@b");
    CHECK(without_login("http://u:p@q@h") == "http://h");
    CHECK(without_login("http://h/a@b") == "http://h/a@b");
    CHECK(without_login("u:p@h") == "h");
}
