#include "engine/watch.h"

#include "engine/conclude.h"
#include "engine/criteria.h"
#include "engine/recovery.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <map>

namespace memrb::engine {

namespace {

using namespace std::chrono_literals;

// What single steps of a look say is not kept: the look is.
class Unrecorded final : public Journal {
public:
    explicit Unrecorded(const Clock& clock) : clock_(clock) {}
    Result<Event> append(EventBody body, bool /*durable*/) override {
        return Event{++seq_, clock_.now(), std::move(body)};
    }
    [[nodiscard]] std::filesystem::path folder() const override { return {}; }

private:
    const Clock& clock_;
    std::uint64_t seq_ = 0;
};

// The condition's text decides which further facts a look must have.
bool mentions(const Runbook& runbook, std::string_view what) {
    return runbook.recovered && runbook.recovered->text.find(what) != std::string::npos;
}

bool tells_of_recovery(const Reading& reading, bool all_series) {
    if (const auto* series = std::get_if<SeriesReading>(&reading)) {
        constexpr std::array vital{SeriesRole::memory, SeriesRole::limit, SeriesRole::restarts, SeriesRole::oom_events,
                                   SeriesRole::start_time};
        return all_series || std::find(vital.begin(), vital.end(), series->role) != vital.end();
    }
    return std::holds_alternative<MemoryReading>(reading) || std::holds_alternative<StateReading>(reading) ||
           std::holds_alternative<OomCheck>(reading);
}

std::optional<Timestamp> last_start(const SeriesReading& series) {
    if (series.role != SeriesRole::start_time) {
        return std::nullopt;
    }
    const auto last = std::find_if(series.points.rbegin(), series.points.rend(),
                                   [](const Point& point) { return std::isfinite(point.value) && point.value > 0; });
    return last == series.points.rend() ? std::nullopt : std::optional(from_unix_seconds(last->value));
}

class Watching {
public:
    Watching(const Session& session, const Instruments& instruments, const Clock& clock, const WatchPlan& plan)
        : session_(session),
          instruments_(instruments),
          clock_(clock),
          plan_(plan),
          parts_(session.runbook.recovered ? criterion_parts(session.runbook.recovered->text)
                                           : std::vector<CriterionPart>{}),
          part_programs_(programs_of(parts_)),
          steps_(watched_reads(session.runbook)),
          judge_(terms()) {}

    WatchResult run() {
        instruments_.log.emit(WatchStarted{
            plan_.every, plan_.lasts, session_.runbook.recovered ? session_.runbook.recovered->text : std::string()});
        const auto began = clock_.steady();
        const auto elapsed = [&] { return std::chrono::floor<Milliseconds>(clock_.steady() - began); };
        bool stopped = false;
        while (true) {
            Look look;
            look.begin = elapsed();
            look.at = clock_.now();
            measure(look);
            look.end = elapsed();
            stopped = instruments_.stop.requested();
            if (stopped) {
                break;  // what was being read is cut off: it proves nothing
            }
            instruments_.log.emit(WatchSampled{judge_.feed(look)});
            if (judge_.over() || !wait(next_after(look.begin) - elapsed())) {
                stopped = !judge_.over();
                break;
            }
        }
        WatchResult result = judge_.result();
        result.stopped = stopped;
        result.elapsed = elapsed();
        instruments_.log.emit(WatchEnded{result}, true);
        return result;
    }

private:
    static std::vector<std::string> programs_of(const std::vector<CriterionPart>& parts) {
        std::vector<std::string> programs;
        for (const auto& part : parts) {
            programs.push_back(part.program);
        }
        return programs;
    }

    RecoveryTerms terms() const {
        RecoveryTerms terms{plan_.every, plan_.lasts, recovery_ceiling(session_.runbook), true, false, clock_.now()};
        terms.starts_told = !session_.target.cloud_run;
        for (const auto& part : parts_) {
            terms.judges_trend = terms.judges_trend || part.judges_trend;
            if (part.ceiling && terms.ceiling && *part.ceiling <= *terms.ceiling) {
                terms.show_ceiling = false;
            }
        }
        return terms;
    }

    void measure(Look& look) {
        Variables vars = session_.vars;
        vars["now"] = format_rfc3339(look.at);
        const Session now{
            session_.runbook, session_.target, session_.host_containers, vars, session_.tools, look.at, false};
        Unrecorded journal(clock_);
        EventLog quiet(journal, {});
        const Instruments instruments{instruments_.runner, quiet, instruments_.programs, instruments_.stop,
                                      instruments_.jobs};
        const std::vector<StepResult> results =
            execute_reads(steps_, now, instruments, [](const auto& /*so_far*/) { return Assessment{}; });
        take_state(results, look);
        look.assessment = assess(now, results);
        take_truth(now, results, look);
        narrow(results, look);
    }

    static void take_state(const std::vector<StepResult>& results, Look& look) {
        std::optional<Timestamp> by_metric;
        for (const auto& result : results) {
            for (const auto& reading : result.readings) {
                if (const auto* state = std::get_if<StateReading>(&reading)) {
                    look.running = state->running;
                    look.started_at = state->started_at ? state->started_at : look.started_at;
                } else if (const auto* series = std::get_if<SeriesReading>(&reading)) {
                    by_metric = std::max(by_metric, last_start(*series));
                }
            }
        }
        look.started_by_metric = !look.started_at && by_metric;
        look.started_at = look.started_at ? look.started_at : by_metric;
    }

