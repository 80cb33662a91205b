#include "drill/past.h"

#include "drill/tale.h"

#include <fmt/core.h>
#include <algorithm>
#include <variant>

namespace memrb::drill {

namespace {

bool commits(const Decided& decision) {
    return decision.answer == "run" || decision.answer == "by hand";
}

std::string told(const Decided& decision) {
    return fmt::format("{} was {}", decision.step, decision.answer == "run" ? "run" : "done by hand");
}

bool of_watch(const Event& event) {
    return std::holds_alternative<WatchStarted>(event.body) || std::holds_alternative<WatchSampled>(event.body) ||
           std::holds_alternative<WatchEnded>(event.body);
}

}  // namespace

Past::Past(const std::vector<Event>& events, Whole whole) : events_(events), whole_(std::move(whole)) {
    find_looks();
    place_ = look_ = looks_.empty() ? 0 : looks_.front();
    now_ = place_ < events_.size() ? events_[place_].at : Timestamp{};
}

// The first diagnosis tells which steps a diagnosis has; another one begins with the first of them after the one
// before.
void Past::find_looks() {
    std::set<std::string> diagnosed;
    std::optional<std::size_t> begin;
    bool first = true;
    for (std::size_t i = 0; i < events_.size(); ++i) {
        if (const auto* start = std::get_if<StepStarted>(&events_[i].body)) {
            if (first) {
                diagnosed.insert(start->step);
            }
            begin = !begin && diagnosed.contains(start->step) ? i : begin;
        } else if (std::holds_alternative<Assessed>(events_[i].body) && begin) {
            looks_.push_back(*begin);
            begin.reset();
            first = false;
        }
    }
}

Timestamp Past::now() const {
    const std::lock_guard lock(mutex_);
    return now_;
}

Target Past::target() const {
    const std::lock_guard lock(mutex_);
    Target target;
    for (std::size_t i = 0; i < events_.size(); ++i) {
        const auto* pinned = std::get_if<TargetPinned>(&events_[i].body);
        if (pinned == nullptr && i >= place_) {
            break;
        }
        target = pinned != nullptr ? pinned->target : target;
    }
    return target;
}

std::size_t Past::next_decision(std::size_t from) const {
    std::size_t i = from;
    while (i < events_.size()) {
        const auto* decided = std::get_if<Decided>(&events_[i].body);
        if (decided != nullptr && commits(*decided)) {
            break;
        }
        ++i;
    }
    return i;
}

const StepStarted* Past::start_of(std::size_t finished) const {
    const auto& step = std::get<StepFinished>(events_[finished].body).step;
    for (std::size_t i = finished; i > 0; --i) {
        const auto* start = std::get_if<StepStarted>(&events_[i - 1].body);
        if (start != nullptr && start->step == step) {
            return start;
        }
    }
    return nullptr;
}

std::optional<std::size_t> Past::next_end_of(const std::string& step) const {
    const std::size_t end = next_decision(place_);
    for (std::size_t i = place_; i < end; ++i) {
        const auto* finished = std::get_if<StepFinished>(&events_[i].body);
        if (finished != nullptr && finished->step == step) {
            return i;
        }
    }
    return std::nullopt;
}

std::optional<Outcome> Past::outcome_of(const std::string& step) {
    std::unique_lock lock(mutex_);
    const auto index = next_end_of(step);
    if (!index) {
        miss(step);
        return std::nullopt;
    }
    if (const auto* start = start_of(*index); start != nullptr && start->risk != Risk::read) {
        place_ = *index + 1;
        now_ = events_[*index].at;
    }
    lock.unlock();
    return whole_(std::get<StepFinished>(events_[*index].body).outcome);
}

// Most of what the record does not hold is only unknown.
void Past::miss(const std::string& step) {
    if (!off_.empty()) {
        return;
    }
    const auto* decided = place_ > 0 ? std::get_if<Decided>(&events_[place_ - 1].body) : nullptr;
    if (decided != nullptr && decided->step == step) {
        off_ = fmt::format("The record does not tell how {} ended.", step);
    } else if (saves_evidence(step) && !saved_evidence()) {
        leave_for("this");  // it is saved right before a change
    }
}

std::optional<Outcome> Past::next_edit() const {
    std::unique_lock lock(mutex_);
    const std::size_t decided = next_decision(place_);
    const std::size_t end = decided < events_.size() ? next_decision(decided + 1) : decided;
    for (std::size_t i = decided; i < end; ++i) {
        const auto* finished = std::get_if<StepFinished>(&events_[i].body);
        const auto* start = finished != nullptr ? start_of(i) : nullptr;
        if (start != nullptr && std::holds_alternative<FileEdit>(start->request)) {
            lock.unlock();
            return whole_(finished->outcome);
        }
    }
    return std::nullopt;
}

std::vector<std::size_t>::const_iterator Past::next_look() const {
    return std::lower_bound(looks_.begin(), looks_.end(), place_ == look_ ? place_ + 1 : place_);
}

bool Past::saved_evidence() const {
    const auto begin = events_.begin() + static_cast<std::ptrdiff_t>(place_);
    const auto end = events_.begin() + static_cast<std::ptrdiff_t>(next_decision(place_));
    return std::any_of(begin, end, [](const Event& event) {
        const auto* finished = std::get_if<StepFinished>(&event.body);
        return finished != nullptr && saves_evidence(finished->step);
    });
}

void Past::leave_for(const std::string& step) {
    const std::size_t next = next_decision(place_);
    off_ =
        next == events_.size() ? "Nothing more was done then" : "Then, " + told(std::get<Decided>(events_[next].body));
    off_ += fmt::format(": what {} would have changed is not known.", step);
}

void Past::decide(const Decided& decision) {
    const std::lock_guard lock(mutex_);
    if (!commits(decision) || !off_.empty()) {
        return;
    }
    const std::size_t next = next_decision(place_);
    const auto* then = next < events_.size() ? &std::get<Decided>(events_[next].body) : nullptr;
    if (then == nullptr || then->step != decision.step || then->answer != decision.answer) {
        leave_for(decision.step);
        return;
    }
    place_ = next + 1;
    now_ = events_[next].at;
    changed_ = true;
    ++kept_;
}

bool Past::look_again() {
    const std::lock_guard lock(mutex_);
    const auto next = next_look();
    const bool there = next != looks_.end() && *next < next_decision(place_);
    if (there) {
        place_ = look_ = *next;
        now_ = events_[place_].at;
        changed_ = false;
    } else if (changed_ && off_.empty()) {
        off_ = "The record holds no diagnosis after that.";
    }
    return there;
}

std::optional<Event> Past::next_of_watch() {
    const std::lock_guard lock(mutex_);
    const auto look = next_look();
    const std::size_t end = std::min(next_decision(place_), look == looks_.end() ? events_.size() : *look);
    for (std::size_t i = place_; i < end; ++i) {
        if (of_watch(events_[i])) {
            place_ = i + 1;
            now_ = events_[i].at;
            return events_[i];
        }
    }
    return std::nullopt;
}

std::string Past::off() const {
    const std::lock_guard lock(mutex_);
    return off_;
}

std::size_t Past::kept() const {
    const std::lock_guard lock(mutex_);
    return kept_;
}

std::vector<PastDeed> deeds_of(const std::vector<Event>& events) {
    std::vector<PastDeed> deeds;
    for (const auto& event : events) {
        if (const auto* decided = std::get_if<Decided>(&event.body); decided != nullptr && commits(*decided)) {
            deeds.push_back({event.at, decided->step, decided->answer});
        }
    }
    return deeds;
}

}  // namespace memrb::drill
