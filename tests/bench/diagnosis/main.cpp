// Judges labelled incidents with memrb and with what others use, and prints one table. See README.md.
#include "diagnose.h"
#include "openmetrics.h"
#include "score.h"
#include "sizing.h"

#include <fmt/core.h>
#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>

namespace {

using namespace memrb;
using namespace memrb::bench;

struct Options {
    Split split = Split::tuning;
    std::size_t cases = 100;  // of each family
    std::string runbook = "runbooks/container-high-memory.yaml";
    std::string family;
    std::string openmetrics;  // file
    bool show = false;
    bool sizing = true;
    memory::Gates gates;
};

bool leave_out(const std::string& gate, memory::Gates& gates) {
    const std::array<std::pair<std::string_view, bool*>, 5> known{{{"remembering", &gates.remembering},
                                                                   {"sustained", &gates.sustained},
                                                                   {"step", &gates.step},
                                                                   {"saturation", &gates.saturation},
                                                                   {"doubt", &gates.doubt}}};
    bool found = false;
    for (const auto& [name, on] : known) {
        if (name == gate || gate == "all") {
            *on = false;
            found = true;
        }
    }
    return found;
}

Options parse(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        const auto value = [&] { return std::string(i + 1 < argc ? argv[++i] : ""); };
        if (word == "--final") {
            options.split = Split::final;
        } else if (word == "--cases") {
            options.cases = std::strtoul(value().c_str(), nullptr, 10);
        } else if (word == "--family") {
            options.family = value();
        } else if (word == "--openmetrics") {
            options.openmetrics = value();
        } else if (word == "--runbook") {
            options.runbook = value();
        } else if (word == "--show") {
            options.show = true;
        } else if (word == "--no-sizing") {
            options.sizing = false;
        } else if (word == "--without" && leave_out(value(), options.gates)) {
            continue;
        } else {
            fmt::print(stderr,
                       "usage: bench_diagnosis [--final] [--cases N] [--family NAME] [--show] [--no-sizing] "
                       "[--openmetrics FILE] "
                       "[--runbook FILE] [--without remembering|sustained|step|saturation|doubt|all]\n");
            std::exit(2);
        }
    }
    return options;
}

void show(std::size_t number, const Incident& incident, const Assessment& assessment) {
    const Plan& plan = incident.plan;
    const Trend& trend = assessment.trend;
    fmt::print("{:>4} {} {:.0f}h/{:.0f}s limit {:.0f} scatter {:.1f} % rho {:.3f}{}: {}: {}\n", number, plan.family,
               plan.hours, plan.step, plan.limit, 100 * plan.scatter / (plan.limit > 0 ? plan.limit : 1024), plan.rho,
               plan.heavy ? " heavy" : "", to_string(trend.verdict), trend.reason);
    if (trend.seconds_to_limit || incident.seconds_to_limit) {
        const Interval given = trend.seconds_to_limit.value_or(Interval{-1, -1, -1});
        fmt::print("       limit in {:.2f} h, said {:.2f} [{:.2f}, {:.2f}]\n",
                   incident.seconds_to_limit.value_or(-3600) / 3600, given.mid / 3600, given.low / 3600,
                   given.high / 3600);
    }
    for (std::size_t i = 0; i < std::min<std::size_t>(assessment.causes.size(), 2); ++i) {
        const RankedCause& cause = assessment.causes[i];
        fmt::print("       {} {} {}:", cause.id, cause.score, to_string(cause.confidence));
        for (const std::string& sign : cause.evidence) {
            fmt::print(" {};", sign);
        }
        fmt::print("\n");
    }
}

std::uint64_t first_seed(Split split) {
    return split == Split::tuning ? 1'000'000 : 77'000'000;
}

// All of the same window, as one scan sees them; the truth goes to stdout.
int write_openmetrics(const Options& options, const Diagnosis& diagnosis) {
    constexpr double hours = 6;
    OpenMetrics file(std::chrono::floor<std::chrono::seconds>(
        std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now())));
    for (std::size_t f = 0; f < families().size(); ++f) {
        for (std::size_t i = 0; i < options.cases; ++i) {
            Random random(first_seed(options.split) + f * 100'000 + i);
            const Incident incident = realise(make_plan(families()[f], options.split, random, hours), random, 0);
            const std::string name = fmt::format("{}-{}", families()[f], i);
            file.add(name, incident);
            fmt::print("{}\n", truth_line(name, incident, reports_growth(diagnosis.run(incident, options.gates))));
        }
    }
    file.write(options.openmetrics);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const Options options = parse(argc, argv);
    const Diagnosis diagnosis(options.runbook);
    if (!options.openmetrics.empty()) {
        return write_openmetrics(options, diagnosis);
    }
    Scores scores;
    for (std::size_t f = 0; f < families().size(); ++f) {
        const std::string_view family = families()[f];
        if (!options.family.empty() && family != options.family) {
            continue;
        }
        for (std::size_t i = 0; i < options.cases; ++i) {
            Random random(first_seed(options.split) + f * 100'000 + i);
            const Incident incident = realise(make_plan(family, options.split, random), random, 3.2);
            const Assessment assessment = diagnosis.run(incident, options.gates);
            score(incident, assessment, scores);
            if (options.show) {
                show(i, incident, assessment);
            }
        }
    }
    print(scores);
    if (options.sizing && options.family.empty()) {
        print(score_sizes(options.split, first_seed(options.split) + 50'000'000, options.cases));
    }
    return 0;
}