    // The live samples of this look. Those of earlier looks are a series with them, and nothing without: an old sample
    // must not pass for the present. If the time of day was set back, those that would lie in the future are dropped.
    std::vector<Reading> live_samples(const std::vector<StepResult>& results) {
        constexpr std::size_t most = 2'000;
        std::vector<Reading> fresh;
        for (const auto& result : results) {
            for (const auto& reading : result.readings) {
                const auto* memory = std::get_if<MemoryReading>(&reading);
                if (memory != nullptr && memory->source != "prometheus") {
                    fresh.push_back(reading);
                    std::erase_if(live_,
                                  [&](const Reading& old) { return std::get<MemoryReading>(old).at >= memory->at; });
                }
            }
        }
        if (live_.size() > most) {
            live_.erase(live_.begin(), live_.end() - static_cast<std::ptrdiff_t>(most));
        }
        return fresh;
    }

    Assessment assess(const Session& now, const std::vector<StepResult>& results) {
        const std::vector<Reading> fresh = live_samples(results);
        std::vector<StepResult> all = results;
        if (!fresh.empty()) {
            all.emplace_back().readings = live_;
        }
        live_.insert(live_.end(), fresh.begin(), fresh.end());
        return assess_results(now, all);
    }

    void take_truth(const Session& now, const std::vector<StepResult>& results, Look& look) {
        std::map<std::string, StepFacts> steps;
        for (const auto& result : results) {
            steps.emplace(result.step->id, StepFacts{result.status, result.captures});
        }
        const std::string facts = facts_json({now.target, now.vars, &look.assessment, steps});
        look.until =
            session_.runbook.recovered ? instruments_.programs.test(*session_.runbook.recovered, facts) : Truth::yes;
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            const Truth truth =
                parts_.size() == 1 ? look.until : part_programs_.test(Expression{i, parts_[i].program, {}}, facts);
            look.parts.push_back({parts_[i].says,
                                  truth == Truth::yes  ? Criterion::State::holds
                                  : truth == Truth::no ? Criterion::State::fails
                                                       : Criterion::State::unknown,
                                  seen_of(parts_[i], look.assessment),
                                  {}});
        }
    }

    // From the look on that had it all, only the steps that told something are run.
    void narrow(const std::vector<StepResult>& results, const Look& look) {
        // Instances on Cloud Run come and go: nobody tells of restarts there.
        const bool whole =
            look.assessment.memory && (look.assessment.restarts || look.started_at || session_.target.cloud_run);
        if (narrowed_ || !whole) {
            return;
        }
        narrowed_ = true;
        const bool all_series = mentions(session_.runbook, ".features") || mentions(session_.runbook, ".load");
        const bool captures = mentions(session_.runbook, ".steps");
        std::vector<const Step*> kept;
        for (const auto& result : results) {
            const bool tells = std::any_of(result.readings.begin(), result.readings.end(), [&](const Reading& reading) {
                return tells_of_recovery(reading, all_series);
            });
            if (tells || (captures && !result.step->captures.empty())) {
                kept.push_back(result.step);
            }
        }
        steps_ = std::move(kept);
    }

    Milliseconds next_after(Milliseconds begin) const {
        const Milliseconds next = begin + plan_.every;
        return judge_.due() > begin ? std::min(next, judge_.due()) : next;
    }

    // False: stopped.
    bool wait(Milliseconds time) {
        if (time > 0ms) {
            RunContext context;
            context.timeout = time + 30s;
            (void)instruments_.runner.run(Wait{time}, context, instruments_.stop);
        }
        return !instruments_.stop.requested();
    }

    const Session& session_;
    const Instruments& instruments_;
    const Clock& clock_;
    const WatchPlan plan_;
    const std::vector<CriterionPart> parts_;
    const Programs part_programs_;
    std::vector<const Step*> steps_;
    RecoveryWatch judge_;
    std::vector<Reading> live_;  // the live samples of earlier looks
    bool narrowed_ = false;
};

}  // namespace

WatchPlan plan_watch(const Runbook& runbook, std::optional<Milliseconds> every, std::optional<Milliseconds> lasts) {
    WatchPlan plan;
    if (runbook.watch) {
        plan = {runbook.watch->every, runbook.watch->for_};
    }
    plan.lasts = lasts.value_or(plan.lasts);
    plan.every = every.value_or(std::min(plan.every, plan.lasts));
    return plan;
}

std::vector<const Step*> watched_reads(const Runbook& runbook) {
    std::vector<const Step*> steps;
    for (const auto& group : runbook.diagnose) {
        for (const auto& step : group.steps) {
            if (step.risk == Risk::read && !step.needs_assessment && step.needs.empty()) {
                steps.push_back(&step);
            }
        }
    }
    return steps;
}

std::optional<double> recovery_ceiling(const Runbook& runbook) {
    std::optional<double> lowest;
    for (const auto& threshold : runbook.thresholds) {
        if (threshold.level >= Level::warning && threshold.level != Level::oom) {
            lowest = std::min(lowest.value_or(threshold.at), threshold.at);
        }
    }
    return lowest;
}

WatchResult watch(const Session& session, const Instruments& instruments, const Clock& clock, const WatchPlan& plan) {
    return Watching(session, instruments, clock, plan).run();
}

}  // namespace memrb::engine
