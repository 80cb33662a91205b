#include "engine/interruption.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>
#include <variant>

namespace memrb::engine {

namespace {

enum class Part { steps, verify, undo };

struct Place {
    const Option* option = nullptr;
    Part part = Part::steps;
    std::size_t index = 0;
};

std::map<std::string, Place> places_of(const Runbook& runbook) {
    std::map<std::string, Place> places;
    const auto add = [&](const Option& option, Part part, const std::vector<Step>& steps) {
        for (std::size_t i = 0; i < steps.size(); ++i) {
            places.emplace(steps[i].id, Place{&option, part, i});
        }
    };
    for (const auto& option : runbook.options) {
        add(option, Part::steps, option.steps);
        add(option, Part::verify, option.verify);
        add(option, Part::undo, option.undo);
    }
    return places;
}

// A tool that ended by itself, and said what it had to say.
bool has_ended(const Ending& ending) {
    return std::holds_alternative<Exited>(ending) || std::holds_alternative<HttpStatus>(ending);
}

struct Seen {
    StepProgress progress;
    bool ended = false;      ///< finished or skipped
    bool by_person = false;  ///< settled by what a person said
};

class Reader {
public:
    explicit Reader(const Runbook& runbook) : options_(runbook.options), places_(places_of(runbook)) {}

    void read(const Event& event) {
        event_ = &event;
        std::visit(*this, event.body);
    }

    std::optional<Interruption> result() && {
        if (option_ == nullptr) {
            return std::nullopt;
        }
        Interruption found;
        found.option = option_;
        found.undo = part_ == Part::undo;
        found.changed = std::any_of(seen_.begin(), seen_.end(), [](const Seen& seen) {
            const StepProgress& step = seen.progress;
            return step.progress == Progress::unknown || (step.progress == Progress::done && step.risk != Risk::read);
        });
        const auto settled = [](const Seen& seen) { return seen.progress.settled(); };
        const auto checked = [&](const Step& step) { return checked_.contains(step.id); };
        found.complete =
            std::all_of(seen_.begin(), seen_.end(), settled) &&
            (found.undo || !found.changed || std::all_of(option_->verify.begin(), option_->verify.end(), checked));
        if (!found.complete) {
            reopen_what_led_nowhere();
        }
        for (auto& seen : seen_) {
            found.steps.push_back(std::move(seen.progress));
        }
        found.before = std::move(before_);
        found.gone = std::move(gone_);
        found.began = began_;
        found.target = std::move(target_);
        found.first = std::move(first_);
        found.offered = std::move(offered_);
        found.vars = std::move(vars_);
        return found;
    }

    void operator()(const IncidentOpened& /*again*/) { refused_ = false; }
    void operator()(const TargetPinned& body) {
        target_ = body.target;
        vars_ = body.vars;
    }
    void operator()(const OptionChosen& body) {
        for (const auto& option : options_) {
            if (option.id == body.option) {
                begin(option, Part::steps);
            }
        }
    }
    void operator()(const Assessed& body) { assessment_ = body.assessment; }
    void operator()(const Decided& body) {
        Seen* seen = at(body.step, body.answer.starts_with("found "));
        if (seen == nullptr || body.answer == "edit" || body.answer == "run") {
            return;
        }
        StepProgress& step = seen->progress;
        seen->by_person = body.answer == "skip" || body.answer == "by hand" || body.answer == "found done";
        step.progress = body.answer == "skip" ? Progress::left_out : seen->by_person ? Progress::done : Progress::open;
        step.why = body.why.empty() ? body.answer : body.answer + ": " + body.why;
        step.result.status = step.progress == Progress::done ? StepStatus::ok : StepStatus::skipped;
        step.result.why = step.why;
        refused_ = !seen->by_person;
    }
    void operator()(const StepStarted& body) {
        Seen* seen = at(body.step);
        if (seen == nullptr) {
            if (body.risk != Risk::read && !places_.contains(body.step)) {
                gone_.push_back(body.step);
            }
            return;
        }
        *seen = Seen{fresh(*seen->progress.step), false, false};
        StepProgress& step = seen->progress;
        step.begun = event_->at;
        step.risk = body.risk;
        step.request = body.request;
        step.result.request = body.request;
        if (body.risk != Risk::read) {
            step.progress = Progress::unknown;
            step.why = "its end is not on record";
            checked_.clear();
        }
    }
    void operator()(const StepFinished& body) {
        if (const auto place = places_.find(body.step);
            place != places_.end() && place->second.part == Part::verify && place->second.option == option_) {
            checked_.insert(body.step);
            return;
        }
        Seen* seen = at(body.step);
        if (seen == nullptr || !seen->progress.begun) {
            return;
        }
        seen->ended = true;
        StepProgress& step = seen->progress;
        step.result.status = body.status;
        step.result.outcome = body.outcome;
        step.result.captures = body.captures;
        step.result.warnings = body.warnings;
        (body.status == StepStatus::ok ? step.result.note : step.result.why) = body.note;
        step.why = body.note;
        step.progress = progress_after(body, step.risk);
    }
    void operator()(const StepSkipped& body) {
        if (const auto place = places_.find(body.step);
            place != places_.end() && place->second.part == Part::verify && place->second.option == option_) {
            checked_.insert(body.step);
            return;
        }
        Seen* seen = at(body.step);
        if (seen == nullptr) {
            return;
        }
        seen->ended = true;
        if (seen->by_person || std::exchange(refused_, false)) {
            return;  // the decision before has told
        }
        StepProgress& step = seen->progress;
        step.result.status = body.status;
        step.result.why = body.why;
        step.why = body.why;
        step.progress = body.status == StepStatus::skipped  ? Progress::left_out
                        : body.status == StepStatus::ok     ? Progress::done
                        : body.status == StepStatus::failed ? Progress::failed
                                                            : Progress::open;
    }
    template <class Other>
    void operator()(const Other& /*tells nothing of an option*/) {}

private:
    static StepProgress fresh(const Step& step) {
        StepProgress progress;
        progress.step = &step;
        progress.result.step = &step;
        return progress;
    }

