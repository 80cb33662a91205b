// Exchanges that have no answer: what is told of them, and what of a change may have taken effect.
#include "http_requests.h"
#include "support/temp_dir.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <catch2/catch.hpp>
#include <string>
#include <thread>

using namespace memrb;
using namespace memrb::system;
using memrb::test::Answer;
using memrb::test::answer_ending;
using memrb::test::HttpServer;
using memrb::test::TempDir;

namespace {

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
