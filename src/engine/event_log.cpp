#include "engine/event_log.h"

#include <utility>

namespace memrb::engine {

void EventLog::emit(EventBody body, bool durable) {
    const std::lock_guard lock(turn_);
    if (lazy_ > 0 && !durable) {
        waiting_.push_back(std::move(body));
        return;
    }
    hand_on_waiting();
    hand_on(std::move(body), durable);
}

void EventLog::settle() {
    const std::lock_guard lock(turn_);
    hand_on_waiting();
}

void EventLog::hand_on_waiting() {
    for (auto& body : std::exchange(waiting_, {})) {
        hand_on(std::move(body), false);
    }
}

void EventLog::hand_on(EventBody body, bool durable) {
    const Event event = recorded(std::move(body), durable);
    last_seq_ = event.seq;
    last_at_ = event.at;
    for (Observer* observer : observers_) {
        observer->on_event(event);
    }
}

EventLog::Lazily::Lazily(EventLog& log) : log_(log) {
    const std::lock_guard lock(log_.turn_);
    ++log_.lazy_;
}

EventLog::Lazily::~Lazily() {
    const std::lock_guard lock(log_.turn_);
    --log_.lazy_;
    log_.hand_on_waiting();
}

Event EventLog::recorded(EventBody body, bool durable) {
    if (problems_.empty()) {
        auto event = journal_.append(body, durable);
        if (event) {
            return *std::move(event);
        }
        problems_.push_back("not recorded any more: " + event.error().message);
    }
    return {last_seq_ + 1, last_at_, std::move(body)};
}

EventLog::Attached::Attached(EventLog& log, std::vector<Observer*> observers) : log_(log) {
    const std::lock_guard lock(log_.turn_);
    former_ = log_.observers_;
    log_.observers_.insert(log_.observers_.end(), observers.begin(), observers.end());
}

EventLog::Attached::~Attached() {
    const std::lock_guard lock(log_.turn_);
    log_.observers_ = former_;
}

std::vector<std::string> EventLog::problems() const {
    const std::lock_guard lock(turn_);
    return problems_;
}

}  // namespace memrb::engine
