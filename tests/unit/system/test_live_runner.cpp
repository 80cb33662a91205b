#include "system/live_runner.h"

#include "run_sh.h"
#include "support/http_server.h"
#include "support/temp_dir.h"
#include "system/clock.h"

#include <catch2/catch.hpp>
#include <string>
#include <thread>

using namespace memrb;
using namespace memrb::system;
using memrb::test::HttpServer;
using memrb::test::json_answer;

namespace {

Outcome live(const Request& request, const RunContext& context = {}) {
    const SystemClock clock;
    return LiveRunner(clock).run(request, context, NoStop());
}

SampleMemory sources(std::vector<SampleMemory::Source> list) {
    return SampleMemory{std::move(list)};
}

HttpRequest get(std::string url) {
    HttpRequest request;
    request.url = std::move(url);
    return request;
}

}  // namespace

TEST_CASE("each kind of request goes to what does it") {
    HttpServer server;
    server.on("GET /x", json_answer("{}"));
    CHECK(live(command({"printf", "x"})).out.head == "x");
    CHECK(live(get(server.url() + "/x")).ending == Ending(HttpStatus{200}));
    CHECK(live(HumanTask{"turn it off"}).ending == Ending(NotStarted{.why = "a person's answer is needed"}));
}

TEST_CASE("the first source that answers gives the sample") {
    HttpServer server;
    server.on("GET /stats", json_answer("{\"memory\":1}"));
    const Outcome outcome = live(sources({command({"false"}), get(server.url() + "/stats"), command({"true"})}));
    CHECK(outcome.ending == Ending(HttpStatus{200}));
    CHECK(outcome.source == 1);
    CHECK(outcome.out.head == "{\"memory\":1}");
}

TEST_CASE("an answer that is no success is not a sample") {
    HttpServer server;
    server.on("GET /stats", json_answer("{\"message\":\"no such container\"}", 404));
    const Outcome outcome = live(sources({get(server.url() + "/stats"), command({"echo", "from the tool"})}));
    CHECK(outcome.source == 1);
    CHECK(outcome.out.head == "from the tool\n");
}

TEST_CASE("if no source answers, the reasons of all are given, in one safe line each") {
    HttpServer server;
    server.on("GET /stats", json_answer("page not found\nmore", 500));
    const Outcome outcome = live(sources({get(server.url() + "/stats"), sh("echo 'no \033[2J luck' >&2; exit 3"),
                                          command({"memrb-no-such-tool"}), ReadCgroup{}}));
    CHECK(outcome.ending ==
          Ending(NotStarted{.why = "HTTP 500: page not found; exit 3: no \\x1b[2J luck; memrb-no-such-tool is not "
                                   "installed (not on PATH); no container was named"}));
}

TEST_CASE("that a tool is missing is told only if it is the whole reason") {
    const Outcome missing = live(sources({command({"memrb-no-such-tool"})}));
    CHECK(std::get<NotStarted>(missing.ending).missing_tool);
    CHECK_FALSE(std::get<NotStarted>(missing.ending).denied);
    const Outcome mixed = live(sources({command({"memrb-no-such-tool"}), command({"false"})}));
    CHECK_FALSE(std::get<NotStarted>(mixed.ending).missing_tool);
    CHECK(live(sources({})).ending == Ending(NotStarted{.why = "there is no source to ask"}));
}

TEST_CASE("a source that hangs leaves time for the next") {
    const Outcome outcome = live(sources({command({"sleep", "60"}), command({"echo", "here"})}), timeout(600));
    CHECK(outcome.source == 1);
    CHECK(outcome.out.head == "here\n");
    CHECK(outcome.elapsed >= Milliseconds{300});
    CHECK(outcome.elapsed < Milliseconds{20'000});
}

TEST_CASE("an interrupted sample asks no further source") {
    const test::TempDir folder;
    ManualStop stop;
    stop.request();
    const SystemClock clock;
    const Outcome outcome =
        LiveRunner(clock).run(sources({command({"true"}), command({"touch", (folder / "asked").string()})}), {}, stop);
    CHECK(outcome.ending == Ending(Interrupted{}));
    CHECK_FALSE(std::filesystem::exists(folder / "asked"));
}

TEST_CASE("a wait lasts as long as it says, or until the stop") {
    const Outcome whole = live(Wait{Milliseconds{60}});
    CHECK(whole.ending == Ending(Exited{0}));
    CHECK(whole.elapsed >= Milliseconds{60});
    CHECK(live(Wait{Milliseconds{-5}}).ending == Ending(Exited{0}));

    ManualStop stop;
    std::thread presser([&] { stop.request(); });
    const SystemClock clock;
    const Outcome cut = LiveRunner(clock).run(Wait{std::chrono::hours{1}}, {}, stop);
    presser.join();
    CHECK(cut.ending == Ending(Interrupted{}));
    CHECK(cut.elapsed < Milliseconds{5000});
}
