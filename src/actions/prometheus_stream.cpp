#include "actions/prometheus_stream.h"

#include "actions/json_get.h"
#include "actions/prometheus_answer.h"

#include <charconv>
#include <optional>

namespace memrb::actions {

namespace {

constexpr std::size_t longest_frame = 1U << 20U;    // labels and samples are not in it
constexpr std::size_t longest_series = 16U << 20U;  // 11,000 points at most, as Prometheus allows, are 0.5 MiB
constexpr std::size_t deepest = 64;

/// A place in a text that is one whole JSON value. Every step says whether it fitted.
class Cursor {
public:
    explicit Cursor(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

    [[nodiscard]] const char* place() const { return at_; }

    bool take(char wanted) {
        skip_space();
        if (at_ == end_ || *at_ != wanted) {
            return false;
        }
        ++at_;
        return true;
    }

    /// The raw bytes between quotes.
    std::optional<std::string_view> string() {
        if (!take('"')) {
            return std::nullopt;
        }
        const char* begin = at_;
        while (at_ != end_ && *at_ != '"') {
            at_ += *at_ == '\\' && end_ - at_ > 1 ? 2 : 1;
        }
        if (at_ == end_) {
            return std::nullopt;
        }
        return std::string_view(begin, static_cast<std::size_t>(at_++ - begin));
    }

    std::optional<double> number() {
        skip_space();
        double value = 0;
        const auto [end, error] = std::from_chars(at_, end_, value);
        if (error != std::errc{}) {
            return std::nullopt;
        }
        at_ = end;
        return value;
    }

    /// Passes over any value and gives its bytes.
    std::optional<std::string_view> value() {
        skip_space();
        const char* begin = at_;
        std::size_t depth = 0;
        while (at_ != end_) {
            if (*at_ == '"') {
                if (!string()) {
                    return std::nullopt;
                }
            } else if (*at_ == '{' || *at_ == '[') {
                ++depth;
                ++at_;
            } else if (*at_ == '}' || *at_ == ']') {
                if (depth == 0) {
                    break;  // the end of what it stands in
                }
                --depth;
                ++at_;
            } else if (*at_ == ',' && depth == 0) {
                break;
            } else {
                ++at_;
            }
            if (depth == 0 && (at_[-1] == '}' || at_[-1] == ']')) {
                break;
            }
        }
        return depth == 0 && at_ != begin
                   ? std::optional(std::string_view(begin, static_cast<std::size_t>(at_ - begin)))
                   : std::nullopt;
    }

private:
    void skip_space() {
        while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r')) {
            ++at_;
        }
    }

