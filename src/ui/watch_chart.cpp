#include "ui/watch_chart.h"

#include "ui/sparkline.h"
#include "ui/words.h"

#include <fmt/core.h>
#include <algorithm>
#include <cmath>

namespace memrb::ui {

namespace {

constexpr std::size_t label_columns = 8;  // `  80 % |`

struct Band {
    double from = 0;
    double to = 1;
    Level level = Level::ok;
};

std::vector<Band> bands_of(const std::vector<Threshold>& thresholds) {
    std::vector<Band> bands{{0, 1, Level::ok}};
    for (const auto& threshold : thresholds) {
        if (threshold.at > bands.back().from && threshold.at < 1) {
            bands.back().to = threshold.at;
            bands.push_back({threshold.at, 1, threshold.level});
        }
    }
    return bands;
}

std::string row_of(const Band& band, const std::vector<double>& cells, bool lowest, const Style& style) {
    std::string row;
    for (const double value : cells) {
        if (std::isnan(value)) {
            row += lowest ? spark_gap(style.utf8) : " ";
        } else if (value <= band.from && !(lowest && value >= 0)) {
            row += " ";
        } else {
            row += spark_bar((value - band.from) / (band.to - band.from), style.utf8);
        }
    }
    row.erase(row.find_last_not_of(' ') + 1);
    return row;
}

}  // namespace

std::vector<std::string> watch_chart(std::span<const Point> ratios, const std::vector<Threshold>& thresholds,
                                     std::size_t width, const Style& style) {
    const std::vector<double> cells =
        spark_cells(ratios, width > label_columns ? width - label_columns : std::size_t{1});
    std::vector<std::string> rows;
    const auto bands = bands_of(thresholds);
    for (auto band = bands.rbegin(); band != bands.rend(); ++band) {
        const bool lowest = band->from <= 0;
        const std::string label = fmt::format("{:>6} |", threshold_percent(band->from));
        rows.push_back(label +
                       paint(style, lowest ? Paint::none : paint_of(band->level), row_of(*band, cells, lowest, style)));
    }
    return rows;
}

}  // namespace memrb::ui
