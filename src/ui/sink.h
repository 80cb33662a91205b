#pragma once

#include <iosfwd>
#include <string_view>

namespace memrb::ui {

/// Where text goes. Thread-safe implementations are not demanded: one writer at a time.
class Sink {
public:
    virtual ~Sink() = default;
    /// Writes all of it, at once visible. False: nobody reads any more (a closed pipe, a full disk); nothing is written
    /// from then on, and nobody complains.
    virtual bool write(std::string_view text) = 0;
    /// write() has failed once.
    [[nodiscard]] virtual bool broken() const = 0;
};

/// A descriptor that somebody else owns: stdout or stderr. SIGPIPE must be ignored or may end the process.
class FdSink final : public Sink {
public:
    explicit FdSink(int fd) : fd_(fd) {}
    bool write(std::string_view text) override;
    [[nodiscard]] bool broken() const override { return broken_; }

private:
    int fd_;
    bool broken_ = false;
};

class StreamSink final : public Sink {
public:
    explicit StreamSink(std::ostream& stream) : stream_(stream) {}
    bool write(std::string_view text) override;
    [[nodiscard]] bool broken() const override { return broken_; }

private:
    std::ostream& stream_;
    bool broken_ = false;
};

}  // namespace memrb::ui
