#pragma once

#include "memrb/event.h"
#include "memrb/outcome.h"
#include "memrb/request.h"
#include "memrb/result.h"
#include "memrb/units.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

namespace memrb {

/// Told from outside that the work at hand shall end (Ctrl-C, SIGTERM). Thread-safe.
class Stop {
public:
    virtual ~Stop() = default;
    [[nodiscard]] virtual bool requested() const = 0;
    /// Readable for poll() from the moment it is requested; -1: there is none.
    [[nodiscard]] virtual int poll_fd() const = 0;
};

/// How one request is to be run.
struct RunContext {
    std::string step;                    ///< step id, empty for lookups
    Milliseconds timeout{30'000};        ///< then TERM to the whole group, 2 s later KILL
    Bytes keep = Bytes{1} << 20U;        ///< per stream kept in memory: half as head, half as tail
    std::filesystem::path spill_dir;     ///< outputs go to <spill_dir>/<step>.out and .err; empty: not kept
    Bytes spill_cap = Bytes{64} << 20U;  ///< per stream
    /// Called, if set, when a program was started and before its end is waited for: what there is to do meanwhile.
    /// Must not throw. Not called where nothing is started; called for each program where a request takes several.
    std::function<void()> launched = {};
};

/// Does requests. Implementations: live (system/), preview and replay (engine/), drill. run() blocks, is called from
/// several threads at once, and never throws: whatever goes wrong is the Outcome's ending.
class Runner {
public:
    virtual ~Runner() = default;
    virtual Outcome run(const Request& request, const RunContext& context, const Stop& stop) = 0;
};

class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Timestamp now() const = 0;
    /// Monotonic, for durations.
    [[nodiscard]] virtual std::chrono::steady_clock::time_point steady() const = 0;
};

/// The record. append() numbers the event, writes one line, and returns when the kernel has it (`durable`: when the
/// disk has it).
class Journal {
public:
    virtual ~Journal() = default;
    virtual Result<Event> append(EventBody body, bool durable) = 0;
    /// The incident's folder, empty if nothing is recorded.
    [[nodiscard]] virtual std::filesystem::path folder() const = 0;
};

/// A view of what happens: terminal, plain text, JSON lines. Calls are serialised by the engine.
class Observer {
public:
    virtual ~Observer() = default;
    virtual void on_event(const Event& event) = 0;
};

}  // namespace memrb
