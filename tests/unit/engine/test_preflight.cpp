#include "engine/preflight.h"

#include <catch2/catch.hpp>

using namespace memrb;
using engine::Preflight;
using Lines = std::vector<std::string>;

namespace {

constexpr Bytes mebibyte = Bytes{1} << 20U;

struct Case {
    engine::Diagnosis diagnosis;
    Target target;
    engine::Variables known;

    Case() {
        diagnosis.assessment.memory.emplace();
        diagnosis.assessment.memory->used = 200 * mebibyte;
        target.limit = 256 * mebibyte;
    }
    [[nodiscard]] Preflight on(const Request& request) const {
        return engine::preflight(request, diagnosis, target, known);
    }
    [[nodiscard]] Preflight on_words(std::vector<std::string> argv) const {
        Command command;
        command.argv = std::move(argv);
        return on(Request(command));
    }
    [[nodiscard]] Lines cautions(const std::string& limit) const {
        const auto found = on_words({"docker", "update", "--memory", limit, "backend"});
        CHECK(found.refusal.empty());
        return found.cautions;
    }
};

}  // namespace

TEST_CASE("a limit that is not above present use is refused, however it is set") {
    const Case now;
    const std::string why = "200 MiB is not above what it uses now, 200 MiB: it would be killed";
    CHECK(now.on_words({"docker", "update", "--memory", "200m", "--memory-swap", "1g", "backend"}).refusal == why);
    CHECK(now.on_words({"docker", "update", "--memory=200m", "backend"}).refusal == why);
    CHECK(now.on_words({"docker", "update", "-m", "200m", "backend"}).refusal == why);
    CHECK(now.on_words({"kubectl", "set", "resources", "deployment/x", "--limits=cpu=1,memory=200Mi"}).refusal == why);
    FileEdit edit;
    edit.value = "200m";
    CHECK(now.on(Request(edit)).refusal == why);
    CHECK(now.on_words({"docker", "update", "--memory", "201m", "backend"}).refusal.empty());
}

TEST_CASE("what sets no limit, or cannot be read, is not judged") {
    const Case now;
    for (const auto& words : {std::vector<std::string>{"docker", "restart", "backend"},
                              {"docker", "update", "--memory", "0", "backend"},
                              {"docker", "update", "--memory", "lots", "backend"},
                              {"docker", "update", "--memory"},
                              {"docker", "run", "--memory", "1m", "x"},
                              {"kubectl", "set", "resources", "deployment/x", "--limits=cpu=1"},
                              {"kubectl", "set", "resources", "deployment/x", "--requests=memory=1Mi"}}) {
        const auto found = now.on_words(words);
        CHECK(found.refusal.empty());
        CHECK(found.cautions.empty());
    }
    FileEdit back;
    back.value = "1m";
    back.restore = "copy";
    CHECK(now.on(Request(back)).refusal.empty());
    Case blind = now;
    blind.diagnosis.assessment.memory.reset();
    CHECK(blind.on_words({"docker", "update", "--memory", "1m", "backend"}).refusal.empty());
}

TEST_CASE("a Java heap with a limit of its own is told") {
    Case now;
    now.known["java_heap"] = "1g";
    CHECK(now.cautions("512m") ==
          Lines{"its Java heap may grow to 1 GiB (-Xmx): the kernel kills it before Java collects"});
    now.known["java_heap"] = "192m";
    CHECK(now.cautions("512m") == Lines{"its Java heap keeps to 192 MiB (-Xmx), whatever the limit is"});
    now.known["java_heap"] = "none";
    CHECK(now.cautions("512m").empty());
}

TEST_CASE("what the host has left is compared with what the limit allows") {
    Case now;
    now.known["host_memory"] = std::to_string(1024 * mebibyte);
    CHECK(now.cautions("512m").empty());
    CHECK(now.cautions("2g") == Lines{"the host itself has only 1 GiB"});
    engine::StepResult all;
    FleetReading fleet;
    fleet.rows.resize(2);
    fleet.rows[0].memory.used = 200 * mebibyte;
    fleet.rows[1].memory.used = 600 * mebibyte;
    all.readings.emplace_back(fleet);
    now.diagnosis.steps.push_back(all);
    CHECK(now.cautions("512m") == Lines{"the host has 1 GiB, of which its containers leave 224 MiB: up to the limit it "
                                        "may take 312 MiB more"});
    CHECK(now.cautions("256m").empty());
    now.known["host_memory"] = "many";
    CHECK(now.cautions("512m").empty());
}
