#include "actions/prometheus_answer.h"

#include "actions/ending.h"
#include "actions/google_complaint.h"
#include "actions/json_get.h"
#include "actions/promql_text.h"
#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace memrb::actions {

namespace {

// Reads the answer as it comes, without a tree of it: a matrix of 100,000 samples is mostly short strings.
// Every method is called by the parser; returning false ends it.
class AnswerReader : public nlohmann::json_sax<Json> {
public:
    bool null() override { return scalar(); }
    bool boolean(bool /*value*/) override { return scalar(); }
    bool number_integer(number_integer_t value) override { return number(static_cast<double>(value)); }
    bool number_unsigned(number_unsigned_t value) override { return number(static_cast<double>(value)); }
    bool number_float(number_float_t value, const string_t& /*text*/) override { return number(value); }
    bool binary(binary_t& /*value*/) override { return false; }

    bool string(string_t& value) override {
        switch (place()) {
            case Place::root:
                if (key_ == "status") {
                    status = std::move(value);
                } else if (key_ == "error") {
                    error = std::move(value);
                } else if (key_ == "errorType") {
                    error_type = std::move(value);
                }
                return true;
            case Place::data:
                if (key_ == "resultType") {
                    result_type = std::move(value);
                }
                return true;
            case Place::labels: return label(std::move(value));
            case Place::sample:
            case Place::result: return sample_value(value);
            case Place::values: return false;
            case Place::warnings: answer.warnings.push_back(base::printable(value)); return true;
            default: return true;
        }
    }

    bool start_object(std::size_t /*size*/) override {
        switch (place()) {
            case Place::nothing: return enter(Place::root);
            case Place::root: return enter(key_ == "data" ? Place::data : Place::skipped);
            case Place::result: answer.series.emplace_back(); return enter(Place::series);
            case Place::series: return enter(key_ == "metric" ? Place::labels : Place::skipped);
            case Place::sample: return false;
            default: return enter(Place::skipped);
        }
    }

    bool start_array(std::size_t /*size*/) override {
        switch (place()) {
            case Place::nothing: return false;
            case Place::root: return enter(key_ == "warnings" ? Place::warnings : Place::skipped);
            case Place::data: return enter(key_ == "result" ? Place::result : Place::skipped);
            case Place::series:
                sampled_ = false;
                return enter(key_ == "values" ? Place::values : key_ == "value" ? Place::sample : Place::skipped);
            case Place::values: sampled_ = false; return enter(Place::sample);
            case Place::sample: return false;
            default: return enter(Place::skipped);
        }
    }

    bool end_object() override { return leave(); }
    bool end_array() override { return leave(); }

    bool key(string_t& value) override {
        key_ = std::move(value);
        return true;
    }

    bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                     const nlohmann::detail::exception& /*error*/) override {
        return false;
    }

    PrometheusAnswer answer;
    std::string status, error, error_type, result_type;
    bool had_result = false;

private:
    enum class Place { nothing, root, data, result, series, labels, values, sample, warnings, skipped };

    static constexpr std::size_t deepest = 64;

    [[nodiscard]] Place place() const { return places_.empty() ? Place::nothing : places_.back(); }

    bool enter(Place next) {
        had_result = had_result || next == Place::result;
        places_.push_back(next);
        return places_.size() <= deepest;
    }

    // A sample is complete when it ends: a time without a value is none.
    bool leave() {
        const bool incomplete = time_.has_value() || (place() == Place::sample && !sampled_);
        places_.pop_back();
        return !incomplete;
    }

    [[nodiscard]] bool scalar() const { return place() != Place::sample && place() != Place::values; }

    bool label(std::string value) {
        SeriesReading& series = answer.series.back();
        if (key_ == "__name__") {
            series.metric = std::move(value);
        } else {
            series.labels.emplace_back(key_, std::move(value));
        }
        return true;
    }

    bool number(double value) {
        constexpr double latest = 253'402'300'800.0;  // the year 10000
        if (place() == Place::sample || place() == Place::result) {
            if (time_ || (place() == Place::sample && sampled_) || !(value >= 0 && value < latest)) {
                return false;
            }
            time_ = from_unix_seconds(value);
        }
        return place() != Place::values;
    }

    // The second half of `[time, "value"]`. Directly inside `result` it is a scalar.
    bool sample_value(std::string_view text) {
        const auto value = read_sample_value(text);
        if (!time_ || (!value && result_type != "string")) {
            return false;
        }
        if (value) {
            if (place() == Place::result) {
                answer.series.emplace_back();
            }
            answer.series.back().points.push_back({*time_, *value});
        }
        sampled_ = true;
        time_.reset();
        return true;
    }

    std::vector<Place> places_;
    std::string key_;
    std::optional<Timestamp> time_;  // of the sample whose value is still to come
    bool sampled_ = false;           // the present sample has its value
};

tl::unexpected<Error> not_an_answer(std::string_view why) {
    return fail(Fault::no_data, fmt::format("not a Prometheus answer: {}", why),
                "is the address that of Prometheus itself?");
}

std::size_t count_points(const std::vector<SeriesReading>& all) {
    std::size_t points = 0;
    for (const auto& series : all) {
        points += series.points.size();
    }
    return points;
}

