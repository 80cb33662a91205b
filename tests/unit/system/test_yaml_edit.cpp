#include "system/yaml_edit.h"

#include <fmt/core.h>
#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::system;

namespace {

using Place = FileEdit::Place;

const std::vector<Place> limits{{"services", "backend", "mem_limit"},
                                {"services", "backend", "deploy", "resources", "limits", "memory"}};

std::string edited(std::string_view text) {
    const auto edit = set_value(text, limits, "128m");
    return edit ? edit->text : "error: " + edit.error().message;
}

std::string lines_of(std::string_view text) {
    const auto edit = set_value(text, limits, "128m");
    REQUIRE(edit);
    std::string all;
    for (const auto& line : edit->lines) {
        all += fmt::format("{}: {} ->", line.number, line.removed.value_or("nothing"));
        for (const auto& added : line.added) {
            all += " [" + added + "]";
        }
        all += "\n";
    }
    return all;
}

// The text with one part replaced: all that an edit may change.
std::string with(std::string text, std::string_view old, std::string_view now) {
    const auto at = text.find(old);
    REQUIRE(at != std::string::npos);
    return text.replace(at, old.size(), now);
}

constexpr const char* long_form = R"(# the shop
services:
  web:
    image: web
    deploy: {resources: {limits: {memory: 64m}}}   # not this one
  backend:
    image: backend:1.4  # pinned
    deploy:
      resources:
        limits:
          cpus: "0.5"
          memory: 64M  # enough?
        reservations:
          memory: 32M
    ports:
    - "8000:8000"
)";

}  // namespace

TEST_CASE("the long form: one value changes, and no other byte") {
    CHECK(edited(long_form) == with(long_form, "memory: 64M  # enough?", "memory: 128m  # enough?"));
    CHECK(lines_of(long_form) == "12:           memory: 64M  # enough? -> [          memory: 128m  # enough?]\n");
    CHECK(set_value(long_form, limits, "128m")->before == "64M");
}

TEST_CASE("mem_limit, quoted either way") {
    const std::string text = "version: '2.4'\nservices:\n  backend:\n    mem_limit: '64m' # old style\n    image: x\n";
    CHECK(edited(text) == with(text, "'64m'", "'128m'"));
    const std::string other = with(text, "'64m'", "\"64m\"");
    CHECK(edited(other) == with(text, "'64m'", "\"128m\""));
}

TEST_CASE("both forms there are get the value, since Compose refuses two different ones") {
    const std::string text =
        "services:\n  backend:\n    mem_limit: 64m\n    deploy:\n      resources:\n        limits:\n          memory: "
        "64m\n";
    CHECK(edited(text) ==
          "services:\n  backend:\n    mem_limit: 128m\n    deploy:\n      resources:\n        limits:\n"
          "          memory: 128m\n");
    CHECK(set_value(text, limits, "128m")->lines.size() == 2);
}

TEST_CASE("the flow form, with several services on one line") {
    const std::string text =
        "services: {web: {image: w, mem_limit: 64m}, backend: {image: b, deploy: {resources: {limits: {memory: "
        "64m}}}}}\n";
    CHECK(edited(text) == with(text, "limits: {memory: 64m}", "limits: {memory: 128m}"));
}

TEST_CASE("JSON is YAML") {
    const std::string text = R"({"services": {"backend": {"mem_limit": "64m"}}})";
    CHECK(edited(text) == R"({"services": {"backend": {"mem_limit": "128m"}}})");
}

TEST_CASE("Windows line ends and a byte order mark stay") {
    const std::string text = "\xEF\xBB\xBFservices:\r\n  backend:\r\n    mem_limit: 64m\r\n    image: x\r\n";
    CHECK(edited(text) == with(text, "64m", "128m"));
    CHECK(lines_of(text) == "3:     mem_limit: 64m -> [    mem_limit: 128m]\n");
    const std::string without = "services:\r\n  backend:\r\n    image: x\r\n";
    CHECK(edited(without) ==
          "services:\r\n  backend:\r\n    image: x\r\n    deploy:\r\n      resources:\r\n        limits:\r\n"
          "          memory: 128m\r\n");
}

TEST_CASE("a missing limit is made at the end of the service, in the file's own indentation") {
    const std::string text =
        "services:\n    backend:\n        image: x\n        command:\n        - a\n        - |\n"
        "          text\n\n          more\n        # its last words\n\n    web:\n        image: y\n";
    CHECK(edited(text) ==
          with(text, "        # its last words\n",
               "        # its last words\n        deploy:\n            resources:\n                limits:\n"
               "                    memory: 128m\n"));
    CHECK(lines_of(text) ==
          "10: nothing -> [        deploy:] [            resources:] [                limits:]"
          " [                    memory: 128m]\n");
}

