#include "engine/look_back.h"

#include "world.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::test;
using engine::LookBack;
using engine::Progress;
using Says = LookBack::Says;

namespace {

constexpr Bytes mebibyte = Bytes{1} << 20U;
constexpr Timestamp noon{std::chrono::hours(480'000)};

/// An option of a limit, a restart and two checks, the record of which ends while one of the changes was being made.
/// `world.target` is the target as it is now, `at.target` as it was pinned.
class Broken {
public:
    explicit Broken(std::size_t unknown) : unknown_(unknown) {
        world.target.limit = 64 * mebibyte;
        world.target.started_at = noon;
        option_.id = "relief";
        option_.steps = {world.make({.id = "relief.look", .argv = {"look"}}),
                         world.make({.id = "relief.limit", .argv = {"docker"}, .risk = Risk::reversible}),
                         world.make({.id = "relief.restart", .argv = {"docker"}, .risk = Risk::disruptive})};
        option_.verify = {world.make({.id = "relief.told", .argv = {"told"}}),
                          world.make({.id = "relief.healthy", .argv = {"health"}, .expect = ".exit == 0"})};
        at.option = &option_;
        at.target = world.target;
        const std::vector<std::vector<std::string>> argv{
            {"look"}, {"docker", "update", "--memory", "96m", "backend"}, {"docker", "restart", "backend"}};
        for (std::size_t i = 0; i < option_.steps.size(); ++i) {
            engine::StepProgress step;
            step.step = &option_.steps[i];
            step.risk = option_.steps[i].risk;
            step.progress = i < unknown ? Progress::done : i == unknown ? Progress::unknown : Progress::open;
            if (i <= unknown) {
                step.request = command(argv[i]);
            }
            at.steps.push_back(std::move(step));
        }
    }
    LookBack look() {
        const engine::Programs programs(world.runbook.programs);
        return engine::look_back(at, at.steps[unknown_], {}, world.session(),
                                 {world.runner, world.log, programs, world.stop});
    }
    [[nodiscard]] std::size_t checks_run() const { return world.runner.calls().size(); }

    World world;
    engine::Interruption at;

private:
    Option option_;
    std::size_t unknown_;
};

constexpr std::size_t limit = 1, restart = 2;

}  // namespace

TEST_CASE("the limit that a change sets tells whether it was done") {
    Broken broken(limit);
    CHECK(broken.look().says == Says::not_done);
    CHECK(broken.look().why == "the limit is 64 MiB as before, not 96 MiB");
    broken.world.target.limit = 96 * mebibyte;
    CHECK(broken.look().says == Says::done);
    CHECK(broken.look().why == "the limit is 96 MiB now, as it sets it");
    CHECK(broken.checks_run() == 0);
}

TEST_CASE("a limit tells nothing if somebody set another one, if it was there before, or if none is known") {
    Broken other(limit);
    other.world.target.limit = 80 * mebibyte;
    CHECK(other.look().says == Says::nothing);
    Broken same(limit);
    same.at.target->limit = 96 * mebibyte;
    same.world.target.limit = 96 * mebibyte;
    CHECK(same.look().says == Says::nothing);
    CHECK(same.look().why == "the target looks as it did before");
    Broken unknown(limit);
    unknown.world.target.limit = LimitUnknown{};
    CHECK(unknown.look().says == Says::nothing);
    Broken anew(limit);
    anew.world.target.started_at = noon + std::chrono::minutes(1);
    CHECK(anew.look().says == Says::nothing);
    CHECK(anew.look().why == "backend has been started anew since it was diagnosed");
}

TEST_CASE("a limit in a file does not hold yet, so the container's tells nothing of it") {
    Broken broken(limit);
    FileEdit written;
    written.value = "96m";
    broken.at.steps[limit].request = written;
    CHECK(broken.look().says == Says::nothing);
}

TEST_CASE("the last change was done if the target has changed and every check that expects something holds") {
    Broken broken(restart);
    broken.world.target.started_at = noon + std::chrono::minutes(1);
    broken.world.runner.on("relief.healthy", exited(0));
    const LookBack found = broken.look();
    CHECK(found.says == Says::done);
    CHECK(found.why == "backend has been started anew since it was diagnosed, and the checks of relief hold");
    CHECK(broken.world.runner.order() == std::vector<std::string>{"relief.healthy"});
}

TEST_CASE("a check that fails leaves the question open, and is told") {
    Broken broken(restart);
    broken.world.target.started_at = noon + std::chrono::minutes(1);
    broken.world.runner.on("relief.healthy", exited(1));
    const LookBack found = broken.look();
    CHECK(found.says == Says::nothing);
    CHECK(found.why.starts_with("relief.healthy failed: "));
}

TEST_CASE("checks are not asked where they would prove nothing") {
    SECTION("the target is as it was: they may have held before") {
        Broken broken(restart);
        CHECK(broken.look().says == Says::nothing);
        CHECK(broken.look().why == "the target looks as it did before");
        CHECK(broken.checks_run() == 0);
    }
    SECTION("another change of the option is still to come") {
        Broken broken(limit);
        broken.at.steps[limit].request = command({"docker", "update", "--cpu-shares", "80", "backend"});
        broken.world.target.started_at = noon + std::chrono::minutes(1);
        CHECK(broken.look().says == Says::nothing);
        CHECK(broken.checks_run() == 0);
    }
    SECTION("it is the undo that was broken off") {
        Broken broken(restart);
        broken.at.undo = true;
        broken.world.target.started_at = noon + std::chrono::minutes(1);
        CHECK(broken.look().says == Says::nothing);
        CHECK(broken.checks_run() == 0);
    }
    SECTION("what the target was is not on record") {
        Broken broken(limit);
        broken.at.target.reset();
        broken.world.target.limit = 96 * mebibyte;
        CHECK(broken.look().says == Says::nothing);
        CHECK(broken.look().why.empty());
    }
}
