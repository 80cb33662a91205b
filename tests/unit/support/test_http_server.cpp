#include "support/http_client.h"
#include "support/http_server.h"
#include "support/temp_dir.h"

#include <catch2/catch.hpp>

using namespace memrb::test;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

std::optional<HttpReply> get(const HttpServer& server, std::string_view target, milliseconds limit = seconds(5)) {
    return http({.port = server.port()}, "GET", target, {}, limit);
}

}  // namespace

TEST_CASE("queued answers come one after the other, a standing one for ever") {
    HttpServer server;
    server.on("GET /a", json_answer("{\"n\":1}")).on("GET /a", json_answer("{}", 500)).always("GET /b", {.body = "b"});
    const auto first = get(server, "/a");
    REQUIRE(first);
    CHECK(first->status == 200);
    CHECK(first->body == "{\"n\":1}");
    CHECK(first->head.find("Content-Type: application/json") != std::string::npos);
    CHECK(get(server, "/a?x=1")->status == 500);
    CHECK(get(server, "/b")->body == "b");
    CHECK(get(server, "/b")->body == "b");
    CHECK(server.unasked().empty());
}

TEST_CASE("requests are recorded with their query, headers and body") {
    HttpServer server;
    server.on("GET /q", {}).on("POST /p", {});
    CHECK(get(server, "/q?query=up%7Bname%3D%22a+b%22%7D&time=5"));
    CHECK(http({.port = server.port()}, "POST", "/p", "text"));
    const auto seen = server.requests();
    REQUIRE(seen.size() == 2);
    CHECK(seen[0].method == "GET");
    CHECK(seen[0].target == "/q?query=up%7Bname%3D%22a+b%22%7D&time=5");
    CHECK(seen[0].path == "/q");
    CHECK(seen[0].query.at("query") == "up{name=\"a b\"}");
    CHECK(seen[0].query.at("time") == "5");
    CHECK(seen[0].headers.at("host") == "localhost");
    CHECK(seen[1].body == "text");
}

TEST_CASE("a pattern may name a query or a beginning") {
    HttpServer server;
    server.on("GET /a?x=1", {.body = "exact"}).always("GET /a*", {.body = "any"});
    CHECK(get(server, "/a?x=2")->body == "any");
    CHECK(get(server, "/a?x=1")->body == "exact");
    CHECK(get(server, "/a/b")->body == "any");
}

TEST_CASE("a request that nobody wrote an answer for is a problem of the test") {
    HttpServer server;
    server.on("GET /a", {});
    CHECK(get(server, "/a")->status == 200);
    CHECK(get(server, "/a")->status == 501);
    CHECK(http({.port = server.port()}, "DELETE", "/a")->status == 501);
    CHECK(server.take_problems() ==
          "the scripted server got a request that it has no answer for: GET /a\n"
          "the scripted server got a request that it has no answer for: DELETE /a\n");
}

TEST_CASE("answers that were not asked for can be listed") {
    HttpServer server;
    server.on("GET /a", {}).on("GET /a", {}).on("GET /b", {});
    CHECK(server.unasked() == "GET /a ×2, GET /b ×1");
}

TEST_CASE("an answer can fail in every way") {
    using Ending = Answer::Ending;
    HttpServer server;
    server.on("GET /close", answer_ending(Ending::close)).on("GET /reset", answer_ending(Ending::reset));
    server.on("GET /cut", answer_ending(Ending::cut, "0123456789"));
    server.on("GET /hang", answer_ending(Ending::hang)).on("GET /stall", answer_ending(Ending::stall));
    CHECK_FALSE(get(server, "/close"));
    CHECK_FALSE(get(server, "/reset"));
    const auto cut = get(server, "/cut");
    REQUIRE(cut);
    CHECK(cut->head.find("Content-Length: 10") != std::string::npos);
    CHECK(cut->body == "01234");
    CHECK_FALSE(get(server, "/hang", milliseconds(100)));
    CHECK_FALSE(get(server, "/stall", milliseconds(100)));
    CHECK(server.wait_for_requests(5));
}

TEST_CASE("an answer can be late or in chunks") {
    HttpServer server;
    server.on("GET /late", {.body = "late", .delay = milliseconds(150)})
        .on("GET /chunks", {.body = "chunked text", .chunked = true});
    const auto began = std::chrono::steady_clock::now();
    CHECK(get(server, "/late")->body == "late");
    CHECK(std::chrono::steady_clock::now() - began >= milliseconds(150));
    const auto chunks = get(server, "/chunks");
    CHECK(chunks->head.find("Content-Length") == std::string::npos);
    CHECK(chunks->body == "chunked text");
}

TEST_CASE("it listens on a unix socket, too") {
    const TempDir folder;
    HttpServer server(folder / "docker.sock");
    server.on("GET /_ping", {.body = "OK"});
    const auto reply = http({.unix_socket = (folder / "docker.sock").string()}, "GET", "/_ping");
    REQUIRE(reply);
    CHECK(reply->body == "OK");
    CHECK(server.url() == "http://localhost");
}

TEST_CASE("a server that hangs ends with its scope") {
    const auto began = std::chrono::steady_clock::now();
    {
        HttpServer server;
        server.on("GET /", answer_ending(Answer::Ending::hang));
        CHECK_FALSE(get(server, "/", milliseconds(50)));
        CHECK(server.wait_for_requests(1));
    }
    CHECK(std::chrono::steady_clock::now() - began < seconds(2));
}

TEST_CASE("percent encoding keeps what is safe") {
    CHECK(percent_encode("a{b=\"c d\"}[5m]") == "a%7Bb%3D%22c%20d%22%7D%5B5m%5D");
}
