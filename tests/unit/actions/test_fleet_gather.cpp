#include "actions/fleet_gather.h"

#include <catch2/catch.hpp>
#include <map>

using namespace memrb;
using namespace memrb::actions;

namespace {

constexpr Milliseconds step{15'000};
const Timestamp start{Milliseconds(1'000'000'000)};
const FleetRange range{start, start + 239 * step, step};

SeriesReading series(SeriesLabels labels, double value, int first = 0, int last = 239) {
    SeriesReading reading;
    reading.metric = "container_memory_working_set_bytes";
    reading.labels = std::move(labels);
    for (int i = first; i <= last; ++i) {
        reading.points.push_back({start + i * step, value});
    }
    return reading;
}

SeriesReading newest(SeriesLabels labels, double value) {
    return series(std::move(labels), value, 239, 239);
}

SeriesLabels docker(const std::string& name, const std::string& id = "/docker/1", const std::string& host = "h:8080") {
    return {{"id", id}, {"image", "shop:1"}, {"instance", host}, {"name", name}};
}

struct Gathered {
    std::vector<FleetMember> members;
    FleetGather gather{range, [this](FleetMember&& member) { members.push_back(std::move(member)); }};
};

template <class Kind>
std::vector<const Kind*> all_of(const FleetMember& member) {
    std::vector<const Kind*> found;
    for (const Reading& reading : member.readings) {
        if (const auto* one = std::get_if<Kind>(&reading)) {
            found.push_back(one);
        }
    }
    return found;
}

const SeriesReading* role(const FleetMember& member, SeriesRole wanted) {
    for (const auto* one : all_of<SeriesReading>(member)) {
        if (one->role == wanted) {
            return one;
        }
    }
    return nullptr;
}

}  // namespace

TEST_CASE("a container that was there all the time is handed on at once, with all that is known of it") {
    Gathered all;
    all.gather.add_companion(FleetQuery::limit, newest(docker("web"), 64e6));
    all.gather.add_companion(FleetQuery::start_time, newest(docker("web"), 900'000));
    all.gather.add_companion(FleetQuery::anon, series(docker("web"), 30e6));
    all.gather.add_companion(FleetQuery::limit, newest(docker("other"), 1e6));
    all.gather.add_working_set(series(docker("web"), 40e6));
    REQUIRE(all.members.size() == 1);
    const FleetMember& web = all.members[0];
    CHECK(web.target.name == "web");
    CHECK(web.target.image == "shop:1");
    CHECK(web.target.started_at == Timestamp(Milliseconds(900'000'000)));
    CHECK(web.outdated.empty());
    REQUIRE(role(web, SeriesRole::limit) != nullptr);
    CHECK(role(web, SeriesRole::limit)->points.back().value == 64e6);
    REQUIRE(role(web, SeriesRole::memory) != nullptr);
    CHECK(role(web, SeriesRole::anon)->labels == role(web, SeriesRole::memory)->labels);
}

TEST_CASE("a container that was started again is judged with its starts, another with its newest alone") {
    Gathered all;
    for (const char* name : {"web", "steady"}) {
        all.gather.add_companion(FleetQuery::start_time, newest(docker(name), 900'000));
    }
    SeriesReading starts = series(docker("web"), 800'000);
    starts.points.back().value = 900'000;
    all.gather.add_companion(FleetQuery::starts, std::move(starts));
    all.gather.add_working_set(series(docker("web"), 40e6));
    all.gather.add_working_set(series(docker("steady"), 40e6));
    REQUIRE(all.members.size() == 2);
    CHECK(all.members[0].target.started_at == Timestamp(Milliseconds(900'000'000)));
    REQUIRE(role(all.members[0], SeriesRole::start_time) != nullptr);
    CHECK(role(all.members[0], SeriesRole::start_time)->points.front().value == 800'000);
    CHECK(all.members[1].target.started_at == Timestamp(Milliseconds(900'000'000)));
    CHECK(role(all.members[1], SeriesRole::start_time) == nullptr);
}

TEST_CASE("lives of one container that follow each other are one member") {
    Gathered all;
    all.gather.add_working_set(series(docker("web", "/docker/old"), 40e6, 0, 100));
    all.gather.add_working_set(series(docker("db", "/docker/db"), 40e6));
    CHECK(all.members.size() == 1);  // db: nothing can follow
    all.gather.add_working_set(series(docker("web", "/docker/new"), 10e6, 110, 239));
    all.gather.finish();
    REQUIRE(all.members.size() == 2);
    CHECK(all.members[1].target.name == "web");
    CHECK(all.members[1].target.labels.at("id") == "/docker/new");
    CHECK(all_of<SeriesReading>(all.members[1]).size() == 2);
    CHECK(all.members[1].outdated.empty());
}

TEST_CASE("namesakes on two hosts are two containers") {
    Gathered all;
    all.gather.add_working_set(series(docker("agent", "/docker/1", "a:8080"), 40e6));
    all.gather.add_working_set(series(docker("agent", "/docker/2", "b:8080"), 50e6));
    CHECK(all.members.size() == 2);
}

TEST_CASE("a pod's container keeps its identity on another node") {
    const auto labels = [](const std::string& node) {
        return SeriesLabels{{"container", "app"}, {"id", "/kubepods/" + node}, {"instance", node},
                            {"name", "0123"},     {"namespace", "shop"},       {"pod", "web-0"}};
    };
    Gathered all;
    all.gather.add_working_set(series(labels("node1"), 40e6, 0, 100));
    all.gather.add_working_set(series(labels("node2"), 40e6, 120, 239));
    all.gather.finish();
    REQUIRE(all.members.size() == 1);
    CHECK(all.members[0].target.name == "shop/web-0/app");
}

TEST_CASE("a series that ends before now says so") {
    Gathered all;
    all.gather.add_working_set(series(docker("gone"), 40e6, 0, 200));
    all.gather.finish();
    REQUIRE(all.members.size() == 1);
    CHECK(all.members[0].outdated.starts_with("no sample since 1970-01-12T14:36:40Z"));
}

TEST_CASE("a container without a working set is told, without data") {
    Gathered all;
    all.gather.add_companion(FleetQuery::limit, newest(docker("silent"), 64e6));
    all.gather.finish();
    REQUIRE(all.members.size() == 1);
    CHECK(all.members[0].target.name == "silent");
    CHECK(all_of<NoData>(all.members[0]).size() == 1);
    CHECK(role(all.members[0], SeriesRole::memory) == nullptr);
}

TEST_CASE("parents and pause containers are no containers") {
    Gathered all;
    all.gather.add_working_set(series({{"id", "/system.slice"}}, 1e9));
    all.gather.add_working_set(series({{"container", "POD"}, {"name", "k8s_POD_web"}, {"pod", "web"}}, 1e6));
    all.gather.add_working_set(series({{"id", "/kubepods/x"}, {"name", "0123"}, {"pod", "web"}}, 1e6));
    all.gather.add_companion(FleetQuery::left_out, series({}, 3, 239, 239));
    all.gather.finish();
    CHECK(all.members.empty());
    CHECK(all.gather.left_out() == 3);
}

TEST_CASE("a counter of OOM kills that begins within the range began at zero") {
    Gathered all;
    all.gather.add_companion(FleetQuery::oom_known, newest(docker("web"), 2));
    all.gather.add_companion(FleetQuery::oom_events, series(docker("web"), 2, 120, 239));
    all.gather.add_working_set(series(docker("web"), 40e6));
    const SeriesReading* counter = role(all.members.at(0), SeriesRole::oom_events);
    REQUIRE(counter != nullptr);
    CHECK(counter->points.front().value == 0);
    CHECK(counter->points.front().at == start + 119 * step);
    CHECK(all_of<OomCheck>(all.members[0]).empty());
}

TEST_CASE("a counter that was above zero from the start is left as it is, one of zero was looked at") {
    Gathered all;
    all.gather.add_companion(FleetQuery::oom_known, newest(docker("web"), 2));
    all.gather.add_companion(FleetQuery::oom_events, series(docker("web"), 2));
    all.gather.add_companion(FleetQuery::oom_known, newest(docker("db", "/docker/2"), 0));
    all.gather.add_working_set(series(docker("web"), 40e6));
    all.gather.add_working_set(series(docker("db", "/docker/2"), 40e6));
    all.gather.add_working_set(series(docker("cache", "/docker/3"), 40e6));
    CHECK(role(all.members.at(0), SeriesRole::oom_events)->points.front().value == 2);
    REQUIRE(all_of<OomCheck>(all.members.at(1)).size() == 1);
    CHECK(all_of<OomCheck>(all.members[1])[0]->sightings.empty());
    CHECK(all_of<OomCheck>(all.members.at(2)).empty());  // nobody counts
}

TEST_CASE("a load belongs to the container that it names, else to its pod's containers, else to the name's") {
    Gathered all;
    const auto pod = [](const std::string& container, const std::string& cluster = "") {
        SeriesLabels labels{{"namespace", "shop"}, {"pod", "web-1"}, {"id", "/kubepods/" + container}};
        if (!container.empty()) {
            labels.emplace_back("container", container);
        }
        if (!cluster.empty()) {
            labels.emplace_back("cluster", cluster);
        }
        return labels;
    };
    all.gather.add_companion(FleetQuery::load, series({{"name", "backend"}}, 10));
    all.gather.add_companion(FleetQuery::load, series({{"namespace", "shop"}, {"pod", "web-1"}}, 20));
    all.gather.add_companion(FleetQuery::load,
                             series({{"namespace", "shop"}, {"pod", "web-1"}, {"container", "app"}}, 30));
    all.gather.add_companion(FleetQuery::load, series({{"job", "nobody"}}, 40));
    CHECK(all.gather.loads() == 3);
    const auto load_of = [&](const SeriesLabels& labels) {
        all.members.clear();
        all.gather.add_working_set(series(labels, 40e6));
        const auto* load = all.members.empty() ? nullptr : role(all.members.at(0), SeriesRole::load);
        return load != nullptr ? load->points.at(0).value : 0.0;
    };
    CHECK(load_of(docker("backend")) == 10);
    CHECK(load_of(docker("backend", "/docker/2", "other:8080")) == 10);
    CHECK(load_of(docker("db", "/docker/3")) == 0);
    CHECK(load_of(pod("app")) == 30);
    CHECK(load_of(pod("proxy")) == 20);
    CHECK(load_of(pod("proxy", "east")) == 20);
    CHECK(load_of({{"namespace", "other"}, {"pod", "web-1"}, {"container", "app"}, {"id", "/kubepods/b"}}) == 0);
    CHECK(all.gather.loads_used() == 5);
}
