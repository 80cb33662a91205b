#include "actions/prometheus_stream.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

using namespace memrb;
using namespace memrb::actions;

namespace {

struct Read {
    std::vector<SeriesReading> series;
    Result<std::vector<std::string>> end;
    bool wanted = true;  ///< all bytes were
};

Read read_in_pieces(std::string_view body, std::size_t piece) {
    std::vector<SeriesReading> series;
    PrometheusStream stream([&](SeriesReading&& one) { series.push_back(std::move(one)); });
    bool wanted = true;
    for (std::size_t i = 0; i < body.size() && wanted; i += piece) {
        wanted = stream.feed(body.substr(i, piece));
    }
    auto end = stream.finish();
    return {std::move(series), std::move(end), wanted};
}

constexpr std::string_view matrix =
    R"({"status":"success","data":{"resultType":"matrix","result":[)"
    R"({"metric":{"__name__":"m","name":"a\"},]{","id":"/docker/1"},"values":[[10,"1.5e+07"],[25.5,"NaN"],[40,"+Inf"]]},)"
    R"( {"values" : [ [10 , "2"] ] , "metric" : {"name":"b"} , "more":{"x":["]"]}} ,)"
    R"({"metric":{"name":"empty"},"values":[]}]},"warnings":["one store did not answer"]})";

}  // namespace

TEST_CASE("series are read alike however the answer is cut") {
    for (std::size_t piece = 1; piece <= matrix.size(); ++piece) {
        INFO("pieces of " << piece);
        const Read read = read_in_pieces(matrix, piece);
        REQUIRE(read.end);
        CHECK(*read.end == std::vector<std::string>{"one store did not answer"});
        REQUIRE(read.series.size() == 2);
        const SeriesReading& first = read.series[0];
        CHECK(first.metric == "m");
        CHECK(first.labels ==
              std::vector<std::pair<std::string, std::string>>{{"id", "/docker/1"}, {"name", "a\"},]{"}});
        REQUIRE(first.points.size() == 3);
        CHECK(first.points[0].value == 1.5e7);
        CHECK(first.points[1].at == Timestamp(Milliseconds(25'500)));
        CHECK(std::isnan(first.points[1].value));
        CHECK(std::isinf(first.points[2].value));
        CHECK(read.series[1].points.size() == 1);
    }
}

TEST_CASE("a series is handed on before the next one has come") {
    std::size_t seen = 0;
    PrometheusStream stream([&](SeriesReading&&) { ++seen; });
    const std::size_t second = matrix.find(R"( {"values")");
    REQUIRE(stream.feed(matrix.substr(0, second)));
    CHECK(seen == 1);
}

TEST_CASE("the newest values of a vector are series of one sample") {
    const Read read = read_in_pieces(
        R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{"name":"a"},"value":[7,"3"]}]}})", 9);
    REQUIRE(read.end);
    REQUIRE(read.series.size() == 1);
    REQUIRE(read.series[0].points.size() == 1);
    CHECK(read.series[0].points[0].value == 3);
}

TEST_CASE("an answer that is cut off anywhere is no answer") {
    for (std::size_t length = 0; length < matrix.size(); ++length) {
        INFO(matrix.substr(0, length));
        CHECK_FALSE(read_in_pieces(matrix.substr(0, length), 16).end);
    }
}

TEST_CASE("what is no answer is told as what it is") {
    const auto message = [](std::string_view body) {
        const Read read = read_in_pieces(body, 5);
        return read.end ? std::string("none") : read.end.error().message;
    };
    CHECK(message("<html><body>Sign in</body></html>").find("web page") != std::string::npos);
    CHECK(message("").find("empty") != std::string::npos);
    CHECK(message(R"({"status":"error","errorType":"timeout","error":"query timed out"})") ==
          "Prometheus says: timeout: query timed out");
    CHECK(message(R"({"status":"success","data":{}})").find("no status and no result") != std::string::npos);
}

TEST_CASE("samples that are none break the answer off") {
    const auto samples = GENERATE(as<std::string>{}, R"([1,2])", R"([1,"x"])", R"(["1","2"])", R"([1,"2",3])",
                                  R"([-1,"2"])", R"([1e300,"2"])", R"([1])", R"(1,"2")", R"([1,"2"]])");
    const Read read = read_in_pieces(
        R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[)" + samples + "]}]}}",
        64);
    INFO(samples);
    CHECK_FALSE(read.end);
    CHECK(read.series.empty());
}

TEST_CASE("a series without an end is not collected without an end") {
    PrometheusStream stream([](SeriesReading&&) {});
    REQUIRE(stream.feed(R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"a":")"));
    const std::string flood(1U << 20U, 'x');
    std::size_t fed = 0;
    while (stream.feed(flood) && fed < 64) {
        ++fed;
    }
    CHECK(fed < 20);
}
