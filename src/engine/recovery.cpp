#include "engine/recovery.h"

#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>
#include <chrono>
#include <cmath>

namespace memrb::engine {

namespace {

using namespace std::chrono_literals;
using State = Criterion::State;

// Two sources of one start time differ by fractions of a second; one source says the same each time.
constexpr Milliseconds same_start = 1s;
// A store that scrapes slowly repeats a sample for as long; one that has nothing new for longer has lost the target.
constexpr Milliseconds slow_scrape = 150s;

constexpr std::string_view not_known = "not known: ";

std::optional<std::uint64_t> kills_of(const OomAssessment& oom) {
    return oom.verdict == OomAssessment::Verdict::unknown ? std::nullopt : std::optional(oom.count);
}

bool no_limit(const Look& look) {
    return look.assessment.memory && std::holds_alternative<NoLimit>(look.assessment.memory->limit);
}

// A sample of a store is older than the look that found it: its own time counts then.
bool from_store(const Look& look) {
    return look.assessment.memory && look.assessment.memory->at + 1s < look.at;
}

std::string percent(double ratio) {
    const double value = ratio * 100;
    return std::abs(value - std::round(value)) < 0.05 ? fmt::format("{:.0f} %", value) : fmt::format("{:.1f} %", value);
}

std::string describe(const Criterion& criterion) {
    return criterion.now.empty() ? criterion.says : fmt::format("{}: {}", criterion.says, criterion.now);
}

std::string all_with(const std::vector<Criterion>& criteria, State state) {
    std::vector<std::string> texts;
    for (const auto& criterion : criteria) {
        if (criterion.state == state) {
            texts.push_back(describe(criterion));
        }
    }
    return base::join(texts, "; ");
}

std::string no_data(const std::string& missing) {
    return missing.starts_with(not_known) ? missing : "no data: " + missing;
}

std::string failing(const std::vector<Criterion>& criteria) {
    const std::string known = all_with(criteria, State::fails);
    return known.empty() ? "the runbook's condition does not hold" : "does not hold: " + known;
}

}  // namespace

WatchSample RecoveryWatch::feed(const Look& look) {
    if (over_) {
        return shown_;
    }
    ++looks_;
    if (last_ && (look.begin < last_->begin || look.at < last_->at)) {
        forget_times("the clock went backwards");
        newest_.reset();
    } else if (data_end_ && look.begin - *data_end_ > terms_.every * tolerated) {
        forget_times(fmt::format("no data for {}", format_duration(look.begin - *data_end_)));
    }
    look_for_relapse(look);
    note_baseline(look);

    const Assessment& seen = look.assessment;
    WatchSample sample;
    sample.number = looks_;
    sample.elapsed = look.begin;
    if (seen.memory) {
        sample.used = seen.memory->used;
        sample.limit = seen.memory->limit;
    }
    sample.ratio = seen.ratio;
    sample.level = seen.level;
    sample.restarts = seen.restarts;
    sample.oom_kills = kills_of(seen.oom);
    sample.missing = why_missing(look);
    sample.criteria = criteria(look);
    keep_times(look, sample.criteria);
    shown_ = sample;
    count_run(look, sample);
    last_ = look;

    sample.held = held_;
    sample.left = over_ ? 0ms : std::max<Milliseconds>(run_ ? terms_.lasts - held_ : terms_.lasts - look.begin, 0ms);
    shown_ = sample;
    return sample;
}

Milliseconds RecoveryWatch::due() const {
    return run_ ? run_->since + terms_.lasts : terms_.lasts;
}

void RecoveryWatch::look_for_relapse(const Look& look) {
    const auto& restarts = look.assessment.restarts;
    if (restarts && restarts_ && *restarts > *restarts_) {
        restarted_ = fmt::format("it has restarted: the restart count rose from {} to {}", *restarts_, *restarts);
    } else if (look.started_at && started_at_ &&
               *look.started_at > *started_at_ + (look.started_by_metric == started_by_metric_ ? 0ms : same_start)) {
        restarted_ = fmt::format("it has restarted at {}",
                                 format_rfc3339(std::chrono::floor<std::chrono::seconds>(*look.started_at)));
    }
    const OomAssessment& oom = look.assessment.oom;
    const auto kills = kills_of(oom);
    const bool later = oom.last_at && *oom.last_at > terms_.began && (!last_kill_ || *oom.last_at > *last_kill_);
    const bool more = kills && kills_ && *kills > *kills_ && oom.last_at == last_kill_;  // by a count without times
    if (kills && *kills > 0 && (later || more)) {
        killed_ = oom.last_at && later
                      ? fmt::format("a new OOM kill at {}",
                                    format_rfc3339(std::chrono::floor<std::chrono::seconds>(*oom.last_at)))
                      : fmt::format("a new OOM kill: {} instead of {}", *kills, *kills_);
    }
}

// A count that falls has begun anew: the engine resets restarts, and old kills leave the time that is looked at.
void RecoveryWatch::note_baseline(const Look& look) {
    const auto lower = [](std::optional<std::uint64_t>& known, const std::optional<std::uint64_t>& now) {
        if (now && (!known || *now < *known)) {
            known = now;
        }
    };
    lower(restarts_, look.assessment.restarts);
    lower(kills_, kills_of(look.assessment.oom));
    if (!started_at_) {
        started_at_ = look.started_at;
        started_by_metric_ = look.started_by_metric;
    }
    const auto& kill = look.assessment.oom.last_at;
    if (kill && (!last_kill_ || *kill > *last_kill_)) {
        last_kill_ = kill;
        kills_ = kills_of(look.assessment.oom);  // one that came to light only now is counted from here on
    }
}

std::string RecoveryWatch::why_missing(const Look& look) {
    const Assessment& seen = look.assessment;
    if (look.running == false) {
        return {};  // that is known, and no good
    }
    if (!seen.memory) {
        return seen.no_memory_why.empty() ? "memory was not measured" : seen.no_memory_why;
    }
    if (!newest_ || seen.memory->at > *newest_ || !from_store(look)) {
        newest_ = seen.memory->at;
        newest_since_ = look.begin;
    } else if (look.begin - newest_since_ > std::max(terms_.every * tolerated, slow_scrape)) {
        return fmt::format("nothing newer than the sample of {}", format_rfc3339(*newest_));
    }
    if (terms_.ceiling && !seen.ratio && !no_limit(look)) {
        return seen.level_why.empty() ? "the limit is not known" : seen.level_why;
    }
    if (look.until == Truth::unknown) {
        const std::string open = all_with(look.parts, State::unknown);
        return std::string(not_known) + (open.empty() ? "the runbook's condition" : open);
    }
    if ((restarts_ || started_at_) && !seen.restarts && !look.started_at) {
        return "whether it has restarted is not known";
    }
    return {};
}

Criterion RecoveryWatch::below_ceiling(const Look& look) const {
    Criterion criterion{fmt::format("memory not above {}", percent(*terms_.ceiling)), State::unknown, "", {}};
    const auto& ratio = look.assessment.ratio;
    if (ratio) {
        criterion.state = *ratio > *terms_.ceiling ? State::fails : State::holds;
    }
    criterion.now = ratio ? format_percent(*ratio) : no_limit(look) ? "no limit is set" : "not known";
    return criterion;
}

void RecoveryWatch::add_starts(const Look& look, std::vector<Criterion>& all) const {
    const bool runs = look.running.value_or(true);
    all.push_back({"the container runs",
                   !look.running ? State::unknown
                   : runs        ? State::holds
                                 : State::fails,
                   !look.running ? "not known"
                   : runs        ? ""
                                 : "it is stopped",
                   {}});
    const bool starts_known = look.assessment.restarts || look.started_at;
    all.push_back({"no new restart",
                   !restarted_.empty() ? State::fails
                   : starts_known      ? State::holds
                                       : State::unknown,
                   !restarted_.empty() ? restarted_
                   : starts_known      ? ""
                                       : "not known",
                   {}});
}

std::vector<Criterion> RecoveryWatch::criteria(const Look& look) const {
    std::vector<Criterion> all = look.parts;  // always as many, so that each keeps its place and its time
    if (terms_.ceiling && terms_.show_ceiling) {
        all.push_back(below_ceiling(look));
    }
    if (terms_.starts_told) {
        add_starts(look, all);
    }
    const bool kills_known = kills_of(look.assessment.oom).has_value();
    all.push_back({"no new OOM kill",
                   !killed_.empty() ? State::fails
                   : kills_known    ? State::holds
                                    : State::unknown,
                   !killed_.empty() ? killed_
                   : kills_known    ? ""
                                    : "not known",
                   {}});
    if (terms_.ceiling && !terms_.show_ceiling && look.until == Truth::yes &&
        look.assessment.ratio.value_or(0) > *terms_.ceiling) {
        all.push_back(below_ceiling(look));
    }
    return all;
}

void RecoveryWatch::keep_times(const Look& look, std::vector<Criterion>& criteria) {
    since_.resize(criteria.size());
    for (std::size_t i = 0; i < criteria.size(); ++i) {
        if (criteria[i].state == State::fails) {
            since_[i].reset();
        } else if (criteria[i].state == State::holds && !since_[i]) {
            since_[i] = look.begin;
        }
        criteria[i].held = since_[i] ? look.begin - *since_[i] : 0ms;
    }
}

void RecoveryWatch::count_run(const Look& look, const WatchSample& sample) {
    const bool too_high = terms_.ceiling && look.assessment.ratio && *look.assessment.ratio > *terms_.ceiling;
    const bool bad = look.until == Truth::no || too_high || look.running == false;
    const bool starts_known = look.assessment.restarts || look.started_at || !terms_.starts_told;
    if (bad) {
        if (run_) {
            breaks_.push_back(fmt::format("held for {}, then {}", format_duration(held_), failing(sample.criteria)));
        }
        run_.reset();
        held_ = 0ms;
    }
    if (sample.missing.empty()) {
        ++whole_;
        data_end_ = look.end;
        if (!bad && starts_known) {
            const Timestamp data = look.assessment.memory->at;
            run_ = run_.value_or(Run{look.begin, data});
            held_ = look.begin - run_->since;
            held_ = from_store(look) ? std::clamp(data - run_->data_since, 0ms, held_) : held_;
        }
    }
    if (!restarted_.empty() || !killed_.empty()) {
        end(Recovery::relapsed, restarted_.empty() ? killed_ : restarted_);
    } else if (sample.missing.empty() && run_ && held_ >= terms_.lasts) {
        end(Recovery::recovered, fmt::format("all criteria have held for {}", format_duration(held_)));
    } else if (look.begin >= terms_.lasts && !run_) {
        if (!sample.missing.empty()) {
            end(Recovery::unknown, no_data(sample.missing));
        } else if (bad) {
            end(Recovery::not_recovered, failing(sample.criteria));
        } else {
            end(Recovery::unknown, "whether it has restarted is not known");
        }
    }
}

void RecoveryWatch::forget_times(const std::string& why) {
    if (run_) {
        breaks_.push_back(fmt::format("held for {}, then {}: counted anew", format_duration(held_), why));
    }
    run_.reset();
    held_ = 0ms;
    data_end_.reset();
    since_.assign(since_.size(), std::nullopt);
}

void RecoveryWatch::end(Recovery recovery, std::string why) {
    over_ = true;
    recovery_ = recovery;
    why_ = std::move(why);
}

std::vector<std::string> RecoveryWatch::caveats() const {
    constexpr std::size_t most = 3;
    std::vector<std::string> all;
    if (whole_ < looks_) {
        all.push_back(fmt::format("{} of {} samples had no data", looks_ - whole_, looks_));
    }
    const std::size_t left_out = breaks_.size() > most ? breaks_.size() - most : 0;
    if (left_out > 0) {
        all.push_back(fmt::format("the criteria were broken {} times; the last {}:", breaks_.size(), most));
    }
    all.insert(all.end(), breaks_.begin() + static_cast<std::ptrdiff_t>(left_out), breaks_.end());
    if (last_ && whole_ > 0 && !kills_of(last_->assessment.oom)) {
        all.emplace_back("OOM kills could not be seen");
    }
    if (last_ && terms_.judges_trend && last_->assessment.memory &&
        last_->assessment.trend.verdict == Verdict::insufficient_data) {
        all.push_back("whether memory grows could not be judged: " + last_->assessment.trend.reason);
    }
    return all;
}

WatchResult RecoveryWatch::result() const {
    WatchResult result;
    result.recovery = recovery_;
    result.why = why_;
    if (!over_) {
        const bool data = looks_ > 0 && shown_.missing.empty();
        result.recovery = data ? Recovery::not_recovered : Recovery::unknown;
        result.why = looks_ == 0 ? "nothing was measured"
                     : !data     ? no_data(shown_.missing)
                     : run_      ? fmt::format("all criteria have held for {} of the {} that are asked",
                                               format_duration(held_), format_duration(terms_.lasts))
                                 : failing(shown_.criteria);
    }
    result.caveats = caveats();
    result.held = held_;
    result.elapsed = last_ ? last_->end : 0ms;
    result.samples = whole_;
    result.missing = looks_ - whole_;
    return result;
}

}  // namespace memrb::engine
