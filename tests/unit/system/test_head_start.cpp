#include "system/head_start.h"

#include "stops.h"
#include "support/temp_dir.h"
#include "system/clock.h"
#include "system/live_runner.h"

#include <atomic>
#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::system;
using memrb::test::TempDir;

namespace {

Command sh(const std::string& script) {
    Command command;
    command.argv = {"/bin/sh", "-c", script};
    return command;
}

/// Counts what reaches the runner below.
class Counted final : public Runner {
public:
    Outcome run(const Request& request, const RunContext& context, const Stop& stop) override {
        ++count;
        return live_.run(request, context, stop);
    }
    std::atomic<int> count = 0;

private:
    SystemClock clock_;
    LiveRunner live_{clock_};
};

struct Scene {
    explicit Scene(const Stop& stop, const base::Secrets* secrets = nullptr)
        : below(new Counted), runner(std::unique_ptr<Runner>(below), stop, secrets) {}
    Counted* below;
    HeadStart runner;
};

RunContext kept_in(const TempDir& folder) {
    RunContext context;
    context.step = "usage.now";
    context.spill_dir = folder.path();
    return context;
}

}  // namespace

TEST_CASE("what was begun early is not done twice: its answer goes to the lookup and then, once, to the step") {
    const NoStop stop;
    const TempDir folder;
    Scene scene(stop);
    const Command command = sh("echo $$; echo trouble >&2; exit 3");
    scene.runner.begin({{"usage.now", command, Milliseconds(20'000)}});
    const Outcome looked = scene.runner.lookups().run(command, {}, stop);
    const Outcome taken = scene.runner.run(command, kept_in(folder), stop);
    CHECK(looked.ending == Ending(Exited{3}));
    CHECK(taken.ending == Ending(Exited{3}));
    CHECK(taken.out.text() == looked.out.text());
    CHECK(taken.started == looked.started);
    CHECK(scene.below->count == 1);
    CHECK(test::read_file(folder / "usage.now.out") == taken.out.text());
    CHECK(test::read_file(folder / "usage.now.err") == "trouble\n");
    CHECK(scene.runner.run(command, {}, stop).out.text() != taken.out.text());  // a second look is a new one
    CHECK(scene.below->count == 2);
}

TEST_CASE("what was not begun is done when it is asked for") {
    const NoStop stop;
    Scene scene(stop);
    scene.runner.begin({{"a", sh("echo one"), Milliseconds(20'000)}});
    CHECK(scene.runner.run(sh("echo two"), {}, stop).out.text() == "two\n");
    CHECK(scene.runner.lookups().run(sh("echo three"), {}, stop).out.text() == "three\n");
    CHECK(scene.below->count == 3);
}

TEST_CASE("what nobody asks for is ended, and afterwards all is done anew") {
    const NoStop stop;
    const TempDir folder;
    Scene scene(stop);
    const Command endless = sh("echo begun > " + (folder / "pid").string() + "; exec sleep 600");
    const Command quick = sh("echo x >> " + (folder / "count").string());
    scene.runner.begin({{"a", endless, Milliseconds(600'000)}, {"b", quick, Milliseconds(20'000)}});
    (void)scene.runner.lookups().run(quick, {}, stop);
    scene.runner.forget();  // returns only because the endless one is ended
    (void)scene.runner.run(quick, {}, stop);
    CHECK(test::read_file(folder / "count") == "x\nx\n");
}

TEST_CASE("the one who may stop all stops what was begun early") {
    ManualStop stop;
    Scene scene(stop);
    const Command endless = sh("exec sleep 600");
    scene.runner.begin({{"a", endless, Milliseconds(600'000)}});
    stop.request();
    CHECK(scene.runner.run(endless, {}, stop).ending == Ending(Interrupted{}));
}

TEST_CASE("secrets in an early answer are masked where it is kept") {
    const NoStop stop;
    const TempDir folder;
    base::Secrets secrets;
    secrets.add("correct-horse-battery");
    Scene scene(stop, &secrets);
    const Command command = sh("echo the word is correct-horse-battery");
    scene.runner.begin({{"usage.now", command, Milliseconds(20'000)}});
    (void)scene.runner.run(command, kept_in(folder), stop);
    CHECK(test::read_file(folder / "usage.now.out").find("correct-horse") == std::string::npos);
}

TEST_CASE("of an early answer the step keeps as much in memory as it asked for") {
    const NoStop stop;
    Scene scene(stop);
    const Command command = sh("head -c 100000 /dev/zero | tr '\\0' x");
    scene.runner.begin({{"a", command, Milliseconds(20'000)}});
    RunContext context;
    context.keep = 1000;
    const Outcome outcome = scene.runner.run(command, context, stop);
    CHECK(outcome.out.total == 100'000);
    CHECK(outcome.out.head.size() + outcome.out.tail.size() <= 1000);
    CHECK(outcome.out.dropped == 99'000);
}
