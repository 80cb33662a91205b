#include "actions/prometheus_answer.h"
#include "actions/promql_text.h"
#include "hostile.h"
#include "scene.h"

#include <catch2/catch.hpp>

#include <cmath>

using namespace memrb;
using namespace memrb::actions;

namespace {

const std::string own_query = R"(container_memory_working_set_bytes{name="backend"})";

Interpretation ask(const Outcome& outcome, const std::string& query = own_query, const std::string& range = {},
                   const std::string& role = {}) {
    const Scene scene;
    Params params = texts({{"query", query}});
    if (!range.empty()) {
        params.set("range", Param{range, {}, {}});
    }
    if (!role.empty()) {
        params.set("role", Param{role, {}, {}});
    }
    return action("promql").interpret(params, scene.context(), outcome);
}

Interpretation ask(const std::string& file, const std::string& query = own_query, const std::string& range = {},
                   const std::string& role = {}) {
    return ask(answered(200, recorded("prometheus/" + file)), query, range, role);
}

std::string why(const Interpretation& read) {
    return only<NoData>(read).why;
}

std::vector<SeriesReading> series_of(const Interpretation& read) {
    std::vector<SeriesReading> all;
    for (const auto& reading : read.readings) {
        if (const auto* series = std::get_if<SeriesReading>(&reading)) {
            all.push_back(*series);
        }
    }
    return all;
}

}  // namespace

TEST_CASE("stored samples are read as they are") {
    const auto read = ask("raw-6h.json", own_query, "6h");
    const auto series = only<SeriesReading>(read);
    CHECK(series.role == SeriesRole::memory);
    CHECK(series.metric == "container_memory_working_set_bytes");
    CHECK(series.raw);
    REQUIRE(series.points.size() == 361);
    CHECK(series.points.front().at == from_unix_seconds(1795111200));
    CHECK(series.points.front().value == 314572800.0);
    CHECK(series.points.back().at == from_unix_seconds(1795132800));
    CHECK(series.points.back().value == 494623640.0);
    CHECK(series.labels.at(0) == std::pair<std::string, std::string>(
                                     "id", "/docker/3f9c3f9c3f9c3f9c3f9c3f9c3f9c3f9c3f9c3f9c3f9c3f9c3f9c3f9c3f9c3f9c"));
    CHECK(read.note == "361 samples");
    CHECK(read.warnings.empty());
}

TEST_CASE("NaN and infinities are kept as delivered") {
    const auto read = ask("raw-nan-inf.json", "container_memory_working_set_bytes", "5m");
    const auto points = only<SeriesReading>(read).points;
    REQUIRE(points.size() == 6);
    CHECK(points[0].value == 104857600.0);
    CHECK(std::isnan(points[1].value));
    CHECK(points[2].value == INFINITY);
    CHECK(points[3].value == -INFINITY);
    CHECK(std::isnan(only<SeriesReading>(ask("instant-nan.json")).points.at(0).value));
}

TEST_CASE("a newest value, a grid and a scalar are read") {
    const auto newest = ask("instant-vector.json");
    CHECK(only<SeriesReading>(newest).points.size() == 1);
    CHECK(only<SeriesReading>(newest).raw);
    CHECK(newest.note == "472 MiB");

    const auto grid = ask("range-matrix.json", "sum by (name) (container_memory_working_set_bytes)", "1h");
    const auto all = series_of(grid);
    REQUIRE(all.size() == 2);
    CHECK_FALSE(all[0].raw);
    CHECK(all[0].points.size() == 13);
    CHECK(grid.note == "2 series, 26 samples");

    const auto scalar = ask("scalar.json", "scalar(count(up))");
    CHECK(only<SeriesReading>(scalar).points.at(0).value == 3.0);
    CHECK(only<SeriesReading>(scalar).points.at(0).at == from_unix_seconds(1795132800));
    CHECK(scalar.note == "3");
}

TEST_CASE("a query over all containers leaves only the target's series as its memory") {
    const auto read = ask("raw-three-series.json", "container_memory_working_set_bytes", "5m");
    const auto all = series_of(read);
    REQUIRE(all.size() == 3);
    CHECK(all[0].role == SeriesRole::other);
    CHECK(all[1].role == SeriesRole::memory);
    CHECK(all[2].role == SeriesRole::other);
    CHECK(read.note == "3 series, 18 samples");
}

TEST_CASE("a limit of zero is no limit") {
    const auto all = series_of(ask("limits.json", "container_spec_memory_limit_bytes"));
    REQUIRE(all.size() == 2);
    CHECK(all[0].role == SeriesRole::limit);
    CHECK(all[0].points.at(0).value == 536870912.0);
    CHECK(ask(answered(200, R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":)"
                            R"("container_spec_memory_limit_bytes"},"value":[1,"0"]}]}})"))
              .note == "no limit");
}

