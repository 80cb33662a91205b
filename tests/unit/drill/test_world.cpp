#include "drill/world.h"
#include "sample.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::drill;
using namespace memrb::test;

namespace {

double used(const World& world) {
    return world.containers_of(0).front()->anon();
}

std::size_t kills(const World& world) {
    const auto& events = world.events();
    return static_cast<std::size_t>(
        std::count_if(events.begin(), events.end(), [](const EngineEvent& event) { return event.action == "oom"; }));
}

constexpr double mib = 1024.0 * 1024;

}  // namespace

TEST_CASE("a leak grows by what it says, and a restart begins it anew") {
    const auto drill = leaking(50 * mebibyte);
    World world(drill, 1);
    CHECK(used(world) == Approx((100 + 6 * 50) * mib).epsilon(0.02));
    world.restart(*world.containers_of(0).front());
    world.advance(world.now() + 60 * minute);
    CHECK(used(world) == Approx(150 * mib).epsilon(0.02));
    CHECK(world.containers_of(0).front()->restarts == 0);  // the engine counts its own restarts only
}

TEST_CASE("above the limit it is killed, counted and started again") {
    const auto drill = leaking(200 * mebibyte);
    World world(drill, 1);  // (512 - 100) / 200: after about 2 h each time
    CHECK(kills(world) == 2);
    const Container& container = *world.containers_of(0).front();
    CHECK(container.running);
    CHECK(container.restarts == 2);
    CHECK(container.oom_flag);
    CHECK(used(world) < 512 * mib);
    world.restart(container);
    CHECK_FALSE(world.containers_of(0).front()->oom_flag);
}

TEST_CASE("page cache fills the limit and kills nobody") {
    auto drill = calm();
    memory_of(drill).file_per_hour = 200 * mebibyte;
    const World world(drill, 1);
    const Container& container = *world.containers_of(0).front();
    CHECK(container.usage() > 0.95 * 512 * mib);
    CHECK(container.anon() < 110 * mib);
    CHECK(kills(world) == 0);
}

TEST_CASE("page cache in use counts, and ages at the limit until it is half of all") {
    auto drill = calm();
    drill.before = 60 * minute;
    memory_of(drill).file_per_hour = 200 * mebibyte;
    World world(drill, 1);
    const auto active = [&] { return world.containers_of(0).front()->active_file; };
    const auto inactive = [&] { return world.containers_of(0).front()->inactive_file; };
    CHECK(active() == Approx(0.85 * 200 * mib).epsilon(0.02));
    CHECK(inactive() == Approx(0.15 * 200 * mib).epsilon(0.02));
    world.advance(world.now() + 300 * minute);  // 412 MiB were free, so 788 MiB more have been read than fit
    CHECK(active() == Approx((0.85 * 412 - 0.15 * 788) * mib).epsilon(0.02));
    CHECK(active() + inactive() == Approx(412 * mib).epsilon(0.02));
    world.advance(world.now() + 300 * minute);
    CHECK(active() == Approx(206 * mib).epsilon(0.02));
}

