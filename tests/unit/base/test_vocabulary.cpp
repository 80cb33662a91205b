#include "memrb/action.h"
#include "memrb/assessment.h"
#include "memrb/event.h"
#include "memrb/outcome.h"
#include "memrb/target.h"

#include <catch2/catch.hpp>

using namespace memrb;

TEST_CASE("words of the enums are read back", "[vocabulary]") {
    for (const auto value : {Platform::docker, Platform::prometheus, Platform::kubernetes, Platform::cloud_run}) {
        CHECK(parse_platform(to_string(value)) == value);
    }
    for (const auto value : {Risk::read, Risk::reversible, Risk::disruptive, Risk::irreversible}) {
        CHECK(parse_risk(to_string(value)) == value);
    }
    for (const auto value :
         {Level::unknown, Level::ok, Level::watch, Level::warning, Level::high, Level::critical, Level::oom}) {
        CHECK(parse_level(to_string(value)) == value);
    }
    CHECK(to_string(Platform::cloud_run) == "cloud-run");
    CHECK(to_string(Verdict::insufficient_data) == "insufficient_data");
    CHECK(to_string(StepStatus::not_previewable) == "not previewable");
    CHECK(to_string(OomAssessment::Verdict::confirmed) == "confirmed");
    CHECK(to_string(ThresholdState::State::pending) == "pending");
    CHECK(to_string(RankedCause::Confidence::medium) == "medium");
    CHECK(to_string(static_cast<StepStatus>(-1)) == "?");
    CHECK(to_string(static_cast<Verdict>(-1)) == "?");
}

TEST_CASE("an unknown word is answered with the known ones", "[vocabulary]") {
    const auto platform = parse_platform("dokcer");
    REQUIRE_FALSE(platform);
    CHECK(platform.error().fault == Fault::usage);
    CHECK(platform.error().message == "unknown platform `dokcer`: did you mean `docker`?");
    CHECK(platform.error().hint == "one of: docker, prometheus, kubernetes, cloud-run");
    CHECK(parse_level("\x1b[2J").error().message == "unknown level `\\x1b[2J`");
    CHECK(parse_risk("").error().message == "unknown risk ``");
}

TEST_CASE("an output's text says how much is missing", "[vocabulary]") {
    Output output;
    output.head = "ab";
    output.tail = "cd";
    output.total = 4;
    CHECK(output.text() == "abcd");
    output.total = 10;
    output.dropped = 6;
    CHECK(output.text() == "ab\n[6 more bytes]\ncd");
}

TEST_CASE("an outcome is ok for exit 0 and HTTP 2xx only", "[vocabulary]") {
    const auto ok = [](Ending ending) {
        Outcome outcome;
        outcome.ending = std::move(ending);
        return outcome.ok();
    };
    CHECK(ok(Exited{0}));
    CHECK(ok(HttpStatus{200}));
    CHECK(ok(HttpStatus{299}));
    CHECK_FALSE(ok(Exited{1}));
    CHECK_FALSE(ok(HttpStatus{199}));
    CHECK_FALSE(ok(HttpStatus{300}));
    CHECK_FALSE(ok(Signalled{0}));
    CHECK_FALSE(ok(Previewed{}));
    CHECK_FALSE(ok(Unknown{"x"}));
    CHECK_FALSE(Outcome{}.ok());
}

TEST_CASE("parameters that are not given are empty", "[vocabulary]") {
    Params params;
    params.set("body", {"ps", {}, {}});
    params.set("body", {"ps -a", {"ps", "-a"}, {{"k", "v"}}});
    CHECK(params.text("body") == "ps -a");
    CHECK(params.list("body").size() == 2);
    CHECK(params.pairs("body").front().second == "v");
    CHECK(params.text("other").empty());
    CHECK(params.list("other").empty());
    CHECK(params.pairs("other").empty());
    CHECK_FALSE(params.has("other"));
}

TEST_CASE("target names are checked", "[vocabulary]") {
    const std::vector<std::string> good{"backend", "b",  "shop_backend_1",     "ns/pod:c",
                                        "a.b-c",   "9x", std::string(253, 'a')};
    for (const auto& name : good) {
        INFO(name);
        CHECK(check_target_name(name) == name);
    }
    const std::vector<std::string> bad{std::string(),       std::string("-x"),      std::string("x; rm -rf /"),
                                       std::string("a b"),  std::string("/etc"),    std::string(".."),
                                       std::string("a\nb"), std::string("a\0b", 3), std::string("caf\xC3\xA9"),
                                       std::string("$(x)"), std::string(254, 'a')};
    for (const auto& name : bad) {
        INFO(name);
        CHECK_FALSE(check_target_name(name));
    }
    CHECK(check_target_name("x; rm -rf /").error().message == "`x; rm -rf /` cannot be a target's name");
    CHECK(check_target_name("a\x1b[2J").error().message == "`a\\x1b[2J` cannot be a target's name");
}
