#include "system/head_start.h"

#include "base/unique_fd.h"
#include "system/output_sink.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace memrb::system {

namespace {

// An answer is kept whole until its step writes it down; one that is larger is asked for again.
constexpr Bytes most_kept = Bytes{128} << 20U;

/// Requested by its owner, or by the one that it was made of.
class OwnStop final : public Stop {
public:
    explicit OwnStop(const Stop& outer) : outer_(outer) {
        watch(own_.get());
        if (outer_.poll_fd() >= 0) {
            watch(outer_.poll_fd());
        }
    }
    void request() {
        requested_ = true;
        const std::uint64_t one = 1;
        static_cast<void>(::write(own_.get(), &one, sizeof one) == 0);
    }
    [[nodiscard]] bool requested() const override { return requested_ || outer_.requested(); }
    [[nodiscard]] int poll_fd() const override { return both_.get(); }

private:
    void watch(int fd) const {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.fd = fd;
        static_cast<void>(::epoll_ctl(both_.get(), EPOLL_CTL_ADD, fd, &event));
    }

    const Stop& outer_;
    std::atomic<bool> requested_ = false;
    base::UniqueFd own_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    base::UniqueFd both_{::epoll_create1(EPOLL_CLOEXEC)};
};

// What the step itself would have kept of it in memory and on disk.
Output kept_as(const Output& whole, std::string_view kind, const RunContext& context, const base::Secrets* secrets) {
    OutputSink sink(context.keep, SpillFile(context.spill_dir, context.step, kind, context.spill_cap, secrets));
    if (whole.total > 0) {
        sink.append(whole.head);
        sink.append(whole.tail);
    }
    return sink.finish();
}

}  // namespace

/// One request that is being done, or was.
class HeadStart::Begun {
public:
    Begun(Early early, Runner& below, const Stop& stop) : request_(std::move(early.request)), stop_(stop) {
        context_.step = std::move(early.step);
        context_.timeout = early.timeout;
        context_.keep = most_kept;
        worker_ = std::jthread([this, &below] {
            Outcome outcome = below.run(request_, context_, stop_);
            const std::lock_guard lock(mutex_);
            outcome_ = std::move(outcome);
            done_.notify_all();
        });
    }
    ~Begun() { stop_.request(); }  // and waits for the worker
    Begun(const Begun&) = delete;
    Begun& operator=(const Begun&) = delete;
    Begun(Begun&&) = delete;
    Begun& operator=(Begun&&) = delete;

    [[nodiscard]] const Request& request() const { return request_; }
    void give_up() { stop_.request(); }

    Outcome answer() {
        std::unique_lock lock(mutex_);
        done_.wait(lock, [&] { return outcome_.has_value(); });
        return *outcome_;
    }

private:
    Request request_;
    RunContext context_;
    OwnStop stop_;
    std::mutex mutex_;
    std::condition_variable done_;
    std::optional<Outcome> outcome_;
    std::jthread worker_;  // last: it uses all that is above
};

HeadStart::HeadStart(std::unique_ptr<Runner> below, const Stop& stop, const base::Secrets* secrets)
    : below_(std::move(below)), stop_(stop), secrets_(secrets) {}

HeadStart::~HeadStart() {
    forget();
}

void HeadStart::begin(std::vector<Early> reads) {
    const std::lock_guard lock(mutex_);
    for (auto& early : reads) {
        try {
            begun_.push_back(std::make_shared<Begun>(std::move(early), *below_, stop_));
        } catch (const std::system_error&) {
            return;  // no more threads to be had: the steps themselves will ask
        }
    }
}

std::shared_ptr<HeadStart::Begun> HeadStart::find(const Request& request, bool take) {
    const std::lock_guard lock(mutex_);
    const auto found =
        std::find_if(begun_.begin(), begun_.end(), [&](const auto& one) { return one->request() == request; });
    if (found == begun_.end()) {
        return nullptr;
    }
    auto one = *found;
    if (take) {
        begun_.erase(found);
    }
    return one;
}

Outcome HeadStart::run(const Request& request, const RunContext& context, const Stop& stop) {
    const auto begun = find(request, true);
    if (begun == nullptr) {
        return below_->run(request, context, stop);
    }
    if (context.launched) {
        context.launched();
    }
    Outcome outcome = begun->answer();
    if (outcome.out.truncated() || outcome.err.truncated()) {
        return below_->run(request, context, stop);
    }
    outcome.out = kept_as(outcome.out, "out", context, secrets_);
    outcome.err = kept_as(outcome.err, "err", context, secrets_);
    return outcome;
}

Outcome HeadStart::Lookups::run(const Request& request, const RunContext& context, const Stop& stop) {
    const auto begun = all_.find(request, false);
    return begun == nullptr ? all_.below_->run(request, context, stop) : begun->answer();
}

void HeadStart::forget() {
    std::vector<std::shared_ptr<Begun>> all;
    {
        const std::lock_guard lock(mutex_);
        all.swap(begun_);
    }
    for (const auto& one : all) {
        one->give_up();  // all at once, then their threads are waited for
    }
}

}  // namespace memrb::system