TEST_CASE("an answer without its metric's name is known by the query") {
    CHECK(
        only<SeriesReading>(ask("rate.json", R"(rate(container_memory_working_set_bytes{name="backend"}[1h]))")).role ==
        SeriesRole::other);
    CHECK(only<SeriesReading>(ask("rate.json", "sum(container_memory_rss)")).role == SeriesRole::anon);
    CHECK(only<SeriesReading>(ask("rate.json", "sum(container_memory_rss)")).metric == "container_memory_rss");
    CHECK(only<SeriesReading>(ask("rate.json", "anything", {}, "load")).role == SeriesRole::load);
    CHECK(only<SeriesReading>(ask("instant-vector.json", own_query, {}, "usage")).role == SeriesRole::usage);
}

TEST_CASE("nothing found is not zero") {
    CHECK(why(ask("empty.json")) == R"(no series matches container_memory_working_set_bytes{name="backend"})");
    const auto partial = ask("empty-with-warnings.json");
    CHECK(why(partial).starts_with("no series matches"));
    REQUIRE(partial.warnings.size() == 1);
    CHECK(partial.warnings[0].starts_with(
        "partial: remote_read: error sending request: Post \"http://127.0.0.1:9/read\""));
    CHECK(why(ask(answered(
                  200, R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[]}]}})")))
              .starts_with("no series matches"));
}

TEST_CASE("a partial answer is told as such") {
    const auto read = ask("with-warnings.json");
    CHECK(only<SeriesReading>(read).points.size() == 1);
    REQUIRE(read.warnings.size() == 1);
    CHECK(read.warnings[0].starts_with("partial: remote_read"));
}

TEST_CASE("Prometheus' own complaint is passed on") {
    CHECK(why(ask(answered(400, recorded("prometheus/error-400.json")))) ==
          "Prometheus says: bad_data: invalid parameter \"query\": 1:18: parse error: unexpected end of input inside "
          "braces");
    CHECK(why(ask(answered(400, recorded("prometheus/error-too-many-points.json")))) ==
          "Prometheus says: bad_data: exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the "
          "query "
          "resolution (?step=XX)");
}

