#include "incident/archive.h"

#include "base/text.h"
#include "incident/files.h"
#include "incident/load.h"
#include "incident/names.h"
#include "incident/outputs.h"
#include "incident/tar.h"
#include "incident/verify.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/core.h>
#include <algorithm>
#include <cerrno>
#include <set>
#include <utility>

namespace memrb::incident {

namespace {

constexpr std::string_view journal_name = "journal.jsonl";
constexpr std::string_view imported_name = "imported";
constexpr std::uint64_t piece = std::uint64_t{1} << 20U;
constexpr std::uint64_t most_bytes = std::uint64_t{8} << 30U;  ///< of one archive, unpacked
constexpr std::size_t most_files = 100'000;

/// A file that is removed again unless it was kept.
class NewFile {
public:
    static Result<NewFile> create(const std::filesystem::path& path) {
        base::UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (!fd) {
            return fail_errno("write", path, errno);
        }
        return NewFile(path, std::move(fd));
    }
    NewFile(NewFile&& other) noexcept : path_(std::exchange(other.path_, {})), fd_(std::move(other.fd_)) {}
    NewFile& operator=(NewFile&&) = delete;
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;
    ~NewFile() {
        if (!path_.empty()) {
            ::unlink(path_.c_str());
        }
    }

    Result<void> write(std::string_view bytes) {
        const int error = write_all(fd_.get(), bytes);
        return error == 0 ? Result<void>() : fail_errno("write", path_, error);
    }
    Result<void> keep() {
        if (::fsync(fd_.get()) != 0) {
            return fail_errno("flush", path_, errno);
        }
        path_.clear();
        return {};
    }

private:
    NewFile(std::filesystem::path path, base::UniqueFd fd) : path_(std::move(path)), fd_(std::move(fd)) {}

    std::filesystem::path path_;
    base::UniqueFd fd_;
};

Result<void> pack(const std::filesystem::path& path, const std::string& name, const Entry& entry, NewFile& out) {
    const auto fd = open_regular(path);
    if (!fd) {
        return tl::unexpected(fd.error());
    }
    const auto size = size_of(*fd, path);
    if (!size) {
        return tl::unexpected(size.error());
    }
    auto header = tar_header({entry.folder.filename().string() + "/" + name, *size}, entry.at);
    if (!header) {
        return tl::unexpected(header.error());
    }
    if (auto written = out.write(*header); !written) {
        return written;
    }
    for (std::uint64_t from = 0; from < *size; from += piece) {
        const auto bytes = read_at(*fd, from, static_cast<std::size_t>(std::min(piece, *size - from)), path);
        if (!bytes) {
            return tl::unexpected(bytes.error());
        }
        if (auto written = out.write(*bytes); !written) {
            return written;
        }
    }
    return out.write(tar_padding(*size));
}

std::set<std::string> outputs_in(const Record& record) {
    std::set<std::string> names;
    for (const auto& event : record.events) {
        if (const auto* finished = std::get_if<StepFinished>(&event.body)) {
            names.insert(finished->outcome.out.file);
            names.insert(finished->outcome.err.file);
        }
    }
    names.erase("");
    return names;
}

tl::unexpected<Error> not_an_export(const std::filesystem::path& file, std::string_view why) {
    return fail(Fault::usage, fmt::format("{} is no exported incident: {}", base::printable(file.native()), why));
}

/// Unpacks into a folder that is removed again unless it was kept.
class Unpacker {
public:
    Unpacker(const std::filesystem::path& file, std::filesystem::path folder)
        : file_(file), folder_(std::move(folder)) {}
    ~Unpacker() {
        if (!kept_) {
            std::error_code none;
            std::filesystem::remove_all(folder_, none);
        }
    }
    Unpacker(const Unpacker&) = delete;
    Unpacker& operator=(const Unpacker&) = delete;
    Unpacker(Unpacker&&) = delete;
    Unpacker& operator=(Unpacker&&) = delete;

    Result<void> run() {
        const auto fd = open_regular(file_);
        if (!fd) {
            return tl::unexpected(fd.error());
        }
        const auto size = size_of(*fd, file_);
        if (!size) {
            return tl::unexpected(size.error());
        }
        for (const auto& folder : {folder_, folder_ / "outputs"}) {
            if (::mkdir(folder.c_str(), 0700) != 0) {
                return fail_errno("make the folder", folder, errno);
            }
        }
        std::uint64_t at = 0;
        while (at + tar_block <= *size) {
            const auto block = read_at(*fd, at, tar_block, file_);
            if (!block) {
                return tl::unexpected(block.error());
            }
            const auto member = read_tar_header(*block);
            if (!member) {
                return not_an_export(file_, member.error().message);
            }
            at += tar_block;
            if (!*member) {
                break;  // the end
            }
            const std::string shown = base::printable((*member)->name);
            unpacked_ += (*member)->size;
            if (unpacked_ > most_bytes || ++files_ > most_files) {
                return not_an_export(file_, fmt::format("with `{}` it is too large", shown));
            }
            if ((*member)->size > *size - at) {
                return not_an_export(file_, fmt::format("`{}` in it is cut off", shown));
            }
            if (auto done = take(*fd, **member, at); !done) {
                return done;
            }
            at += (*member)->size + tar_padding((*member)->size).size();
        }
        return name_.empty() ? not_an_export(file_, "there is no journal in it") : Result<void>();
    }

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