TEST_CASE("a program has begun within a minute") {
    auto drill = calm();
    drill.before = Milliseconds{5'000};
    World world(drill, 1);
    CHECK(used(world) < 80 * mib);
    world.advance(world.now() + minute);
    CHECK(used(world) == Approx(100 * mib).epsilon(0.01));
}

TEST_CASE("a cache fills slower and slower, and cleared it is empty and the service slow for a while") {
    auto drill = calm();
    memory_of(drill).cache_per_hour = 300 * mebibyte;
    memory_of(drill).cache_up_to = 300 * mebibyte;
    memory_of(drill).per_request = mebibyte;
    drill.services.front().load = {{Milliseconds{0}, 40}};
    World world(drill, 1);
    const double full = world.containers_of(0).front()->cached;
    CHECK(full > 0.98 * 300 * mib);
    CHECK(full < 300 * mib);
    const double in_flight = world.containers_of(0).front()->in_flight;
    world.clear_cache(0);
    CHECK(world.containers_of(0).front()->cached == 0);
    world.advance(world.now() + minute);
    CHECK(world.containers_of(0).front()->in_flight > 1.6 * in_flight);
    world.advance(world.now() + 15 * minute);
    CHECK(world.containers_of(0).front()->in_flight < 1.3 * in_flight);
    CHECK(world.containers_of(0).front()->cached > 50 * mib);
}

TEST_CASE("garbage is all that a collection frees") {
    auto drill = calm();
    memory_of(drill).garbage_per_hour = 20 * mebibyte;
    memory_of(drill).leak_per_hour = 10 * mebibyte;
    World world(drill, 1);
    CHECK(used(world) == Approx((100 + 6 * 30) * mib).epsilon(0.02));
    world.collect_garbage(0);
    CHECK(used(world) == Approx((100 + 6 * 10) * mib).epsilon(0.02));
}

TEST_CASE("a collector that runs by itself frees all garbage") {
    auto drill = calm();
    drill.before = 61 * minute;
    memory_of(drill).garbage_per_hour = 50 * mebibyte;
    memory_of(drill).garbage_up_to = 50 * mebibyte;
    World world(drill, 1);
    CHECK(used(world) < 102 * mib);
    world.advance(world.now() + 58 * minute);
    CHECK(used(world) > 147 * mib);
}

TEST_CASE("more replicas share the load") {
    auto drill = calm();
    memory_of(drill).per_request = 4 * mebibyte;
    memory_of(drill).takes = Milliseconds{1'000};
    drill.services.front().load = {{Milliseconds{0}, 60}};
    World world(drill, 1);
    CHECK(used(world) == Approx(340 * mib).epsilon(0.1));
    CHECK(world.apply(0, 3));
    CHECK_FALSE(world.apply(0, 3));
    world.advance(world.now() + 10 * minute);
    REQUIRE(world.containers_of(0).size() == 3);
    for (const Container* container : world.containers_of(0)) {
        CHECK(container->anon() == Approx(180 * mib).epsilon(0.1));
    }
}

TEST_CASE("a version that leaks is taken back by the one before, in a new container") {
    auto drill = calm();
    auto worse = drill.services.front().versions.front();
    worse.image = "shop/backend:2";
    worse.since = -120 * minute;
    worse.memory.leak_per_hour = 100 * mebibyte;
    drill.services.front().versions.push_back(worse);
    World world(drill, 1);
    CHECK(world.all().size() == 2);  // it was deployed before the alert
    CHECK(used(world) == Approx(300 * mib).epsilon(0.03));
    const std::string before = world.containers_of(0).front()->id;
    world.declare_previous_version(0);
    CHECK(world.containers_of(0).front()->id == before);  // nothing is done before it is applied
    CHECK(world.apply(0));
    world.advance(world.now() + 120 * minute);
    CHECK(world.containers_of(0).front()->id != before);
    CHECK(world.containers_of(0).front()->version.image == "shop/backend:1");
    CHECK(used(world) < 110 * mib);
}

TEST_CASE("the team brings its fix after the time that it takes, once") {
    auto drill = leaking(30 * mebibyte);
    drill.services.front().fixed = DrillVersion{"shop/backend:3", std::nullopt, DrillMemory{}};
    drill.team_takes = 20 * minute;
    World world(drill, 1);
    world.call_team();
    const auto arrives = world.team_arrives();
    world.advance(world.now() + 10 * minute);
    world.call_team();
    CHECK(world.team_arrives() == arrives);
    CHECK(world.containers_of(0).front()->version.image == "shop/backend:1");
    world.advance(world.now() + 11 * minute);
    CHECK(world.containers_of(0).front()->version.image == "shop/backend:3");
}

TEST_CASE("a full host kills its largest container") {
    auto drill = calm();
    drill.host_memory = Bytes{1} << 30U;
    DrillService hog;
    hog.name = "worker";
    DrillMemory memory;
    memory.base = 100 * mebibyte;
    memory.leak_per_hour = 200 * mebibyte;
    hog.versions.push_back({"shop/worker:1", std::nullopt, memory});
    drill.services.push_back(hog);
    const World world(drill, 1);
    REQUIRE(kills(world) == 1);
    const auto& events = world.events();
    const auto kill =
        std::find_if(events.begin(), events.end(), [](const auto& event) { return event.action == "oom"; });
    CHECK(kill->name == "shop-worker-1");
}

TEST_CASE("large requests come at moments that only the seed decides") {
    auto drill = calm();
    memory_of(drill).payload = 200 * mebibyte;
    memory_of(drill).payload_every = 30 * minute;
    const auto peaks = [&](std::uint64_t seed) {
        const World world(drill, seed);
        std::vector<Timestamp> high;
        for (const auto& sample : world.containers_of(0).front()->samples) {
            if (sample.anon > 250 * mib) {
                high.push_back(sample.at);
            }
        }
        return high;
    };
    CHECK(peaks(1) == peaks(1));
    CHECK(peaks(1) != peaks(2));
    CHECK(peaks(1).size() >= 12 * 3);  // twelve of a minute each, scraped every 15 s
    CHECK(peaks(1).size() <= 12 * 5);
}

TEST_CASE("how far the time is advanced at once makes no difference") {
    const auto drill = leaking(90 * mebibyte);
    World at_once(drill, 5);
    World in_steps(drill, 5);
    at_once.advance(at_once.now() + 47 * minute);
    while (in_steps.now() < at_once.now()) {
        in_steps.advance(std::min(in_steps.now() + Milliseconds{1'700}, at_once.now()));
    }
    const auto& one = at_once.containers_of(0).front()->samples;
    const auto& other = in_steps.containers_of(0).front()->samples;
    REQUIRE(one.size() == other.size());
    CHECK(std::equal(one.begin(), one.end(), other.begin(),
                     [](const Sample& a, const Sample& b) { return a.at == b.at && a.anon == b.anon; }));
}