TEST_CASE("what is no answer of Prometheus is told as such") {
    CHECK(why(ask(answered(404, recorded("prometheus/error-404.txt")))) ==
          "Prometheus answers HTTP 404: 404 page not found");
    CHECK(why(ask(answered(500, "<html><body>oops</body></html>"))) == "Prometheus answers HTTP 500");
    CHECK(why(ask(answered(503, ""))) == "Prometheus answers HTTP 503");
    CHECK(why(ask(answered(200, "<!doctype html><title>Grafana</title>"))) ==
          "not a Prometheus answer: it is a web page");
    CHECK(why(ask(answered(200, recorded("prometheus/ready.txt")))) == "not a Prometheus answer: it is not JSON");
    CHECK(why(ask(answered(200, " \n"))) == "not a Prometheus answer: it is empty");
    CHECK(why(ask(answered(200, recorded("prometheus/raw-6h.json").substr(0, 5000)))) ==
          "not a Prometheus answer: its JSON is broken off or malformed");
    CHECK(why(ask(answered(200, "{}"))) == "not a Prometheus answer: it has no status and no result");
    CHECK(why(ask(answered(200, R"({"status":"success"})"))) ==
          "not a Prometheus answer: it has no status and no result");
    CHECK(why(ask(answered(200, R"({"status":"success","data":{"resultType":"string","result":[1,"up"]}})"))) ==
          "the query gives a text, not numbers");
    CHECK(why(ask(ended(NotStarted{"nothing listens at localhost:9090", false, false}))) ==
          "nothing listens at localhost:9090");
    CHECK(why(ask(ended(TimedOut{Milliseconds{30'000}}))) == "timed out after 30 s");
    Outcome cut = answered(200, R"({"status":"success")");
    cut.out.total = 70'000'000;
    cut.out.dropped = 69'999'981;
    CHECK(why(ask(cut)) == "not a Prometheus answer: 66.8 MiB are too long to be kept whole");
    CHECK(why(ask(answered(400, "{\"status\":\"error\",\"errorType\":\"x\",\"error\":\"\x1b[2J\"}"))).find('\x1b') ==
          std::string::npos);
}

TEST_CASE("samples that are none make the whole answer none") {
    const auto read = [](const std::string& sample) {
        const std::string body =
            R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[)" + sample + "]}]}}";
        return read_prometheus_answer(std::string_view(body)).has_value();
    };
    CHECK(read(R"([1,"2"])"));
    CHECK(read(R"([1.5,"2e3"])"));
    for (const std::string sample : {R"([1,2])",
                                     R"(["1","2"])",
                                     R"([1,"x"])",
                                     R"([1,""])",
                                     R"([1,"1e999"])",
                                     R"([-1,"2"])",
                                     R"([1e300,"2"])",
                                     R"([1,null])",
                                     R"([1,"2","3"])",
                                     R"([1,2,"3"])",
                                     R"([[1],"2"])",
                                     R"([{"a":1},"2"])",
                                     R"([true,"2"])",
                                     R"([1,"0x10"])",
                                     R"([1,"2 "])",
                                     "[]",
                                     "[1]",
                                     R"([1,"2",3])",
                                     R"(["2"])",
                                     "1",
                                     R"("2")"}) {
        CAPTURE(sample);
        CHECK_FALSE(read(sample));
    }
}

TEST_CASE("a broken answer never crashes and never invents a sample") {
    const std::string small =
        R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"m","a":"b"},)"
        R"("values":[[1.5,"1"],[2,"NaN"]]},{"metric":{},"values":[[1,"3"]]}]},"warnings":["w"]})";
    REQUIRE(read_prometheus_answer(small)->series.size() == 2);
    each_beginning(small, [&](const std::string& text) {
        CAPTURE(text);
        CHECK_FALSE(read_prometheus_answer(text));
    });
    each_corruption(small, [&](const std::string& text) {
        const auto answer = read_prometheus_answer(text);
        CHECK((!answer || answer->series.size() <= 2));
    });
    for (const auto& text : with_wrong_types(small)) {
        const auto answer = read_prometheus_answer(text);
        CHECK((!answer || answer->series.size() <= 2));
    }
    CHECK_FALSE(read_prometheus_answer(nested(1'000'000)));
    CHECK_FALSE(read_prometheus_answer(R"({"data":)" + nested(100'000) + "}"));
    CHECK_FALSE(
        read_prometheus_answer(R"({"status":"success","data":{"result":[{"metric":{"a":)" + nested(5) + R"(}},5]}})"));
}

TEST_CASE("a matrix of 100,000 samples is read whole") {
    std::string body =
        R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"m"},"values":[)";
    for (int i = 0; i < 100'000; ++i) {
        body += (i == 0 ? "[" : ",[") + std::to_string(1'795'111'200 + 15 * i) + ".123,\"" +
                std::to_string(314'572'800 + i) + "\"]";
    }
    body += "]}]}}";
    const auto answer = read_prometheus_answer(body);
    REQUIRE(answer);
    CHECK(answer->series.at(0).points.size() == 100'000);
    CHECK(answer->series[0].points.back().value == 314'672'799.0);
    CHECK(answer->series[0].points.back().at == from_unix_seconds(1'796'611'185.123));
}

TEST_CASE("only a plain selector can be asked for its stored samples") {
    for (const std::string query :
         {"m", "m{}", R"(m{a="b"})", R"({__name__="m"})", " m{a=\"}\"} ", "m {a='b'}", "ns:m:rate"}) {
        CAPTURE(query);
        CHECK(is_plain_selector(query));
    }
    for (const std::string query : {"", "rate(m[5m])", "m[5m]", "m + m", "m offset 5m", "sum(m)", "m{a=\"b\"} > 5",
                                    "m{a=\"b\"", "m}", "5", "m{a=\"b}", "m @ 5", "-m"}) {
        CAPTURE(query);
        CHECK_FALSE(is_plain_selector(query));
    }
}

TEST_CASE("what a query measures is guessed by its metric, unless it is calculated") {
    const std::vector<std::pair<std::string, SeriesRole>> guesses = {
        {"container_memory_working_set_bytes", SeriesRole::memory},
        {R"(container_spec_memory_limit_bytes{name="a-b"})", SeriesRole::limit},
        {"sum by (name) (container_memory_rss)", SeriesRole::anon},
        {"sum without(id)(container_memory_cache{})", SeriesRole::file},
        {"max_over_time(container_memory_usage_bytes[1h])", SeriesRole::usage},
        {"quantile(0.9, container_memory_usage_bytes)", SeriesRole::usage},
        {"sum(rate(http_requests_total[5m]))", SeriesRole::load},
        {"rate(container_memory_rss[5m])", SeriesRole::other},
        {"container_memory_rss / container_spec_memory_limit_bytes", SeriesRole::other},
        {"container_memory_rss or container_memory_cache", SeriesRole::other},
        {"container_memory_rss or container_memory_rss", SeriesRole::anon},
        {"delta(container_memory_rss[1h])", SeriesRole::other},
        {"process_open_fds", SeriesRole::descriptors},
        {"kube_pod_container_status_restarts_total", SeriesRole::restarts},
        {"container_oom_events_total", SeriesRole::oom_events},
        {"container_start_time_seconds", SeriesRole::start_time},
        {"up", SeriesRole::other},
        {"", SeriesRole::other},
        {"m{", SeriesRole::other},
        {"\"", SeriesRole::other},
        {"container_memory_rss * 2", SeriesRole::other},
    };
    for (const auto& [query, role] : guesses) {
        CAPTURE(query);
        CHECK(guess_role(query) == role);
    }
}
