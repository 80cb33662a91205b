#include "drill/go_template.h"

#include <catch2/catch.hpp>

using namespace memrb::drill;
using Json = nlohmann::ordered_json;

TEST_CASE("a template is filled as Go fills it, or not at all") {
    const Json value{{"Id", "abc"}, {"State", {{"Running", true}, {"Pid", 7}}}, {"Text", "a \"b\""}};
    CHECK(fill_template("{{.Id}} {{.State.Pid}}", value) == "abc 7");
    CHECK(fill_template("{{json .Text}}{{ .Text }}", value) == "\"a \\\"b\\\"\"a \"b\"");
    CHECK(fill_template("{{json .State}}", value) == R"({"Running":true,"Pid":7})");
    CHECK(fill_template("{{json .}}", value) == value.dump());
    CHECK(fill_template("plain", value) == "plain");
    CHECK_FALSE(fill_template("{{.Missing}}", value));
    CHECK_FALSE(fill_template("{{.Id.Deeper}}", value));
    CHECK_FALSE(fill_template("{{range .Id}}", value));
    CHECK_FALSE(fill_template("{{.Id", value));
}
