#include "openmetrics.h"

#include <fmt/core.h>
#include <cmath>
#include <cstdlib>
#include <fstream>

namespace memrb::bench {

namespace {

std::string sample(const std::string& metric, const std::string& labels, Timestamp at, const std::string& value) {
    const auto milliseconds = at.time_since_epoch().count();
    return fmt::format("{}{} {} {}.{:03}\n", metric, labels, value, milliseconds / 1000, milliseconds % 1000);
}

// A service counts its requests; how many there are in a second is for Prometheus to say.
std::string counted(const std::string& labels, const std::vector<Point>& rates, Milliseconds shift) {
    std::string text;
    double sum = 0;
    for (std::size_t i = 0; i < rates.size(); ++i) {
        const auto since = i > 0 ? rates[i].at - rates[i - 1].at : Milliseconds{0};
        sum += std::isnan(rates[i].value) ? 0 : rates[i].value * static_cast<double>(since.count()) / 1000;
        if (!std::isnan(rates[i].value)) {
            text += sample(OpenMetrics::load_metric, labels, rates[i].at + shift, fmt::format("{:.0f}", sum));
        }
    }
    return text;
}

}  // namespace

void OpenMetrics::add(const std::string& name, const Incident& incident) {
    std::size_t number = 0;
    const Milliseconds shift = end_ - incident.now;
    for (const auto& reading : incident.readings) {
        const auto* series = std::get_if<SeriesReading>(&reading);
        if (series != nullptr && series->role == SeriesRole::load) {
            const std::string labels = fmt::format(R"({{instance="app:8080",name="{}"}})", name);
            lines_[load_metric].push_back(counted(labels, series->points, shift));
        }
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
        const double moved = series->role == SeriesRole::start_time ? static_cast<double>(shift.count()) / 1000 : 0;
        std::string text;
        for (const Point& point : series->points) {
            text += sample(series->metric, labels, point.at + shift,
                           std::isnan(point.value) ? "NaN" : fmt::format("{:.0f}", point.value + moved));
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