    Result<void> keep_as(const std::filesystem::path& path) {
        if (::renameat2(AT_FDCWD, folder_.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) != 0) {
            return errno == EEXIST ? fail(Fault::usage, fmt::format("the incident in {} is there already",
                                                                    base::printable(path.native())))
                                   : fail_errno("make the folder", path, errno);
        }
        kept_ = true;
        return {};
    }

private:
    Result<void> take(const base::UniqueFd& fd, const TarMember& member, std::uint64_t from) {
        const auto slash = member.name.find('/');
        const std::string folder = member.name.substr(0, slash);
        const std::string file = slash == std::string::npos ? "" : member.name.substr(slash + 1);
        if (!parse_folder_name(folder) || (!name_.empty() && folder != name_) ||
            (name_.empty() && file != journal_name) || (file != journal_name && !check_file_name(file)) ||
            !seen_.insert(file).second) {
            return not_an_export(file_, fmt::format("it has `{}` in it", base::printable(member.name)));
        }
        name_ = folder;
        auto out = NewFile::create(folder_ / file);
        if (!out) {
            return tl::unexpected(out.error());
        }
        for (std::uint64_t done = 0; done < member.size; done += piece) {
            const auto bytes =
                read_at(fd, from + done, static_cast<std::size_t>(std::min(piece, member.size - done)), file_);
            if (!bytes) {
                return tl::unexpected(bytes.error());
            }
            if (auto written = out->write(*bytes); !written) {
                return written;
            }
        }
        return out->keep();
    }

    const std::filesystem::path& file_;
    std::filesystem::path folder_;
    std::string name_;
    std::uint64_t unpacked_ = 0;
    std::size_t files_ = 0;
    std::set<std::string> seen_;
    bool kept_ = false;
};

}  // namespace

Result<void> export_incident(const Entry& entry, const std::filesystem::path& file) {
    const auto record = load(entry.folder);
    if (!record) {
        return tl::unexpected(record.error());
    }
    auto out = NewFile::create(file);
    if (!out) {
        return tl::unexpected(out.error());
    }
    if (auto packed = pack(journal_path(entry.folder), std::string(journal_name), entry, *out); !packed) {
        return packed;
    }
    for (const auto& name : outputs_in(*record)) {
        if (auto safe = check_file_name(name); !safe) {
            return safe;
        }
        if (auto packed = pack(entry.folder / name, name, entry, *out); !packed) {
            return packed;
        }
    }
    if (auto ended = out->write(std::string(2 * tar_block, '\0')); !ended) {
        return ended;
    }
    return out->keep();
}

Result<Entry> import_incident(const Store& store, const std::filesystem::path& file) {
    const auto& incidents = store.incidents();
    if (auto made = make_private_folder(incidents); !made) {
        return tl::unexpected(made.error());
    }
    Unpacker unpacker(file, incidents / fmt::format(".import-{}", ::getpid()));
    if (auto unpacked = unpacker.run(); !unpacked) {
        return tl::unexpected(unpacked.error());
    }
    const auto proof = verify(unpacker.folder());
    if (!proof) {
        return tl::unexpected(proof.error());
    }
    if (!proof->holds()) {
        const std::string why = proof->broken_line != 0
                                    ? fmt::format("line {} of its journal: {}", proof->broken_line, proof->broken_why)
                                    : proof->broken_files.front();
        return not_an_export(file, "it is not as it was written: " + why);
    }
    auto mark = NewFile::create(unpacker.folder() / imported_name);
    if (!mark) {
        return tl::unexpected(mark.error());
    }
    if (auto kept = mark->keep(); !kept) {
        return tl::unexpected(kept.error());
    }
    if (auto kept = unpacker.keep_as(incidents / unpacker.name()); !kept) {
        return tl::unexpected(kept.error());
    }
    return store.find(unpacker.name());
}

bool is_imported(const std::filesystem::path& folder) {
    struct stat info{};
    return ::lstat((folder / imported_name).c_str(), &info) == 0;
}

}  // namespace memrb::incident
