#include "incident/journal.h"

#include "base/text.h"
#include "incident/archive.h"
#include "incident/files.h"
#include "incident/load.h"
#include "incident/mask_event.h"
#include "incident/outputs.h"
#include "wire/document.h"
#include "wire/event_json.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/core.h>
#include <algorithm>
#include <cerrno>

namespace memrb::incident {

namespace {

// Makes a new name in a folder outlast a power cut. A folder that may be written but not read, and a file system that
// cannot flush folders, are no reason to refuse.
Result<void> flush_folder(const std::filesystem::path& folder) {
    const base::UniqueFd fd(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd && ::fsync(fd.get()) != 0 && errno != EINVAL) {
        return fail_errno("flush", folder, errno);
    }
    return {};
}

// What could not be read back must not be written. A line closes all that it opens and has no room for more levels than
// half its bytes: a short one needs no look.
Result<void> check_line(const std::string& line, const std::filesystem::path& path) {
    const auto limits = line_limits();
    if (line.size() <= std::min(2 * limits.depth, limits.members)) {
        return {};
    }
    if (auto fits = wire::within_limits(line, limits); !fits) {
        return fail(Fault::failed,
                    fmt::format("cannot write {}: the event {}", base::printable(path.native()), fits.error().message));
    }
    return {};
}

// Of the files that the event names, as they are on disk. One that cannot be read has none: `memrb verify` tells.
void add_digests(const Event& event, const std::filesystem::path& folder, wire::Json& json) {
    const auto* finished = std::get_if<StepFinished>(&event.body);
    if (finished == nullptr) {
        return;
    }
    for (const Output* output : {&finished->outcome.out, &finished->outcome.err}) {
        if (!output->file.empty()) {
            if (const auto digest = digest_of(FolderFiles(folder), output->file, output->in_file)) {
                json["sha256"][output->file] = *digest;
            }
        }
    }
}

}  // namespace

FileJournal::FileJournal(std::filesystem::path folder, const Clock& clock, const base::Secrets* secrets,
                         WriterLock lock, base::UniqueFd fd)
    : folder_(std::move(folder)),
      path_(journal_path(folder_)),
      clock_(clock),
      secrets_(secrets),
      lock_(std::move(lock)),
      fd_(std::move(fd)) {}

Result<std::unique_ptr<FileJournal>> FileJournal::open(const std::filesystem::path& folder, const Clock& clock,
                                                       const base::Secrets* secrets) {
    if (is_imported(folder)) {
        return fail(Fault::usage,
                    fmt::format("the incident in {} was imported: it can be read, and is never written to",
                                base::printable(folder.native())));
    }
    auto lock = WriterLock::take(folder, clock.now());
    if (!lock) {
        return tl::unexpected(lock.error());
    }
    const auto path = journal_path(folder);
    base::UniqueFd fd(::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600));
    struct stat info{};
    if (!fd || ::fstat(fd.get(), &info) != 0) {
        return fail_errno("write", path, errno);
    }
    if (!S_ISREG(info.st_mode)) {
        return fail(Fault::failed, fmt::format("cannot write {}: it is no file", base::printable(path.native())));
    }
    std::unique_ptr<FileJournal> journal(new FileJournal(folder, clock, secrets, *std::move(lock), std::move(fd)));
    if (auto ready = journal->recover(); !ready) {
        return tl::unexpected(ready.error());
    }
    return journal;
}

Result<void> FileJournal::recover() {
    const auto record = load(folder_);
    if (!record) {
        return tl::unexpected(record.error());
    }
    last_seq_ = record->events.size();
    chain_.go_on_behind(record->last_hash);
    size_ = record->whole_bytes;
    if (!record->torn.empty()) {
        if (auto saved = save_torn(record->torn); !saved) {
            return saved;
        }
        if (::ftruncate(fd_.get(), static_cast<off_t>(size_)) != 0 || ::fdatasync(fd_.get()) != 0) {
            return fail_errno("write", path_, errno);
        }
        recovered_ = fmt::format("the last line of {} was torn: its {} bytes were moved to journal.torn",
                                 base::printable(path_.native()), record->torn.size());
    }
    return {};
}

Result<void> FileJournal::save_torn(std::string_view bytes) {
    const auto path = folder_ / "journal.torn";
    const base::UniqueFd fd(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
    int error = fd ? write_all(fd.get(), std::string(bytes) + "\n") : errno;
    if (error == 0 && ::fdatasync(fd.get()) != 0) {
        error = errno;
    }
    return error == 0 ? Result<void>() : fail_errno("write", path, error);
}

Result<Event> FileJournal::append(EventBody body, bool durable) {
    const std::size_t masked = secrets_ == nullptr ? 0 : mask(body, *secrets_);
    const std::lock_guard lock(turn_);
    Event event{last_seq_ + 1, clock_.now(), std::move(body)};
    wire::Json json = wire::to_json(event);
    if (masked != 0) {
        json["masked"] = masked;
    }
    add_digests(event, folder_, json);
    std::string line = chain_.seal(wire::dump(json));
    if (auto readable = check_line(line, path_); !readable) {
        return tl::unexpected(readable.error());
    }
    line += '\n';
    if (auto written = write_line(line); !written) {
        return tl::unexpected(written.error());
    }
    chain_.accept();
    last_seq_ = event.seq;
    if (durable) {
        if (auto flushed = flush(); !flushed) {
            return tl::unexpected(flushed.error());
        }
    }
    return event;
}

Result<void> FileJournal::write_line(const std::string& line) {
    // A line that could not be finished (disk full) is taken back, at the latest before the next one.
    if (torn_ && ::ftruncate(fd_.get(), static_cast<off_t>(size_)) != 0) {
        return fail_errno("write", path_, errno);
    }
    torn_ = false;
    ssize_t done = -1;
    do {
        done = ::write(fd_.get(), line.data(), line.size());
    } while (done < 0 && errno == EINTR);
    if (done == static_cast<ssize_t>(line.size())) {
        size_ += line.size();
        return {};
    }
    const int error = done < 0 ? errno : ENOSPC;  // a file takes less than asked only when the disk is full
    torn_ = done > 0 && ::ftruncate(fd_.get(), static_cast<off_t>(size_)) != 0;
    return fail_errno("write", path_, error);
}

Result<void> FileJournal::flush() {
    if (::fdatasync(fd_.get()) != 0) {
        return fail_errno("flush", path_, errno);
    }
    if (!folder_flushed_) {
        for (const auto& folder : {folder_, folder_.parent_path()}) {
            if (auto flushed = flush_folder(folder); !flushed) {
                return flushed;
            }
        }
        folder_flushed_ = true;
    }
    return {};
}

Result<Event> NullJournal::append(EventBody body, bool /*durable*/) {
    if (secrets_ != nullptr) {
        mask(body, *secrets_);
    }
    const std::lock_guard lock(turn_);
    return Event{++last_seq_, clock_.now(), std::move(body)};
}

}  // namespace memrb::incident
