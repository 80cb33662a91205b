#pragma once

#include "memrb/ports.h"

#include <mutex>
#include <string>
#include <vector>

namespace memrb::engine {

/// Hands each event first to the record, then to the views, one at a time. A record that can no longer be written does
/// not stop a diagnosis: it is told once, in `problems`.
class EventLog {
public:
    EventLog(Journal& journal, std::vector<Observer*> observers)
        : journal_(journal), observers_(std::move(observers)) {}

    void emit(EventBody body, bool durable = false) {
        const std::lock_guard lock(turn_);
        EventBody copy = body;
        auto event = journal_.append(std::move(body), durable);
        if (!event) {
            if (problems_.empty()) {
                problems_.push_back("not recorded any more: " + event.error().message);
            }
            event = Event{0, {}, std::move(copy)};
        }
        for (Observer* observer : observers_) {
            observer->on_event(*event);
        }
    }

    [[nodiscard]] std::filesystem::path folder() const { return journal_.folder(); }
    [[nodiscard]] std::vector<std::string> problems() const {
        const std::lock_guard lock(turn_);
        return problems_;
    }

private:
    Journal& journal_;
    std::vector<Observer*> observers_;
    std::vector<std::string> problems_;
    mutable std::mutex turn_;
};

}  // namespace memrb::engine
