#include "system/http.h"

#include "run_sh.h"
#include "support/http_server.h"
#include "support/temp_dir.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
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

namespace {

HttpRequest get(std::string url) {
    HttpRequest request;
    request.url = std::move(url);
    return request;
}

HttpRequest change(std::string method, std::string url, std::string body = {}) {
    HttpRequest request = get(std::move(url));
    request.method = std::move(method);
    request.body = std::move(body);
    return request;
}

Outcome fetch(const HttpRequest& request, const RunContext& context = {}) {
    return run_http(request, context, NoStop());
}

Ending not_started(std::string why) {
    return NotStarted{.why = std::move(why)};
}

std::string why(const Outcome& outcome) {
    const auto* failed = std::get_if<NotStarted>(&outcome.ending);
    return failed == nullptr ? "it was answered" : failed->why;
}

std::string unknown(const Outcome& outcome) {
    const auto* lost = std::get_if<Unknown>(&outcome.ending);
    return lost == nullptr ? "it is known" : lost->why;
}

std::string header(const test::Seen& seen, const std::string& name) {
    const auto found = seen.headers.find(name);
    return found == seen.headers.end() ? std::string() : found->second;
}

std::string port_of(const HttpServer& server) {
    return "127.0.0.1:" + std::to_string(server.port());
}

/// Says the same to whoever connects, whatever they ask.
class OtherServer {
public:
    explicit OtherServer(std::string greeting) : greeting_(std::move(greeting)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        REQUIRE(::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0);
        REQUIRE(::listen(listener_.get(), 5) == 0);
        REQUIRE(::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    OtherServer(const OtherServer&) = delete;
    OtherServer& operator=(const OtherServer&) = delete;
    OtherServer(OtherServer&&) = delete;
    OtherServer& operator=(OtherServer&&) = delete;
    ~OtherServer() {
        ::shutdown(listener_.get(), SHUT_RDWR);
        thread_.join();
    }
    [[nodiscard]] std::string place() const { return "127.0.0.1:" + std::to_string(port_); }

private:
    void serve() const {
        while (true) {
            const memrb::base::UniqueFd connection(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
            if (!connection) {
                return;
            }
            std::array<char, 4096> asked{};
            if (::read(connection.get(), asked.data(), asked.size()) > 0) {
                static_cast<void>(::send(connection.get(), greeting_.data(), greeting_.size(), MSG_NOSIGNAL));
            }
        }
    }

    std::string greeting_;
    memrb::base::UniqueFd listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    int port_ = 0;
    std::thread thread_;
};

}  // namespace

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

TEST_CASE("where nobody listens it says so") {
    std::string place;
    {
        const HttpServer closed;
        place = port_of(closed);
    }
    CHECK(fetch(get("http://" + place + "/x")).ending ==
          not_started("nothing listens at " + place + " (connection refused)"));
    CHECK(fetch(change("POST", "http://" + place + "/x")).ending ==
          not_started("nothing listens at " + place + " (connection refused)"));
}

TEST_CASE("the password of an address is never shown") {
    std::string place;
    {
        const HttpServer closed;
        place = port_of(closed);
    }
    CHECK(why(fetch(get("http://ops:hunter2@" + place + "/"))) ==
          "nothing listens at " + place + " (connection refused)");
}

TEST_CASE("a socket that is not there, not listened on or forbidden is told apart") {
    const TempDir folder;
    HttpRequest request = get("http://docker/version");
    request.unix_socket = folder / "none.sock";
    CHECK(fetch(request).ending == not_started("the socket " + request.unix_socket + " does not exist"));
    {
        const HttpServer gone(folder / "gone.sock");
    }
    request.unix_socket = folder.write("file.sock", "");
    CHECK(fetch(request).ending == not_started("nothing listens on " + request.unix_socket + " (connection refused)"));
    request.method = "POST";
    CHECK(fetch(request).ending == not_started("nothing listens on " + request.unix_socket + " (connection refused)"));
}

TEST_CASE("a host name that does not exist is told as such") {
    const Outcome outcome = fetch(get("http://prometheus.invalid:9090/x"), timeout(20'000));
    CHECK(outcome.ending == not_started("the host name of prometheus.invalid:9090 is not known"));
}

TEST_CASE("an answer that breaks off is no answer") {
    HttpServer server;
    server.on("GET /cut", answer_ending(Answer::Ending::cut));
    server.on("GET /close", answer_ending(Answer::Ending::close));
    server.on("GET /reset", answer_ending(Answer::Ending::reset));
    CHECK(fetch(get(server.url() + "/cut")).ending ==
          not_started("the answer of " + port_of(server) + " broke off in the middle"));
    CHECK(fetch(get(server.url() + "/close")).ending ==
          not_started(port_of(server) + " closed the connection without an answer"));
    CHECK(fetch(get(server.url() + "/reset")).ending ==
          not_started("the answer of " + port_of(server) + " broke off in the middle"));
}

TEST_CASE("a change whose answer was lost may have taken effect") {
    HttpServer server;
    server.on("POST /cut", answer_ending(Answer::Ending::cut));
    server.on("POST /close", answer_ending(Answer::Ending::close));
    server.on("PUT /reset", answer_ending(Answer::Ending::reset));
    server.on("DELETE /hang", answer_ending(Answer::Ending::hang));
    CHECK(unknown(fetch(change("POST", server.url() + "/cut"))) ==
          "the answer of " + port_of(server) + " broke off in the middle");
    CHECK(unknown(fetch(change("POST", server.url() + "/close"))) ==
          port_of(server) + " closed the connection without an answer");
    CHECK(unknown(fetch(change("PUT", server.url() + "/reset", "x"))) ==
          "the answer of " + port_of(server) + " broke off in the middle");
    CHECK(unknown(fetch(change("DELETE", server.url() + "/hang"), timeout(100))) == "no answer came in time");
}

TEST_CASE("a server that does not answer in time is timed out") {
    HttpServer server;
    server.on("GET /hang", answer_ending(Answer::Ending::hang));
    server.on("GET /stall", answer_ending(Answer::Ending::stall));
    const Outcome hung = fetch(get(server.url() + "/hang"), timeout(150));
    CHECK(hung.ending == Ending(TimedOut{Milliseconds{150}}));
    CHECK(hung.elapsed >= Milliseconds{150});
    CHECK(hung.elapsed < Milliseconds{10'000});
    CHECK(fetch(get(server.url() + "/stall"), timeout(150)).ending == Ending(TimedOut{Milliseconds{150}}));
}

TEST_CASE("a stop ends a request at once") {
    HttpServer server;
    server.always("*", answer_ending(Answer::Ending::hang));
    for (const std::string method : {"GET", "POST"}) {
        ManualStop stop;
        std::chrono::steady_clock::time_point pressed;
        std::thread presser([&] {
            static_cast<void>(server.wait_for_requests(method == "GET" ? 1 : 2));
            pressed = std::chrono::steady_clock::now();
            stop.request();
        });
        const Outcome outcome = run_http(change(method, server.url() + "/"), {}, stop);
        const auto ended = std::chrono::steady_clock::now();
        presser.join();
        CHECK(outcome.ending == (method == "GET" ? Ending(Interrupted{}) : Ending(Unknown{"it was interrupted"})));
        CHECK(ended - pressed < Milliseconds{500});  // far below the interval at which it looks by itself
    }
}

TEST_CASE("a stop that was requested before asks nobody") {
    HttpServer server;
    ManualStop stop;
    stop.request();
    CHECK(run_http(get(server.url() + "/"), {}, stop).ending == Ending(Interrupted{}));
    CHECK(server.requests().empty());
}

TEST_CASE("what does not speak HTTP is told as such") {
    const OtherServer mail("220 mail.example.test ESMTP\r\n");
    CHECK(why(fetch(get("http://" + mail.place() + "/"))) == mail.place() + " does not answer in HTTP");
    CHECK(unknown(fetch(change("POST", "http://" + mail.place() + "/"))) == mail.place() + " does not answer in HTTP");
    CHECK(why(fetch(get("https://" + mail.place() + "/"))).starts_with("no TLS with " + mail.place() + ": "));
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
