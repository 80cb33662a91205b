#include "ui/ticker.h"

#include <csignal>

namespace memrb::ui {

void Ticker::start() {
    if (thread_.joinable()) {
        return;
    }
    stopping_ = false;
    // A new thread inherits the mask: signals are for the thread that waits for them.
    sigset_t all{};
    sigset_t before{};
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this] { loop(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void Ticker::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Ticker::loop() {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, period_, [this] { return stopping_; })) {
        lock.unlock();
        tick_();
        lock.lock();
    }
}

}  // namespace memrb::ui
