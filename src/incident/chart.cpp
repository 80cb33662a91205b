#include "incident/report_text.h"

#include <fmt/core.h>
#include <algorithm>
#include <cmath>

namespace memrb::incident {

namespace {

constexpr double width = 960;
constexpr double height = 360;
constexpr double left = 76;
constexpr double right = 16;
constexpr double top = 34;
constexpr double bottom = 44;
constexpr std::size_t most_points = 600;
constexpr double gap_factor = 3.5;  ///< so many usual distances without a sample are a gap

constexpr std::string_view style = R"(<style>
.c-ink{fill:#1b1f24}.c-faint{fill:#5b6570}.c-grid{stroke:#d0d7de}.c-used{stroke:#0b62c4;fill:none;stroke-width:2}
.c-dot{fill:#0b62c4}.c-limit{stroke:#b3261e;fill:none;stroke-width:1.6;stroke-dasharray:7 4}.c-gap{fill:#8a94a0;opacity:.16}
.c-watch{fill:#f2c94c;opacity:.16}.c-warning{fill:#f2994a;opacity:.18}.c-high{fill:#eb7a3c;opacity:.22}.c-critical,.c-oom{fill:#d93025;opacity:.18}
.c-mark{stroke-width:1.4}.c-k-oom{stroke:#b3261e}.c-k-restart{stroke:#7b3fb5}.c-k-revision{stroke:#0f766e}.c-k-step{stroke:#5b6570;stroke-dasharray:3 3}
.c-text{font:12px system-ui,sans-serif}
@media (prefers-color-scheme:dark){.c-ink{fill:#e3e8ee}.c-faint{fill:#98a4b0}.c-grid{stroke:#38414b}.c-used{stroke:#6cb2ff}.c-dot{fill:#6cb2ff}
.c-limit{stroke:#ff8a80}.c-k-oom{stroke:#ff8a80}.c-k-restart{stroke:#c9a0f0}.c-k-revision{stroke:#5eead4}.c-k-step{stroke:#98a4b0}}
@media print{.c-ink{fill:#000}.c-used{stroke:#000}}
</style>)";

double seconds_of(Timestamp at) {
    return to_unix_seconds(at);
}

bool has_value(const Point& point) {
    return std::isfinite(point.value) && point.value >= 0;
}

// Lowest and highest of each stretch, so that a peak stays one. A gap stays a gap.
std::vector<Point> thinned(const std::vector<Point>& points) {
    if (points.size() <= most_points) {
        return points;
    }
    std::vector<Point> kept;
    const std::size_t step = (2 * points.size() + most_points - 1) / most_points;
    for (std::size_t from = 0; from < points.size(); from += step) {
        const auto begin = points.begin() + static_cast<std::ptrdiff_t>(from);
        const auto end = points.begin() + static_cast<std::ptrdiff_t>(std::min(points.size(), from + step));
        const auto gap = std::find_if_not(begin, end, has_value);
        if (gap != end) {
            kept.push_back(*gap);
            continue;
        }
        auto [low, high] =
            std::minmax_element(begin, end, [](const Point& a, const Point& b) { return a.value < b.value; });
        kept.push_back(low < high ? *low : *high);
        if (low != high) {
            kept.push_back(low < high ? *high : *low);
        }
    }
    return kept;
}

double usual_distance(const std::vector<Point>& points) {
    std::vector<double> distances;
    for (std::size_t i = 1; i < points.size(); ++i) {
        distances.push_back(seconds_of(points[i].at) - seconds_of(points[i - 1].at));
    }
    if (distances.empty()) {
        return 0;
    }
    const auto middle = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
    std::nth_element(distances.begin(), middle, distances.end());
    return *middle;
}

class Chart {
public:
    Chart(const ChartData& data, std::string_view title) : data_(data), points_(thinned(data.used)), title_(title) {}

    std::string run() {
        if (!measure()) {
            return {};
        }
        begin();
        bands();
        grid();
        usage();
        limits();
        marks();
        svg_ += "</svg>";
        return std::move(svg_);
    }

private:
    bool measure() {
        std::size_t values = 0;
        double most = 0;
        for (const auto& point : points_) {
            if (has_value(point)) {
                most = std::max(most, point.value);
                ++values;
            }
        }
        if (values == 0) {
            return false;
        }
        from_ = seconds_of(points_.front().at);
        until_ = seconds_of(points_.back().at);
        for (const auto& mark : data_.marks) {
            const double at = seconds_of(mark.at);
            // One long before the samples would press them together.
            from_ = at > from_ - 0.25 * (until_ - from_) ? std::min(from_, at) : from_;
            until_ = std::max(until_, at);
        }
        for (const auto& limit : data_.limit) {
            most = std::max(most, limit.value);
        }
        until_ = std::max(until_, from_ + 60);
        most_ = std::max(most * 1.08, 1.0);
        return true;
    }

    [[nodiscard]] double x(double seconds) const {
        return left + (width - left - right) * std::clamp((seconds - from_) / (until_ - from_), 0.0, 1.0);
    }
    [[nodiscard]] double y(double bytes) const {
        return height - bottom - (height - top - bottom) * std::clamp(bytes / most_, 0.0, 1.0);
    }

    void begin() {
        svg_ = fmt::format(
            R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {:.0f} {:.0f}" role="img" aria-labelledby="chart-title">)",
            width, height);
        svg_ += fmt::format("<title id=\"chart-title\">{}</title>", html_text(title_));
        svg_ += style;
        svg_ += fmt::format(R"(<text class="c-text c-ink" x="{:.0f}" y="18">{}</text>)", left, html_text(title_));
    }

    // Of the limit that holds last.
    void bands() {
        if (data_.limit.empty()) {
            return;
        }
        const double limit = data_.limit.back().value;
        for (std::size_t i = 0; i < data_.thresholds.size(); ++i) {
            const auto& threshold = data_.thresholds[i];
            const double next = i + 1 < data_.thresholds.size() ? data_.thresholds[i + 1].at : 1.0;
            const double high = y(next * limit);
            const double low = y(threshold.at * limit);
            if (low - high > 0.5) {
                svg_ += fmt::format(
                    R"(<rect class="c-{}" x="{:.0f}" y="{:.1f}" width="{:.0f}" height="{:.1f}"><title>{} from {}</title></rect>)",
                    to_string(threshold.level), left, high, width - left - right, low - high,
                    to_string(threshold.level), format_percent(threshold.at));
            }
        }
    }

    void grid() {
        constexpr double most_rows = 5;
        const double step = std::max(1.0, std::exp2(std::ceil(std::log2(most_ / most_rows))));  // 128 MiB, 256 MiB
        for (double bytes = 0; bytes <= most_; bytes += step) {
            svg_ += fmt::format(
                R"(<line class="c-grid" x1="{0:.0f}" x2="{1:.0f}" y1="{2:.1f}" y2="{2:.1f}"/><text class="c-text c-faint" x="{3:.0f}" y="{4:.1f}" text-anchor="end">{5}</text>)",
                left, width - right, y(bytes), left - 6, y(bytes) + 4, format_bytes(static_cast<Bytes>(bytes)));
        }
        constexpr int columns = 5;
        const bool days = until_ - from_ > 86'400;
        for (int i = 0; i <= columns; ++i) {
            const double at = from_ + (until_ - from_) * i / columns;
            const std::string text = format_rfc3339(from_unix_seconds(std::floor(at)));
            const std::string shown =
                (days ? text.substr(5, 5) + " " : "") + text.substr(11, until_ - from_ < 600 ? 8 : 5) + "Z";
            const std::string_view anchor = i == 0 ? "start" : i == columns ? "end" : "middle";
            svg_ += fmt::format(R"(<text class="c-text c-faint" x="{:.1f}" y="{:.0f}" text-anchor="{}">{}</text>)",
                                x(at), height - bottom + 18, anchor, shown);
        }
    }

    void usage() {
        const double usual = usual_distance(points_);
        std::string line;
        std::size_t count = 0;
        const Point* last = nullptr;
        const auto finish = [&] {
            if (count == 1 && last != nullptr) {
                svg_ += fmt::format(R"(<circle class="c-dot" cx="{:.1f}" cy="{:.1f}" r="2.5"/>)",
                                    x(seconds_of(last->at)), y(last->value));
            } else if (count > 1) {
                svg_ += "<polyline class=\"c-used\" points=\"" + line + "\"/>";
            }
            line.clear();
            count = 0;
        };
        for (const auto& point : points_) {
            if (!has_value(point)) {
                finish();
                continue;
            }
            const double at = seconds_of(point.at);
            if (last != nullptr && (count == 0 || at - seconds_of(last->at) > gap_factor * std::max(usual, 1.0))) {
                finish();
                gap(seconds_of(last->at), at);
            }
            line += fmt::format("{:.1f},{:.1f} ", x(at), y(point.value));
            ++count;
            last = &point;
        }
        finish();
    }

    void gap(double from, double until) {
        svg_ += fmt::format(
            R"(<rect class="c-gap" x="{:.1f}" y="{:.0f}" width="{:.1f}" height="{:.0f}"><title>no data for {}</title></rect>)",
            x(from), top, x(until) - x(from), height - top - bottom,
            format_duration(Milliseconds(static_cast<std::int64_t>((until - from) * 1000))));
    }

    void limits() {
        if (data_.limit.empty()) {
            return;
        }
        std::string line = fmt::format("{:.0f},{:.1f} ", left, y(data_.limit.front().value));
        double before = data_.limit.front().value;
        for (const auto& limit : data_.limit) {
            if (limit.value != before) {
                const double at = x(seconds_of(limit.at));
                line += fmt::format("{0:.1f},{1:.1f} {0:.1f},{2:.1f} ", at, y(before), y(limit.value));
                before = limit.value;
            }
        }
        line += fmt::format("{:.0f},{:.1f}", width - right, y(before));
        svg_ += fmt::format(R"(<polyline class="c-limit" points="{}"><title>limit</title></polyline>)", line);
        svg_ += fmt::format(R"(<text class="c-text c-ink" x="{:.0f}" y="{:.1f}" text-anchor="end">limit {}</text>)",
                            width - right, y(before) - 5, format_bytes(static_cast<Bytes>(before)));
    }

    void marks() {
        constexpr std::array<std::string_view, 4> kinds{"oom", "restart", "revision", "step"};
        constexpr std::array<std::string_view, 4> signs{"✕", "↻", "◆", "▸"};
        for (const auto& mark : data_.marks) {
            const double at = seconds_of(mark.at);
            if (at < from_ || at > until_) {
                continue;
            }
            const auto kind = static_cast<std::size_t>(mark.kind);
            svg_ += fmt::format(
                R"(<g><title>{0} at {1}</title><line class="c-mark c-k-{2}" x1="{3:.1f}" x2="{3:.1f}" y1="{4:.0f}" y2="{5:.0f}"/><text class="c-text c-ink" x="{3:.1f}" y="{6:.0f}" text-anchor="middle">{7}</text></g>)",
                html_text(mark.label), format_rfc3339(mark.at), kinds.at(kind), x(at), top, height - bottom, top - 3,
                signs.at(kind));
        }
        svg_ += fmt::format(
            R"(<text class="c-text c-faint" x="{:.0f}" y="{:.0f}">memory in use; ✕ OOM kill  ↻ restart  ◆ revision  ▸ step; grey: no data; bands: thresholds</text>)",
            left, height - 8);
    }

    const ChartData& data_;
    std::vector<Point> points_;
    std::string_view title_;
    std::string svg_;
    double from_ = 0;
    double until_ = 1;
    double most_ = 1;
};

}  // namespace

std::string draw_chart(const ChartData& data, const std::string& title) {
    return Chart(data, title).run();
}

}  // namespace memrb::incident