    const char* at_;
    const char* end_;
};

// `[1669089600.5,"1.2e+07"]`
bool read_sample(Cursor& cursor, std::vector<Point>& points) {
    constexpr double latest = 253'402'300'800.0;  // the year 10000
    if (!cursor.take('[')) {
        return false;
    }
    const auto at = cursor.number();
    if (!at || !(*at >= 0 && *at < latest) || !cursor.take(',')) {
        return false;
    }
    const auto text = cursor.string();
    const auto value = text ? read_sample_value(*text) : std::nullopt;
    if (!value || !cursor.take(']')) {
        return false;
    }
    points.push_back({from_unix_seconds(*at), *value});
    return true;
}

bool read_samples(Cursor& cursor, std::vector<Point>& points) {
    if (!cursor.take('[')) {
        return false;
    }
    if (cursor.take(']')) {
        return true;
    }
    do {
        if (!read_sample(cursor, points)) {
            return false;
        }
    } while (cursor.take(','));
    return cursor.take(']');
}

bool read_labels(std::string_view object, SeriesReading& series) {
    const auto labels = read_json(object);
    if (!labels || !labels->is_object()) {
        return false;
    }
    for (const auto& [name, value] : labels->items()) {
        if (!value.is_string()) {
            return false;
        }
        if (name == "__name__") {
            series.metric = value.get_ref<const std::string&>();
        } else {
            series.labels.emplace_back(name, value.get_ref<const std::string&>());
        }
    }
    return true;
}

std::optional<SeriesReading> read_series(std::string_view text, std::size_t usual_points) {
    Cursor cursor(text);
    SeriesReading series;
    series.points.reserve(usual_points);
    if (!cursor.take('{')) {
        return std::nullopt;
    }
    do {
        const auto key = cursor.string();
        if (!key || !cursor.take(':')) {
            return std::nullopt;
        }
        if (*key == "values") {
            if (!read_samples(cursor, series.points)) {
                return std::nullopt;
            }
        } else if (*key == "value") {
            if (!read_sample(cursor, series.points)) {
                return std::nullopt;
            }
        } else {
            const auto value = cursor.value();
            if (!value || (*key == "metric" && !read_labels(*value, series))) {
                return std::nullopt;
            }
        }
    } while (cursor.take(','));
    return cursor.take('}') ? std::optional(std::move(series)) : std::nullopt;
}

}  // namespace

bool PrometheusStream::feed(std::string_view bytes) {
    while (!bytes.empty() && !broken_) {
        if (in_result_) {
            bytes.remove_prefix(take_result(bytes));
        } else {
            take_frame(bytes.front());
            bytes.remove_prefix(1);
        }
    }
    return !broken_;
}

void PrometheusStream::take_frame(char c) {
    frame_ += c;
    broken_ = frame_.size() > longest_frame || depth_ > deepest;
    if (in_string_) {
        in_string_ = escaped_ || c != '"';
        escaped_ = !escaped_ && c == '\\';
        if (in_string_) {
            word_ += c;
        }
        return;
    }
    switch (c) {
        case '"':
            in_string_ = true;
            word_.clear();
            break;
        case ':':
            keys_.resize(depth_ + 1);
            keys_[depth_] = word_;
            break;
        case '[':
            in_result_ = depth_ == 2 && keys_.size() == 3 && keys_[1] == "data" && keys_[2] == "result";
            if (in_result_) {
                depth_ = 0;  // from here on it counts inside of a series
                break;
            }
            ++depth_;
            break;
        case '{': ++depth_; break;
        case '}':
        case ']': depth_ -= depth_ > 0 ? 1 : 0; break;
        default: break;
    }
}

std::size_t PrometheusStream::take_result(std::string_view bytes) {
    std::size_t begin = 0;  // of the present series, if it began in these bytes
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (in_string_) {
            in_string_ = escaped_ || c != '"';
            escaped_ = !escaped_ && c == '\\';
        } else if (c == '"' && depth_ > 0) {
            in_string_ = true;
        } else if (c == '{' || c == '[') {
            begin = depth_ == 0 ? i : begin;
            ++depth_;
        } else if (c == '}' || c == ']') {
            if (depth_ == 0) {  // the end of all series
                in_result_ = false;
                depth_ = 2;
                frame_ += c;
                return i + 1;
            }
            --depth_;
            if (depth_ == 0 && !hand_on(bytes.substr(begin, i + 1 - begin))) {
                broken_ = true;
                return i + 1;
            }
            begin = depth_ == 0 ? i + 1 : begin;
        }
    }
    if (depth_ > 0) {
        pending_.append(bytes.substr(begin));
        broken_ = pending_.size() > longest_series;
    }
    return bytes.size();
}

bool PrometheusStream::hand_on(std::string_view series) {
    if (!pending_.empty()) {
        pending_.append(series);
        series = pending_;
    }
    auto read = read_series(series, series.size() / 24);  // the bytes of a short sample
    pending_.clear();
    if (!read) {
        return false;
    }
    if (!read->points.empty()) {
        on_series_(*std::move(read));
    }
    return true;
}

Result<std::vector<std::string>> PrometheusStream::finish() {
    auto frame = read_prometheus_answer(frame_);
    if (!frame) {
        return tl::unexpected(std::move(frame.error()));
    }
    if (broken_) {
        return fail(Fault::no_data, "not a Prometheus answer: its series are malformed",
                    "is the address that of Prometheus itself?");
    }
    return std::move(frame->warnings);
}

}  // namespace memrb::actions
