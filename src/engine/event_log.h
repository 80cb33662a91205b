#pragma once

#include "memrb/ports.h"

#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

namespace memrb::engine {

/// Hands each event first to the record, then to the views, one at a time. A record that can no longer be written does
/// not stop a diagnosis: it ends there (a record with a hole would mislead), which is told once, in `problems`. The
/// views then get the events with the number that follows and the time of the last one that was recorded.
class EventLog {
public:
    EventLog(Journal& journal, std::vector<Observer*> observers)
        : journal_(journal), observers_(std::move(observers)) {}

    /// Thread-safe. Observers must not emit.
    void emit(EventBody body, bool durable = false);

    /// While one lives, an event that need not be durable waits for settle(), or for the next that must be: the record
    /// is then written while the programs run, not between them. What waits is neither recorded nor shown.
    class Lazily {
    public:
        explicit Lazily(EventLog& log);
        ~Lazily();
        Lazily(const Lazily&) = delete;
        Lazily& operator=(const Lazily&) = delete;
        Lazily(Lazily&&) = delete;
        Lazily& operator=(Lazily&&) = delete;

    private:
        EventLog& log_;
    };

    /// Records and shows what waits. Thread-safe.
    void settle();

    /// Further views, for as long as this lives; the log must outlive it.
    class Attached {
    public:
        Attached(EventLog& log, std::vector<Observer*> observers);
        ~Attached();
        Attached(const Attached&) = delete;
        Attached& operator=(const Attached&) = delete;
        Attached(Attached&&) = delete;
        Attached& operator=(Attached&&) = delete;

    private:
        EventLog& log_;
        std::vector<Observer*> former_;
    };

    [[nodiscard]] std::filesystem::path folder() const { return journal_.folder(); }
    [[nodiscard]] std::vector<std::string> problems() const;

private:
    void hand_on(EventBody body, bool durable);
    void hand_on_waiting();
    Event recorded(EventBody body, bool durable);

    Journal& journal_;
    std::vector<Observer*> observers_;
    std::vector<std::string> problems_;
    std::vector<EventBody> waiting_;
    std::size_t lazy_ = 0;  ///< how many Lazily live
    std::uint64_t last_seq_ = 0;
    Timestamp last_at_{};
    mutable std::mutex turn_;
};

}  // namespace memrb::engine
