#include "system/http.h"

#include "http_requests.h"
#include "support/temp_dir.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>
#include <thread>

using namespace memrb;
using namespace memrb::system;
using memrb::test::Answer;
using memrb::test::answer_ending;
using memrb::test::HttpServer;
using memrb::test::json_answer;
using memrb::test::TempDir;

TEST_CASE("an answer carries its status, its body and two of its headers") {
    HttpServer server;
    server.on("GET /api?query=up",
              {.status = 503,
               .body = "come later",
               .headers = {{"Content-Type", "text/plain"}, {"RETRY-AFTER", "7"}, {"Set-Cookie", "secret"}}});
    const Outcome outcome = fetch(get(server.url() + "/api?query=up"));
    CHECK(outcome.ending == Ending(HttpStatus{503}));
    CHECK(outcome.out.head == "come later");
    CHECK(outcome.out.total == 10);
    CHECK(outcome.headers == Pairs{{"content-type", "text/plain"}, {"retry-after", "7"}});
    CHECK(server.requests().at(0).headers.at("user-agent").starts_with("memrb/"));
    CHECK(header(server.requests().at(0), "content-type").empty());
}

TEST_CASE("method, headers and body are sent as they are, and no more") {
    HttpServer server;
    server.always("*", json_answer("{}"));
    HttpRequest post = change("POST", server.url() + "/containers/x/restart?t=5", R"({"a":1})");
    post.headers = {{"Content-Type", "application/json"}, {"X-Empty", ""}};
    CHECK(fetch(post).ending == Ending(HttpStatus{200}));
    CHECK(fetch(change("DELETE", server.url() + "/thing")).ok());
    CHECK(fetch(change("PUT", server.url() + "/thing", std::string("a\0b", 3))).ok());
    CHECK(fetch(change("HEAD", server.url() + "/thing")).ok());
    const auto seen = server.requests();
    REQUIRE(seen.size() == 4);
    CHECK(seen[0].method == "POST");
    CHECK(seen[0].target == "/containers/x/restart?t=5");
    CHECK(seen[0].body == R"({"a":1})");
    CHECK(seen[0].headers.at("content-type") == "application/json");
    CHECK(seen[0].headers.at("x-empty").empty());
    CHECK(header(seen[0], "expect").empty());
    CHECK(seen[1].method == "DELETE");
    CHECK(header(seen[1], "content-type").empty());
    CHECK(seen[2].body == std::string("a\0b", 3));
    CHECK(seen[3].method == "HEAD");
}

TEST_CASE("a large body is sent at once, without waiting for 100-continue") {
    HttpServer server;
    server.on("POST /big", json_answer("{}"));
    const std::string body(2'000'000, 'x');
    const Outcome outcome = fetch(change("POST", server.url() + "/big", body));
    CHECK(outcome.ending == Ending(HttpStatus{200}));
    CHECK(server.requests().at(0).body.size() == body.size());
}

TEST_CASE("a unix socket is asked through the file system") {
    const TempDir folder;
    HttpServer engine(folder / "docker.sock");
    engine.on("GET /containers/json", json_answer("[]"));
    HttpRequest request = get("http://docker/containers/json");
    request.unix_socket = folder / "docker.sock";
    const Outcome outcome = fetch(request);
    CHECK(outcome.ending == Ending(HttpStatus{200}));
    CHECK(outcome.out.head == "[]");
    CHECK(engine.requests().at(0).headers.at("host") == "docker");
}

TEST_CASE("a redirect is an answer, not followed") {
    HttpServer server;
    server.on("GET /a", {.status = 302, .body = "", .headers = {{"Location", server.url() + "/b"}}});
    CHECK(fetch(get(server.url() + "/a")).ending == Ending(HttpStatus{302}));
    CHECK(server.requests().size() == 1);
}

TEST_CASE("an answer is kept whole however little is to be kept of a program's output") {
    HttpServer server;
    const std::string body(3'000'000, 'x');
    server.on("GET /", {.body = body, .chunked = true});
    const Outcome outcome = fetch(get(server.url() + "/"), keep(1000));
    CHECK(outcome.out.head.size() == body.size());
    CHECK(outcome.out.text() == body);
    CHECK_FALSE(outcome.out.truncated());
}