    static Progress progress_after(const StepFinished& body, Risk risk) {
        if (body.status == StepStatus::ok) {
            return Progress::done;
        }
        if (risk == Risk::read) {
            return body.status == StepStatus::skipped ? Progress::left_out : Progress::open;
        }
        if (std::holds_alternative<NotStarted>(body.outcome.ending)) {
            return Progress::open;
        }
        return body.status == StepStatus::failed && has_ended(body.outcome.ending) ? Progress::failed
                                                                                   : Progress::unknown;
    }

    // The step's state in the run that it belongs to. An event of the first step when that has ended, or of another
    // option, begins a new run, if it does not go on with the one before. Null: it is no step of an option, or one of
    // its checks.
    Seen* at(const std::string& id, bool goes_on = false) {
        const auto found = places_.find(id);
        if (found == places_.end() || found->second.part == Part::verify) {
            return nullptr;
        }
        const Place& place = found->second;
        const bool same = place.option == option_ && place.part == part_;
        if (!same || (place.index == 0 && seen_.front().ended && !goes_on)) {
            begin(*place.option, place.part);
        }
        return &seen_[place.index];
    }

    void begin(const Option& option, Part part) {
        if (part != Part::undo || &option != option_) {
            before_.clear();
        } else if (part_ == Part::steps) {
            for (auto& seen : seen_) {
                before_.push_back(std::move(seen.progress.result));
            }
        }
        option_ = &option;
        part_ = part;
        began_ = event_->at;
        first_ = target_;
        offered_ = assessment_;
        gone_.clear();
        checked_.clear();
        refused_ = false;
        seen_.clear();
        for (const auto& step : part_ == Part::undo ? option_->undo : option_->steps) {
            seen_.push_back({fresh(step), false, false});
        }
    }

    // Reads and conditions behind the last change were about a world that is gone, and lead to no change that was made.
    // What was read before it is what the undo goes by; only what the record does not hold is read again.
    void reopen_what_led_nowhere() {
        const auto counts = [](const Seen& seen) {
            return seen.by_person || (seen.progress.risk != Risk::read && seen.progress.progress != Progress::open);
        };
        const auto last = std::find_if(seen_.rbegin(), seen_.rend(), counts);
        const auto behind = static_cast<std::size_t>(seen_.rend() - last);
        for (std::size_t i = 0; i < seen_.size(); ++i) {
            StepProgress& step = seen_[i].progress;
            const bool masked = std::any_of(step.result.captures.begin(), step.result.captures.end(),
                                            [](const auto& one) { return is_masked(one.second); });
            if (step.settled() && !seen_[i].by_person && step.risk == Risk::read && (i >= behind || masked)) {
                step = fresh(*step.step);
            }
        }
    }

    const std::vector<Option>& options_;
    std::map<std::string, Place> places_;
    const Event* event_ = nullptr;
    const Option* option_ = nullptr;
    Part part_ = Part::steps;
    std::vector<Seen> seen_;
    std::vector<StepResult> before_;
    std::vector<std::string> gone_;
    std::set<std::string> checked_;
    std::optional<Timestamp> began_;
    std::optional<Target> target_;
    std::optional<Target> first_;
    std::optional<Assessment> assessment_;
    std::optional<Assessment> offered_;
    Variables vars_;
    bool refused_ = false;  ///< the last decision left its step open: the skip that follows says no more
};

}  // namespace

std::string_view to_string(Progress progress) {
    constexpr std::array<std::string_view, 5> words{"open", "done", "left out", "failed", "unknown"};
    const auto index = static_cast<std::size_t>(progress);
    return index < words.size() ? words[index] : "?";
}

std::map<std::string, StepResult> Interruption::settled() const {
    std::map<std::string, StepResult> results;
    for (const auto& step : steps) {
        if (step.settled()) {
            results.emplace(step.step->id, step.result);
        }
    }
    return results;
}

std::optional<Interruption> find_interruption(std::span<const Event> events, const Runbook& runbook) {
    Reader reader(runbook);
    for (const auto& event : events) {
        reader.read(event);
    }
    return std::move(reader).result();
}

bool is_masked(std::string_view recorded) {
    return recorded.find("***") != std::string_view::npos;
}

}  // namespace memrb::engine