std::string describe_value(SeriesRole role, double value) {
    const bool bytes = role == SeriesRole::memory || role == SeriesRole::limit || role == SeriesRole::usage ||
                       role == SeriesRole::anon || role == SeriesRole::file;
    constexpr double most = 1e18;
    if (bytes && value >= 0 && value < most) {
        return role == SeriesRole::limit && value == 0 ? "no limit" : format_bytes(static_cast<Bytes>(value));
    }
    return fmt::format("{:.6g}", value);
}

std::string describe_series(const std::vector<SeriesReading>& all) {
    const std::size_t points = count_points(all);
    if (all.size() == 1 && points == 1) {
        return describe_value(all.front().role, all.front().points.front().value);
    }
    const std::string samples = fmt::format("{} sample{}", points, points == 1 ? "" : "s");
    return all.size() == 1 ? samples : fmt::format("{} series, {}", all.size(), samples);
}

std::string_view label_of(const SeriesReading& series, std::string_view name) {
    for (const auto& [key, value] : series.labels) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

bool is_of_target(const SeriesReading& series, const Target& target) {
    return (!target.id.empty() && label_of(series, "id").find(target.id) != std::string_view::npos) ||
           label_of(series, "name") == target.name;
}

// A query over all containers must not be judged as the target's memory: if one series is the target's, those with
// another name are not.
void leave_only_target(const Target& target, std::vector<SeriesReading>& all) {
    const bool named =
        std::any_of(all.begin(), all.end(), [&](const SeriesReading& series) { return is_of_target(series, target); });
    for (auto& series : all) {
        if (named && !label_of(series, "name").empty() && !is_of_target(series, target)) {
            series.role = SeriesRole::other;
        }
    }
}

void assign_roles(const Params& params, std::vector<SeriesReading>& all) {
    const std::string& query = params.text("query");
    const auto told = parse_role(params.text("role"));
    const SeriesRole guessed = guess_role(query);
    for (auto& series : all) {
        series.role = told                    ? *told
                      : series.metric.empty() ? guessed
                                              : role_of_metric(series.metric).value_or(SeriesRole::other);
        if (series.metric.empty()) {
            series.metric = first_metric(query);
        }
    }
}

}  // namespace

std::optional<double> read_sample_value(std::string_view text) {
    if (text == "NaN") {
        return std::numeric_limits<double>::quiet_NaN();
    }
    if (text == "+Inf" || text == "Inf") {
        return std::numeric_limits<double>::infinity();
    }
    if (text == "-Inf") {
        return -std::numeric_limits<double>::infinity();
    }
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && !text.empty() && std::isfinite(value)
               ? std::optional(value)
               : std::nullopt;
}

Result<PrometheusAnswer> read_prometheus_answer(std::string_view body) {
    const std::string_view text = base::trim(body);
    if (text.empty()) {
        return not_an_answer("it is empty");
    }
    if (text.front() == '<') {
        return not_an_answer("it is a web page");
    }
    AnswerReader reader;
    const bool whole = Json::sax_parse(text, &reader);
    if (whole && reader.status == "error") {
        const std::string type = reader.error_type.empty() ? "" : reader.error_type + ": ";
        return fail(Fault::no_data, fmt::format("Prometheus says: {}", base::printable(type + reader.error)));
    }
    if (!whole) {
        return not_an_answer(text.front() == '{' ? "its JSON is broken off or malformed" : "it is not JSON");
    }
    if (reader.status != "success" || !reader.had_result) {
        return not_an_answer("it has no status and no result");
    }
    if (reader.result_type == "string") {
        return fail(Fault::no_data, "the query gives a text, not numbers");
    }
    std::erase_if(reader.answer.series, [](const SeriesReading& series) { return series.points.empty(); });
    return std::move(reader.answer);
}

Result<PrometheusAnswer> read_prometheus_answer(const Outcome& outcome) {
    const auto* status = std::get_if<HttpStatus>(&outcome.ending);
    if (status == nullptr) {
        return fail(Fault::no_data, failure_of(outcome, "Prometheus").value_or("no answer"));
    }
    if (outcome.out.truncated()) {
        return not_an_answer(fmt::format("{} are too long to be kept whole", format_bytes(outcome.out.total)));
    }
    auto answer = read_prometheus_answer(outcome.out.text());
    const bool own_words = !answer && answer.error().message.starts_with("Prometheus says");
    if (!outcome.ok() && !own_words) {
        return fail(Fault::no_data, failure_of(outcome, "Prometheus").value_or("no answer"));
    }
    return answer;
}

Interpretation interpret_promql(const Params& params, const ActionContext& context, const Outcome& outcome) {
    const std::string query(base::trim(params.text("query")));
    if (const auto why = context.target.cloud_run ? google_failure_of(outcome, "Cloud Monitoring") : std::nullopt) {
        return no_data(query, *why);
    }
    auto answer = read_prometheus_answer(outcome);
    if (!answer) {
        return no_data(query, answer.error().message);
    }
    Interpretation result;
    for (const auto& warning : answer->warnings) {
        result.warnings.push_back("partial: " + warning);
    }
    if (answer->series.empty()) {
        result.readings.emplace_back(NoData{query, fmt::format("no series matches {}", query)});
        return result;
    }
    assign_roles(params, answer->series);
    leave_only_target(context.target, answer->series);
    result.note = describe_series(answer->series);
    const bool raw = params.text("range").empty() || is_plain_selector(query);
    for (auto& series : answer->series) {
        series.raw = raw;
        result.readings.emplace_back(std::move(series));
    }
    return result;
}

}  // namespace memrb::actions