TEST_CASE("an answer larger than allowed is a failure, with its beginning to look at") {
    HttpServer server;
    server.always("*", json_answer(std::string(70'000, 'x')));
    HttpRequest request = get(server.url() + "/");
    request.max_body = 64U << 10U;
    const Outcome outcome = fetch(request, keep(20));
    CHECK(outcome.ending == not_started("the answer of " + port_of(server) + " is larger than 64 KiB"));
    CHECK(outcome.out.head == "xxxxxxxxxx");
    CHECK(outcome.out.truncated());
    request.max_body = 70'000;
    CHECK(fetch(request).ending == Ending(HttpStatus{200}));
    request.method = "POST";
    request.max_body = 69'999;
    CHECK(unknown(fetch(request)) == "the answer of " + port_of(server) + " is larger than 68.4 KiB");
}

TEST_CASE("an answer is spilled like an output") {
    const TempDir folder;
    std::filesystem::create_directory(folder / "outputs");
    HttpServer server;
    server.on("GET /", json_answer("{\"a\":1}"));
    const Outcome outcome = fetch(get(server.url() + "/"), spill("usage.series", folder / "outputs"));
    CHECK(outcome.out.file == "outputs/usage.series.out");
    CHECK(outcome.out.in_file == 7);
    CHECK(folder.read("outputs/usage.series.out") == "{\"a\":1}");
}

TEST_CASE("nothing but http and https is asked for") {
    const TempDir folder;
    const auto file = folder.write("secret", "secret");
    CHECK(why(fetch(get("file://" + file.string()))) ==
          "`file://" + file.string() + "` is no address that begins with http:// or https://");
    CHECK(why(fetch(get(""))) == "`` is no address that begins with http:// or https://");
    CHECK(why(fetch(get("http://a/\r\nX: y"))) ==
          "`http://a/\\x0d\\nX: y` is no address that begins with http:// or https://");
    CHECK(why(fetch(get("http://a b/"))) == "`http://a b/` is no web address");
    CHECK(why(fetch(get("http:///x"))) == "`http:///x` is no address that begins with http:// or https://");
}

TEST_CASE("a method or a header cannot smuggle a second one") {
    HttpServer server;
    CHECK(why(fetch(change("GET / HTTP/1.1\r\nX: y\r\n\r\nGET", server.url() + "/"))) ==
          "`GET / HTTP/1.1\\x0d\\nX: y\\x0d\\n\\x0d\\nGET` is no HTTP method");
    HttpRequest request = get(server.url() + "/");
    request.headers = {{"Authorization", "Bearer x\r\nX-Other: y"}};
    CHECK(why(fetch(request)) == "the header `Authorization` cannot be sent");
    CHECK(server.requests().empty());
}

TEST_CASE("a proxy of the environment is used, but not for this machine") {
    HttpServer proxy;
    HttpServer here;
    proxy.on("*", json_answer("\"through the proxy\""));
    here.on("GET /x", json_answer("\"direct\""));
    ::setenv("http_proxy", proxy.url().c_str(), 1);
    CHECK(fetch(get("http://metrics.example.test/x")).out.head == "\"through the proxy\"");
    CHECK(fetch(get(here.url() + "/x")).out.head == "\"direct\"");
    CHECK(proxy.requests().at(0).target == "http://metrics.example.test/x");

    std::string closed;
    {
        const HttpServer gone;
        closed = gone.url();
    }
    ::setenv("http_proxy", closed.c_str(), 1);
    CHECK(why(fetch(get("http://metrics.example.test/x"))) ==
          "metrics.example.test cannot be reached through the proxy that http_proxy names: Connection refused");
    ::unsetenv("http_proxy");
}

TEST_CASE("requests of several threads do not disturb each other") {
    HttpServer server;
    for (int i = 0; i < 8; ++i) {
        server.always("GET /" + std::to_string(i), json_answer(std::to_string(i)));
    }
    std::vector<std::thread> threads;
    std::vector<std::string> answers(8);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        threads.emplace_back([&, i] {
            for (int round = 0; round < 10; ++round) {
                answers[i] += fetch(get(server.url() + "/" + std::to_string(i))).out.head;
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    for (std::size_t i = 0; i < answers.size(); ++i) {
        CHECK(answers[i] == std::string(10, static_cast<char>('0' + i)));
    }
}

TEST_CASE("a streamed body goes to its taker and is not kept") {
    HttpServer server;
    const std::string body(3U << 20U, 'x');
    server.on("GET /big", json_answer(body));
    HttpRequest request = get(server.url() + "/big");
    request.max_body = 1'000;  // counts for bodies that are kept
    std::string taken;
    std::size_t pieces = 0;
    const Outcome outcome = stream_http(request, {}, NoStop(), [&](std::string_view bytes) {
        taken += bytes;
        ++pieces;
        return true;
    });
    CHECK(outcome.ending == Ending(HttpStatus{200}));
    CHECK(taken == body);
    CHECK(pieces > 1);
    CHECK(outcome.out.total == 0);
}

TEST_CASE("of a streamed answer that is an error the body is kept") {
    HttpServer server;
    server.on("GET /", json_answer("too many samples", 422));
    bool asked = false;
    const Outcome outcome = stream_http(get(server.url() + "/"), {}, NoStop(), [&](std::string_view) {
        asked = true;
        return true;
    });
    CHECK(outcome.ending == Ending(HttpStatus{422}));
    CHECK(outcome.out.text() == "too many samples");
    CHECK_FALSE(asked);
}

TEST_CASE("a streamed body that is not wanted, or breaks off, is no answer") {
    HttpServer server;
    server.on("GET /refused", json_answer("0123456789"));
    server.on("GET /cut", answer_ending(Answer::Ending::cut));
    const auto refuse = [](std::string_view) { return false; };
    const auto accept = [](std::string_view) { return true; };
    CHECK(why(stream_http(get(server.url() + "/refused"), {}, NoStop(), refuse)) ==
          "the rest of the answer was not wanted");
    CHECK_FALSE(stream_http(get(server.url() + "/cut"), {}, NoStop(), accept).ok());
}
