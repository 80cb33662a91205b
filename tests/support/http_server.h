#pragma once

#include "memrb/units.h"
#include "support/descriptor.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace memrb::test {

/// One scripted answer.
struct Answer {
    enum class Ending {
        complete,
        hang,   ///< no byte ever comes; the connection stays open
        stall,  ///< headers and half of the body, then nothing
        cut,    ///< headers and half of the body, then the connection closes
        close,  ///< the connection closes without a byte
        reset,  ///< the same with a TCP reset
    };
    int status = 200;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers = {};
    Milliseconds delay{};  ///< before the first byte
    Ending ending = Ending::complete;
    bool chunked = false;  ///< without Content-Length
};
Answer json_answer(std::string body, int status = 200);
Answer answer_ending(Answer::Ending ending, std::string body = "0123456789");

/// A request as it arrived.
struct Seen {
    std::string method;
    std::string target;                          ///< as sent, with the query
    std::string path;                            ///< before the `?`
    std::map<std::string, std::string> query;    ///< decoded; those of a form body, too
    std::map<std::string, std::string> headers;  ///< names in lower case
    std::string body;
};

/// A scripted HTTP/1.1 server on a free loopback port or a unix socket. A request that no answer was written for is
/// answered 501 and fails the test when the server goes out of scope.
///
///     HttpServer prometheus;
///     prometheus.on("GET /api/v1/query", json_answer(R"({"status":"success",...})"));
///     auto ran = run_memrb({"diagnose", "backend", "--set", "prometheus=" + prometheus.url()}).run();
///     CHECK(prometheus.requests().at(0).query.at("query") == "up");
class HttpServer {
public:
    HttpServer();
    explicit HttpServer(const std::filesystem::path& unix_socket);
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;
    HttpServer(HttpServer&&) = delete;
    HttpServer& operator=(HttpServer&&) = delete;
    ~HttpServer();

    /// `METHOD /path` matches any query, `METHOD /path?query` exactly this one, `METHOD /pre*` a beginning; `*` any
    /// request. Answers of the same pattern are given one after the other, each once. Older patterns win.
    HttpServer& on(std::string_view pattern, Answer answer);
    /// Given any number of times, after the queued ones of the same pattern.
    HttpServer& always(std::string_view pattern, Answer answer);

    /// `http://127.0.0.1:PORT`; for a unix socket `http://localhost`.
    [[nodiscard]] std::string url() const;
    [[nodiscard]] int port() const { return port_; }
    [[nodiscard]] std::vector<Seen> requests() const;
    /// Waits until so many requests have come; tells whether they have.
    [[nodiscard]] bool wait_for_requests(std::size_t count, Milliseconds limit = std::chrono::seconds(10)) const;
    /// The answers that were queued and never asked for, as `METHOD /path ×2`; empty if there are none.
    [[nodiscard]] std::string unasked() const;
    /// What would fail the test at the end, and forgets it.
    std::string take_problems();

private:
    struct Script {
        std::string pattern;
        std::deque<Answer> queued;
        std::optional<Answer> standing;
    };

    void listen_and_start(int family, const void* address, unsigned length);
    Script& script(std::string_view pattern);
    Answer answer_to(const Seen& request);
    void accept_connections();
    void serve(const Descriptor& connection);
    /// false: the connection is over.
    bool send_answer(int to, const Answer& answer) const;
    /// Waits for bytes or the end of the server; false: the end.
    [[nodiscard]] bool wait_readable(int descriptor) const;
    [[nodiscard]] bool pause(Milliseconds time) const;

    mutable std::mutex mutex_;
    mutable std::condition_variable arrived_;
    std::deque<Script> scripts_;
    std::vector<Seen> requests_;
    std::string problems_;
    std::filesystem::path socket_path_;
    int port_ = 0;
    Descriptor listener_;
    Descriptor stop_read_, stop_write_;  ///< the write end closes: every thread returns
    std::vector<std::thread> connections_;
    std::thread acceptor_;
};

}  // namespace memrb::test
