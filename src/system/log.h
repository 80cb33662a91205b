#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace memrb::system {

/// memrb's own diary, to find faults in memrb itself; the record of an incident is the journal. Off unless MEMRB_LOG
/// names a destination: `stderr`, or a file (appended to, mode 0600). spdlog is started by the first line. Thread-safe;
/// never throws. Not for secrets: no header, no environment.
class Log {
public:
    /// The value of MEMRB_LOG; empty: off.
    explicit Log(std::string destination);
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;
    Log(Log&&) = delete;
    Log& operator=(Log&&) = delete;
    ~Log();

    [[nodiscard]] bool on() const { return !destination_.empty(); }
    /// One line; what could disturb a terminal is made visible.
    void write(std::string_view text);

private:
    struct Sink;
    std::string destination_;
    std::unique_ptr<Sink> sink_;
};

}  // namespace memrb::system
