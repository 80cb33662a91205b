#include "system/authorised_http.h"

#include "stops.h"
#include "support/http_server.h"
#include "support/temp_dir.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

using namespace memrb;
using namespace memrb::system;
using memrb::test::Answer;
using memrb::test::HttpServer;
using memrb::test::json_answer;
using memrb::test::TempDir;

namespace {

/// A stand-in for gcloud: hands out token-1, token-2, ... and counts how often it was asked.
class Handout {
public:
    explicit Handout(const std::string& script = R"(n=$(cat count 2>/dev/null || echo 0); n=$((n+1)); echo $n > count
echo "token-$n")")
        : program_(folder_.write_script("hand-out", "#!/bin/sh\ncd " + folder_.str() + "\n" + script + "\n")) {}

    [[nodiscard]] HttpRequest get(const std::string& url, const std::string& page_parameter = {}) const {
        HttpRequest request;
        request.url = url;
        request.token_command = {program_.string()};
        request.page_parameter = page_parameter;
        return request;
    }
    [[nodiscard]] std::string asked() const { return folder_.read("count"); }

private:
    TempDir folder_;
    std::filesystem::path program_;
};

std::string bearer_of(const HttpServer& server, std::size_t index) {
    return server.requests().at(index).headers.at("authorization");
}

Answer busy(int status, const std::string& retry_after) {
    Answer answer = json_answer("{}", status);
    answer.headers.emplace_back("Retry-After", retry_after);
    return answer;
}

}  // namespace

TEST_CASE("the token goes into the header, once for all requests, and not into what an answer repeats") {
    HttpServer server;
    const Handout handout;
    const TempDir folder;
    AuthorisedHttp http;
    RunContext context;
    context.step = "growth.memory";
    context.spill_dir = folder / "outputs";
    std::filesystem::create_directory(context.spill_dir);
    server.always("GET /a", json_answer(R"({"you":"sent token-1"})"));
    const Outcome outcome = http.run(handout.get(server.url() + "/a"), context, NoStop());
    CHECK(outcome.out.text() == R"x({"you":"sent (token)"})x");
    CHECK(folder.read(outcome.out.file) == R"x({"you":"sent (token)"})x");
    CHECK(http.run(handout.get(server.url() + "/a"), context, NoStop()).ok());
    CHECK(bearer_of(server, 0) == "Bearer token-1");
    CHECK(bearer_of(server, 1) == "Bearer token-1");
    CHECK(handout.asked() == "1\n");
}

TEST_CASE("requests side by side fetch one token") {
    HttpServer server;
    const Handout handout;
    AuthorisedHttp http;
    server.always("GET /a", json_answer("{}"));
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] { (void)http.run(handout.get(server.url() + "/a"), {}, NoStop()); });
        }
    }
    CHECK(server.requests().size() == 4);
    CHECK(handout.asked() == "1\n");
}

TEST_CASE("a token that has run out is fetched anew once, and a second 401 is the answer") {
    HttpServer server;
    const Handout handout;
    AuthorisedHttp http;
    server.on("GET /a", json_answer("{}", 401)).on("GET /a", json_answer(R"({"ok":1})"));
    CHECK(http.run(handout.get(server.url() + "/a"), {}, NoStop()).out.text() == R"({"ok":1})");
    CHECK(bearer_of(server, 1) == "Bearer token-2");
    server.always("GET /never", json_answer("{}", 401));
    const Outcome refused = http.run(handout.get(server.url() + "/never"), {}, NoStop());
    CHECK(refused.ending == Ending(HttpStatus{401}));
    CHECK(server.requests().size() == 4);
}

TEST_CASE("429 waits as long as it says, 503 a little, and neither longer than there is time") {
    HttpServer server;
    const Handout handout;
    AuthorisedHttp http;
    server.on("GET /a", busy(429, "1")).on("GET /a", busy(503, "")).on("GET /a", json_answer("{}"));
    const Outcome outcome = http.run(handout.get(server.url() + "/a"), {}, NoStop());
    CHECK(outcome.ok());
    CHECK(outcome.elapsed >= std::chrono::seconds(1));
    server.always("GET /later", busy(429, "3600"));
    const Outcome later = http.run(handout.get(server.url() + "/later"), {}, NoStop());
    CHECK(later.ending == Ending(HttpStatus{429}));
    CHECK(later.elapsed < std::chrono::seconds(10));
    server.always("GET /down", json_answer("{}", 500));
    CHECK(http.run(handout.get(server.url() + "/down"), {}, NoStop()).ending == Ending(HttpStatus{500}));
    CHECK(server.requests().size() == 3 + 1 + 4);
    server.always("POST /change", json_answer("{}", 503));
    HttpRequest change = handout.get(server.url() + "/change");
    change.method = "POST";
    CHECK(http.run(change, {}, NoStop()).ending == Ending(HttpStatus{503}));
    CHECK(server.requests().size() == 9);  // a change is never sent twice
}

TEST_CASE("pages are asked for until there is none, and come as one array") {
    HttpServer server;
    const Handout handout;
    AuthorisedHttp http;
    server.on("GET /s?x=1", json_answer(R"({"n":1,"nextPageToken":"a/b"})"))
        .on("GET /s?x=1&pageToken=a%2Fb", json_answer(R"({"n":2,"nextPageToken":"c"})"))
        .on("GET /s?x=1&pageToken=c", json_answer(R"({"n":3})"));
    const Outcome outcome = http.run(handout.get(server.url() + "/s?x=1", "pageToken"), {}, NoStop());
    CHECK(outcome.out.text() == R"([{"n":1,"nextPageToken":"a/b"},
{"n":2,"nextPageToken":"c"},
{"n":3}])");
    server.always("GET /c*", json_answer(R"({"nextPageToken":"same"})"));
    const Outcome circle = http.run(handout.get(server.url() + "/c", "pageToken"), {}, NoStop());
    CHECK(std::get<NotStarted>(circle.ending).why == "the answer was given up: its pages go in a circle");
}

TEST_CASE("without a token nothing is asked") {
    HttpServer server;
    AuthorisedHttp http;
    const Handout refuses(
        R"(echo "ERROR: (gcloud.auth) You do not currently have an active account selected." >&2; exit 1)");
    const Outcome outcome = http.run(refuses.get(server.url() + "/a"), {}, NoStop());
    CHECK(std::get<NotStarted>(outcome.ending).why ==
          "no access token: exit 1: ERROR: (gcloud.auth) You do not currently have an active account selected.");
    const Handout prints_nonsense("echo 'not a token'");
    CHECK(std::get<NotStarted>(http.run(prints_nonsense.get(server.url() + "/a"), {}, NoStop()).ending)
              .why.ends_with("hand-out` printed none"));
    CHECK(server.requests().empty());
    ManualStop stop;
    stop.request();
    CHECK(http.run(Handout().get(server.url() + "/a"), {}, stop).ending == Ending(Interrupted{}));
}
