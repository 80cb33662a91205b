#pragma once

#include "base/secrets.h"
#include "incident/chain.h"
#include "incident/writer_lock.h"
#include "memrb/ports.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

namespace memrb::incident {

/// The record of one incident: `journal.jsonl` in its folder, one event on each line, only ever appended to, each
/// chained to the one before it (chain.h). One writer at a time. Thread-safe.
class FileJournal final : public Journal {
public:
    /// Opens the journal of `folder` (which must exist), makes it if there is none, and goes on behind its last event.
    /// A torn last line, left by a crash, is cut off after it was saved to `journal.torn`. `clock` must outlive it, and
    /// so must `secrets`: they are masked in each event before it is written; null: nothing is. Errors: another memrb
    /// writes it (stale), it was imported (usage), the journal is broken elsewhere, the folder cannot be written.
    static Result<std::unique_ptr<FileJournal>> open(const std::filesystem::path& folder, const Clock& clock,
                                                     const base::Secrets* secrets = nullptr);

    /// The event comes back as it was recorded: masked. An error means that the event is not on record, save after a
    /// failed flush, when it may be. Nothing half-written stays behind; later events may be tried.
    Result<Event> append(EventBody body, bool durable) override;

    [[nodiscard]] std::filesystem::path folder() const override { return folder_; }

    /// What open() found and mended, for a person; empty: nothing.
    [[nodiscard]] const std::string& recovered() const { return recovered_; }

private:
    FileJournal(std::filesystem::path folder, const Clock& clock, const base::Secrets* secrets, WriterLock lock,
                base::UniqueFd fd);

    Result<void> recover();
    Result<void> save_torn(std::string_view bytes);
    Result<void> write_line(const std::string& line);
    Result<void> flush();

    const std::filesystem::path folder_;
    const std::filesystem::path path_;
    const Clock& clock_;
    const base::Secrets* secrets_;
    WriterLock lock_;
    base::UniqueFd fd_;
    std::string recovered_;
    std::mutex turn_;
    Chain chain_;
    std::uint64_t last_seq_ = 0;
    std::uint64_t size_ = 0;  ///< of the whole lines in the file
    bool torn_ = false;       ///< a line may be half written behind size_
    bool folder_flushed_ = false;
};

/// Records nothing; numbers the events all the same. For when the state folder cannot be written, and for dry runs.
/// Thread-safe.
class NullJournal final : public Journal {
public:
    /// Both must outlive it; `secrets` are masked, null: nothing is.
    explicit NullJournal(const Clock& clock, const base::Secrets* secrets = nullptr)
        : clock_(clock), secrets_(secrets) {}

    Result<Event> append(EventBody body, bool durable) override;
    [[nodiscard]] std::filesystem::path folder() const override { return {}; }

private:
    const Clock& clock_;
    const base::Secrets* secrets_;
    std::mutex turn_;
    std::uint64_t last_seq_ = 0;
};

}  // namespace memrb::incident
