#include "openmetrics.h"

#include <fmt/core.h>
#include <cmath>
#include <cstdlib>
#include <fstream>

namespace memrb::bench {

void OpenMetrics::add(const std::string& name, const Incident& incident) {
    std::size_t number = 0;
    for (const auto& reading : incident.readings) {
        const auto* series = std::get_if<SeriesReading>(&reading);
        if (series == nullptr || series->metric.rfind("container_", 0) != 0) {
            continue;
        }
        std::string id = "/docker/" + name;
        std::string image;
        for (const auto& [key, value] : series->labels) {
            id += key == "id" ? value.substr(value.size() - 8) : "";
            image = key == "image" ? value : image;
        }
        const std::string labels = fmt::format(R"({{id="{}",image="{}",name="{}"}})", id, image, name);
        const Milliseconds shift = end_ - incident.now;
        const double moved = series->role == SeriesRole::start_time ? static_cast<double>(shift.count()) / 1000 : 0;
        std::string text;
        for (const Point& point : series->points) {
            const Timestamp at = point.at + shift;
            const auto milliseconds = at.time_since_epoch().count();
            const std::string value = std::isnan(point.value) ? "NaN" : fmt::format("{:.0f}", point.value + moved);
            text += fmt::format("{}{} {} {}.{:03}\n", series->metric, labels, value, milliseconds / 1000,
                                milliseconds % 1000);
        }
        lines_[series->metric].push_back(std::move(text));
        ++number;
    }
    if (number == 0) {
        fmt::print(stderr, "{} has no series\n", name);
        std::exit(1);
    }
}

void OpenMetrics::write(const std::string& path) const {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    for (const auto& [metric, series] : lines_) {
        file << "# TYPE " << metric << " unknown\n";
        for (const std::string& one : series) {
            file << one;
        }
    }
    file << "# EOF\n";
    file.close();
    if (!file) {
        fmt::print(stderr, "cannot write {}\n", path);
        std::exit(1);
    }
}

std::string truth_line(const std::string& name, const Incident& incident, bool reported) {
    const Truth& truth = incident.plan.truth;
    return fmt::format(R"({{"name":"{}","family":"{}","grows":{},"insufficient":{},"library":{}}})", name,
                       incident.plan.family, truth.grows, truth.insufficient, reported);
}

}  // namespace memrb::bench
