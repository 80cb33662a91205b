#include "base/number.h"
#include "drill/prometheus_query.h"
#include "drill/tools.h"
#include "drill/url.h"

#include <fmt/core.h>
#include <array>
#include <charconv>

namespace memrb::drill {

extern const Tool prometheus_tool;

namespace {

constexpr std::string_view host = "http://prometheus.shop.test:9090";

Reply refused(std::string_view why) {
    constexpr int bad = 400;
    return says_http(bad, fmt::format(R"({{"status":"error","errorType":"bad_data","error":"{}"}})", why));
}

void write_sample(std::string& out, Timestamp at, double value) {
    const auto ms = at.time_since_epoch().count();
    std::array<char, 64> digits{};  // the shortest that reads back as the same
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed).ptr;
    out += fmt::format("[{}.{:03},\"{}\"]", ms / 1000, ms % 1000,
                       std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
}

std::string write_answer(const std::vector<PromSeries>& all, bool matrix) {
    std::string out =
        fmt::format(R"({{"status":"success","data":{{"resultType":"{}","result":[)", matrix ? "matrix" : "vector");
    bool first = true;
    for (const auto& series : all) {
        if (series.points.empty()) {
            continue;
        }
        out += first ? "{\"metric\":{" : ",{\"metric\":{";
        first = false;
        for (std::size_t i = 0; i < series.labels.size(); ++i) {
            out += fmt::format("{}\"{}\":\"{}\"", i == 0 ? "" : ",", series.labels[i].first, series.labels[i].second);
        }
        out += matrix ? "},\"values\":[" : "},\"value\":";
        if (matrix) {
            for (std::size_t i = 0; i < series.points.size(); ++i) {
                out += i == 0 ? "" : ",";
                write_sample(out, series.points[i].first, series.points[i].second);
            }
            out += "]}";
        } else {
            write_sample(out, series.points.back().first, series.points.back().second);
            out += "}";
        }
    }
    return out + "]}}";
}

std::optional<Reply> answer(const Request& request, World& world) {
    const auto* http = std::get_if<HttpRequest>(&request);
    if (http == nullptr || !http->url.starts_with(host)) {
        return std::nullopt;
    }
    if (!world.prometheus_up()) {
        Reply reply;
        reply.ending = NotStarted{"nothing listens at prometheus.shop.test:9090 (connection refused)"};
        return reply;
    }
    constexpr int ok = 200;
    constexpr int not_found = 404;
    const auto [path, parameters] = split_url(std::string_view(http->url).substr(host.size()));
    const auto query = read_query(url_parameter(parameters, "query"));
    if (path == "/api/v1/query") {
        return !query ? refused("this query is not part of the drill")
                      : says_http(ok, write_answer(
                                          ask_at(world, *query, url_moment(parameters, "time").value_or(world.now())),
                                          query->range && !query->rate));
    }
    if (path != "/api/v1/query_range") {
        return says_http(not_found, "404 page not found\n");
    }
    const auto start = url_moment(parameters, "start");
    const auto end = url_moment(parameters, "end");
    const auto step = base::number<int>(url_parameter(parameters, "step"));
    if (!query || (query->range && !query->rate) || !start || !end || !step || *step <= 0 || *end < *start) {
        return refused("this query is not part of the drill");
    }
    return says_http(ok, write_answer(ask_range(world, *query, *start, *end, Milliseconds{*step * 1000}), true));
}

}  // namespace

const Tool prometheus_tool{"prometheus", answer};

}  // namespace memrb::drill
