#include "system/escalation.h"

#include <csignal>

namespace memrb::system {

void Escalation::begin(Cause cause, Moment now) {
    if (cause_ != Cause::none || cause == Cause::none) {
        return;
    }
    cause_ = cause;
    signals_ =
        cause == Cause::timeout ? std::vector<int>{SIGTERM, SIGKILL} : std::vector<int>{SIGINT, SIGTERM, SIGKILL};
    next_ = now;
}

std::optional<int> Escalation::due(Moment now) {
    if (cause_ == Cause::none || kill_sent() || now < next_) {
        return std::nullopt;
    }
    next_ = now + patience;
    return signals_[sent_++];
}

std::optional<Escalation::Moment> Escalation::next() const {
    if (cause_ == Cause::none) {
        return std::nullopt;
    }
    return next_;
}

bool Escalation::exhausted(Moment now) const {
    return kill_sent() && now >= next_;
}

}  // namespace memrb::system
