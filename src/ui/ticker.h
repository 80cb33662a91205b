#pragma once

#include "memrb/units.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace memrb::ui {

/// Calls `tick` every `period` on a thread of its own while it is running. The thread takes no signals.
class Ticker {
public:
    Ticker(Milliseconds period, std::function<void()> tick) : period_(period), tick_(std::move(tick)) {}
    ~Ticker() { stop(); }
    Ticker(const Ticker&) = delete;
    Ticker& operator=(const Ticker&) = delete;
    Ticker(Ticker&&) = delete;
    Ticker& operator=(Ticker&&) = delete;

    void start();  ///< does nothing if it runs
    void stop();   ///< returns when no tick is under way; not to be called with a lock that `tick` takes

private:
    void loop();

    Milliseconds period_;
    std::function<void()> tick_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace memrb::ui
