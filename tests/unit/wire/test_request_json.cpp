#include "wire/request_json.h"

#include "samples.h"
#include "wire/document.h"

#include <catch2/catch.hpp>

using namespace memrb;
using wire::Json;

TEST_CASE("every kind of request comes back the same, through text", "[wire]") {
    for (const auto& request : samples::all_requests()) {
        const std::string text = wire::dump(wire::to_json(request));
        INFO(text);
        const auto json = wire::parse_json(text);
        REQUIRE(json);
        const auto back = wire::request_from_json(*json);
        REQUIRE(back);
        CHECK(*back == request);
    }
}

TEST_CASE("a request's members at their default are left out", "[wire]") {
    CHECK(wire::dump(wire::to_json(Request(Command{{"true"}, {}, "", "", false}))) ==
          R"({"kind":"command","argv":["true"]})");
    HttpRequest get;
    get.url = "http://localhost:9090/-/ready";
    CHECK(wire::dump(wire::to_json(Request(get))) ==
          R"({"kind":"http","method":"GET","url":"http://localhost:9090/-/ready"})");
    CHECK(wire::dump(wire::to_json(Request(Wait{Milliseconds(250)}))) == R"({"kind":"wait","duration_ms":250})");
    CHECK(wire::dump(wire::to_json(Request(SampleMemory{{ReadCgroup{{{"ab", 0}}}}}))) ==
          R"({"kind":"sample_memory","sources":[{"kind":"read_cgroup","containers":[{"id":"ab","pid":null}]}]})");
}

TEST_CASE("an argv of two words is a list, not an object", "[wire]") {
    const Request request = Command{{"docker", "ps"}, {{"A", "b"}, {"C", "d"}}, "", "", false};
    CHECK(wire::dump(wire::to_json(request)) ==
          R"({"kind":"command","argv":["docker","ps"],"env":[["A","b"],["C","d"]]})");
    CHECK(wire::request_from_json(wire::to_json(request)) == request);
}

TEST_CASE("a broken request is told by the member's name", "[wire]") {
    const auto message = [](const char* text) {
        const auto back = wire::request_from_json(Json::parse(text));
        return back ? std::string("accepted") : back.error().message;
    };
    CHECK(message("{}") == "`request.kind` is missing");
    CHECK(message(R"({"kind":"teleport"})") ==
          "`request.kind` must be command, http, sample_memory, file_edit, human_task or wait");
    CHECK(message(R"({"kind":"command"})") == "`request.argv` is missing");
    CHECK(message(R"({"kind":"command","argv":["a",2]})") == "`request.argv[1]` must be a string, not a number");
    CHECK(message(R"({"kind":"command","argv":"ls"})") == "`request.argv` must be an array, not a string");
    CHECK(message(R"({"kind":"command","argv":["a"],"env":[["A"]]})") ==
          "`request.env[0]` must be a name and a value, both strings");
    CHECK(message(R"({"kind":"http","method":"GET"})") == "`request.url` is missing");
    CHECK(message(R"({"kind":"http","method":"GET","url":"u","max_body_bytes":-1})") ==
          "`request.max_body_bytes` must be a whole number, 0 or more");
    CHECK(message(R"({"kind":"wait","duration_ms":1e300})") ==
          "`request.duration_ms` must be a whole number, 0 or more");
    CHECK(message(R"({"kind":"wait","duration_ms":9223372036854775807})") == "`request.duration_ms` is out of range");
    CHECK(message(R"({"kind":"sample_memory","sources":[{"kind":"http","method":"GET","url":"u"},{"kind":"wait"}]})") ==
          "`request.sources[1].kind` must be read_cgroup, http or command");
    CHECK(message(R"({"kind":"sample_memory","sources":[{"kind":"read_cgroup","containers":[{}]}]})") ==
          "`request.sources[0].containers[0].id` is missing");
    CHECK(message("[]") == "`request` must be an object, not an array");
}
