#pragma once

#include "memrb/ports.h"
#include "ui/sink.h"

#include <utility>
#include <vector>

namespace memrb::ui {

/// `-o jsonl`: each event is one line, visible at once. When nobody reads any more it falls silent; Sink::broken()
/// tells.
class JsonlObserver final : public Observer {
public:
    explicit JsonlObserver(Sink& out) : out_(out) {}
    void on_event(const Event& event) override;

private:
    Sink& out_;
};

/// Hands each event to several observers, in order.
class Observers final : public Observer {
public:
    explicit Observers(std::vector<Observer*> all) : all_(std::move(all)) {}
    void on_event(const Event& event) override {
        for (auto* one : all_) {
            one->on_event(event);
        }
    }

private:
    std::vector<Observer*> all_;
};

}  // namespace memrb::ui
