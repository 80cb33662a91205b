#include "incident.h"

#include <algorithm>
#include <cmath>

namespace memrb::bench {

namespace {

constexpr double mib = 1048576;

Timestamp window_end() {
    return Timestamp{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + std::chrono::hours{12}};
}

class NoiseSource {
public:
    NoiseSource(const Plan& plan, Random& random) : plan_(plan), random_(random), last_(draw()) {}
    double next() {
        last_ = plan_.rho * last_ + std::sqrt(1 - plan_.rho * plan_.rho) * draw();
        return plan_.scatter * last_;
    }

private:
    double draw() { return plan_.heavy ? random_.heavy() : random_.normal(); }

    const Plan& plan_;
    Random& random_;
    double last_;
};

double last_start(const Plan& plan, double hours) {
    double start = plan.starts.front();
    for (const double one : plan.starts) {
        start = one <= hours ? one : start;
    }
    return start;
}

struct Sink {
    const Plan& plan;
    std::vector<Reading>& readings;

    void add(SeriesRole role, std::string metric, std::vector<Point> points, std::string id, std::string image) {
        SeriesReading series;
        series.role = role;
        series.metric = std::move(metric);
        series.labels = {{"id", std::move(id)}, {"name", "backend"}, {"image", std::move(image)}};
        series.points = std::move(points);
        series.raw = true;
        readings.emplace_back(std::move(series));
    }
};

// A quantity beside the working set, on a grid of its own of at least a minute.
std::vector<Point> sampled(const Plan& plan, const std::function<Timestamp(double)>& at,
                           const std::function<double(double)>& value) {
    std::vector<Point> points;
    const double step = std::max(plan.step, 60.0) / 3600;
    for (double h = 0; h <= plan.hours + 1e-9; h += step) {
        const bool in_gap = plan.gap && h > (*plan.gap)[0] && h < (*plan.gap)[1];
        if (!in_gap) {
            points.push_back({at(h), value(h)});
        }
    }
    return points;
}

}  // namespace

Incident realise(Plan plan, Random& random, double future_spans) {
    Incident incident;
    incident.plan = std::move(plan);
    const Plan& made = incident.plan;
    const auto at = [&](double h) { return window_end() + Milliseconds{std::llround((h - made.hours) * 3.6e6)}; };
    incident.now = window_end() + Milliseconds{1000};

    const std::string old_id = "/docker/" + std::string(64, 'a');
    const std::string new_id = "/docker/" + std::string(64, 'b');
    const double change = made.revised ? made.starts[*made.revised] : -1e9;
    NoiseSource noise(made, random);
    std::vector<Point> before;
    std::vector<Point> points;
    std::vector<double> drawn;  // MiB, of every step in the window, lost or not
    const auto count = static_cast<std::int64_t>(made.hours * 3600 / made.step + 1e-6);
    const auto future = static_cast<std::int64_t>(future_spans * static_cast<double>(count));
    for (std::int64_t i = 0; i <= count + future; ++i) {
        const double h = static_cast<double>(i) * made.step / 3600;
        const double value = std::max(made.level(h, h - last_start(made, h)) + noise.next(), 1.0);
        if (i > count) {
            incident.afterwards.push_back(value);
            if (!incident.seconds_to_limit && made.limit > 0 && value >= made.limit) {
                incident.seconds_to_limit = (h - made.hours) * 3600;
            }
            continue;
        }
        drawn.push_back(value);
        const bool in_gap = made.gap && h > (*made.gap)[0] && h < (*made.gap)[1];
        if (in_gap || (i > 0 && i < count && random.chance(made.lost))) {
            continue;
        }
        const double held = made.limit > 0 ? std::min(value, made.limit) : value;
        const double bytes = std::floor(held * mib / made.quantum) * made.quantum;
        const bool broken = i > 0 && i < count && random.chance(made.nan);
        auto& side = h < change ? before : points;
        side.push_back({at(h), broken ? std::numeric_limits<double>::quiet_NaN() : bytes});
        if (!broken) {
            incident.memory.push_back({at(h), bytes});
        }
    }

    Sink sink{made, incident.readings};
    const std::string metric = "container_memory_working_set_bytes";
    const std::string id = made.revised ? new_id : old_id;
    if (made.revised) {
        sink.add(SeriesRole::memory, metric, std::move(before), old_id, "backend:1");
    }
    const std::string image = made.revised ? "backend:2" : "backend:1";
    sink.add(SeriesRole::memory, metric, std::move(points), id, image);
    const double level = made.level(0, -made.starts.front());
    const auto value_at = [&](double h) {
        return drawn[std::min(static_cast<std::size_t>(std::llround(h * 3600 / made.step)), drawn.size() - 1)];
    };
    const auto file = [&](double h) { return made.file ? made.file(h) : 0.05 * level; };
    const auto idle = [&](double h) { return made.idle_file ? made.idle_file(h) : 0.1 * level; };
    const auto measured = [&](SeriesRole role, const std::string& name, const std::function<double(double)>& value) {
        sink.add(role, name, sampled(made, at, value), id, image);
    };
    measured(SeriesRole::anon, "container_memory_rss",
             [&](double h) { return std::max(value_at(h) - file(h), 1.0) * mib; });
    measured(SeriesRole::file, "container_memory_cache",
             [&](double h) { return std::max(file(h) + idle(h) + 0.2 * random.normal(), 0.0) * mib; });
    measured(SeriesRole::usage, "container_memory_usage_bytes",
             [&](double h) { return std::max(value_at(h) + idle(h), 1.0) * mib; });
    measured(SeriesRole::start_time, "container_start_time_seconds",
             [&](double h) { return to_unix_seconds(at(last_start(made, h))); });
    if (made.limit > 0) {
        measured(SeriesRole::limit, "container_spec_memory_limit_bytes",
                 [&](double) { return std::floor(made.limit * mib); });
    }
    if (made.load) {
        measured(SeriesRole::load, "http_requests",
                 [&](double h) { return std::max(made.load(h), 0.0) * std::exp(0.05 * random.normal()); });
    }
    if (made.descriptors) {
        measured(SeriesRole::descriptors, "container_sockets",
                 [&](double h) { return std::floor(made.descriptors(h)); });
    }

    incident.target.name = "backend";
    incident.target.platform = Platform::docker;
    incident.target.id = made.revised ? std::string(64, 'b') : std::string(64, 'a');
    incident.target.started_at = at(last_start(made, made.hours));
    incident.target.image = image;
    incident.target.compose = ComposeRef{"shop", "backend", "/srv", {}};
    incident.target.limit = made.limit > 0 ? Limit{static_cast<Bytes>(made.limit * mib)} : Limit{NoLimit{}};
    return incident;
}

}  // namespace memrb::bench