TEST_CASE("what there is of the way is used") {
    const std::string text =
        "services:\n  backend:\n    deploy:\n      replicas: 2\n      resources:\n        limits:\n"
        "          cpus: '1'\n    image: x";
    CHECK(edited(text) == with(text, "          cpus: '1'\n", "          cpus: '1'\n          memory: 128m\n"));
    const std::string flow = "services:\n  backend:\n    deploy: {replicas: 2}\n";
    CHECK(edited(flow) == "services:\n  backend:\n    deploy: {resources: {limits: {memory: 128m}}, replicas: 2}\n");
    const std::string empty = "services:\n  backend:\n    image: x\n    mem_limit:\n    ports: []\n";
    CHECK(edited(empty) ==
          "services:\n  backend:\n    image: x\n    mem_limit:\n    ports: []\n    deploy:\n      resources:\n"
          "        limits:\n          memory: 128m\n");
}

TEST_CASE("an alias is replaced where it stands, its anchor stays") {
    const std::string text =
        "x-small: &small 64m\nservices:\n  backend:\n    mem_limit: *small\n  web:\n    mem_limit: *small\n";
    CHECK(edited(text) == with(text, "mem_limit: *small\n  web", "mem_limit: 128m\n  web"));
    CHECK(set_value(text, limits, "128m")->before == "64m");
}

TEST_CASE("an anchor's own value is changed only if nobody else uses it") {
    const std::string own = "x-d: &d\n  mem_limit: 64m\nservices:\n  backend:\n    <<: *d\n    image: x\n";
    CHECK(edited(own) == with(own, "64m", "128m"));
    const std::string shared =
        "x-d: &d\n  mem_limit: 64m\nservices:\n  backend:\n    <<: *d\n    image: x\n  web:\n    <<: *d\n";
    CHECK(edited(shared) ==
          "error: services.backend.mem_limit comes from line 2, which other parts of the file use too");
    const std::string others = "services:\n  web: &w\n    mem_limit: 64m\n  backend:\n    <<: *w\n";
    CHECK(edited(others) ==
          "error: services.backend.mem_limit comes from line 3, which other parts of the file use too");
    const std::string used = "services:\n  backend: &b\n    mem_limit: 64m\n  web:\n    <<: *b\n";
    CHECK(edited(used) == "error: services.backend.mem_limit comes from line 3, which other parts of the file use too");
    const std::string itself = "services:\n  backend:\n    mem_limit: &m 64m\n  web:\n    mem_limit: *m\n";
    CHECK(edited(itself) ==
          "error: services.backend.mem_limit comes from line 3, which other parts of the file use too");
}

TEST_CASE("an anchored value that stands alone keeps its anchor and tag") {
    const std::string text = "services:\n  backend:\n    mem_limit: &m !!str 64m\n";
    CHECK(edited(text) == with(text, "64m", "128m"));
}

TEST_CASE("a value that is there already changes nothing") {
    const auto edit = set_value("services:\n  backend:\n    mem_limit: 128m\n", limits, "128m");
    REQUIRE(edit);
    CHECK(edit->lines.empty());
    CHECK(edit->text == "services:\n  backend:\n    mem_limit: 128m\n");
}

TEST_CASE("what cannot be changed alone is left, and said") {
    CHECK(edited("services:\n  web:\n    image: x\n") == "error: there is no services.backend");
    CHECK(edited("services:\n  backend:\n    mem_limit: |\n      64m\n") ==
          "error: services.backend.mem_limit on line 3 is no value on one line");
    CHECK(edited("services:\n  backend:\n    image: x\n    deploy: two\n") ==
          "error: services.backend.deploy is no map on line 4");
    CHECK(edited("services:\n  backend: [\n") == "error: 3:1: end of sequence flow not found");
    CHECK(edited("a: 1\n---\nb: 2\n") == "error: 2:1: a second document");
    CHECK(edited("") == "error: the file is empty");
    CHECK(edited("services:\n  backend:\n    ? [a]\n    : b\n") == "error: 3:7: a key that is no text");
}

TEST_CASE("whether a file says anything about it") {
    CHECK(has_any(long_form, limits) == true);
    CHECK(has_any("services:\n  backend:\n    image: x\n    mem_limit:\n", limits) == false);
    CHECK(has_any("x-d: &d\n  mem_limit: 64m\nservices:\n  backend:\n    <<: [*d]\n", limits) == true);
    CHECK_FALSE(has_any(": : [", limits));
}
