#include "drill/prometheus_query.h"
#include "sample.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::drill;
using namespace memrb::test;

TEST_CASE("queries are understood whole or refused") {
    const auto plain = read_query(R"( up_total{a="b\"c", d=~"e.*",} [ )");
    CHECK_FALSE(plain);
    const auto range = read_query(R"(m{a="b\"c",d=~"e.*"}[6h])");
    REQUIRE(range);
    CHECK(range->metric == "m");
    CHECK(range->range == Milliseconds{6 * 3'600'000});
    REQUIRE(range->matchers.size() == 2);
    CHECK(range->matchers[0].value == "b\"c");
    CHECK(range->matchers[1].op == "=~");
    const auto named = read_query(R"(rate({__name__="m",x!="y"}[5m]))");
    REQUIRE(named);
    CHECK(named->rate);
    CHECK(named->metric == "m");
    for (const auto* text :
         {"", "{}", "m{", "m{a}", "m{a=b}", "rate(m)", "rate(m[5m]", "sum(m)", "m[5]", "m + m", "m[5m] x"}) {
        INFO(text);
        CHECK_FALSE(read_query(text));
    }
}

TEST_CASE("a series ends with its container, and a rate takes a fall for a reset") {
    auto drill = calm();
    drill.services.front().load = {{Milliseconds{0}, 10}};
    World world(drill, 1);
    const std::string old = world.containers_of(0).front()->id;
    world.declare_limit(0, 600 * mebibyte);
    REQUIRE(world.apply(0));
    world.advance(world.now() + 10 * minute);
    const auto query = read_query(R"(container_spec_memory_limit_bytes{name="shop-backend-1"})");
    const auto now = ask_at(world, *query, world.now());
    std::size_t with_value = 0;
    for (const auto& series : now) {
        with_value += series.points.empty() ? 0 : 1;
    }
    CHECK(with_value == 1);
    const auto all =
        ask_at(world, *read_query(R"(container_spec_memory_limit_bytes{name="shop-backend-1"}[6h])"), world.now());
    REQUIRE(all.size() == 2);
    CHECK(all[0].points.back().second == 512.0 * mebibyte);
    CHECK(all[1].points.back().second == 600.0 * mebibyte);

    const auto rates =
        ask_at(world, *read_query(R"(rate(http_requests_total{name="shop-backend-1"}[5m]))"), world.now());
    REQUIRE(rates.size() == 2);
    CHECK(rates[1].points.front().second == Approx(10).epsilon(0.15));
    CHECK(rates[1].labels.front().first != "__name__");
}
