#include "incident/outputs.h"

#include "base/digest.h"
#include "base/text.h"
#include "base/unique_fd.h"
#include "incident/files.h"
#include "memrb/units.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <fmt/core.h>
#include <algorithm>
#include <cerrno>

namespace memrb::incident {

namespace {

constexpr std::uint64_t piece = std::uint64_t{1} << 20U;  ///< what is read at once for a digest
constexpr std::string_view folder_prefix = "outputs/";
constexpr std::uint64_t most_in_memory = std::uint64_t{128} << 20U;  // twice what a step's output may fill on disk

// How many of an output's bytes were the head. A tail that is not in the record is at the end of the file, and was as
// long as the head or a byte longer (system/output_sink.h).
std::uint64_t head_size(const Output& output) {
    const std::uint64_t kept = output.total - output.dropped;
    const bool tail_in_file = output.in_file == output.total;
    return !tail_in_file        ? kept - std::min<std::uint64_t>(kept, output.tail.size())
           : output.truncated() ? kept / 2
                                : kept;
}

tl::unexpected<Error> not_as_recorded(const std::string& name, const std::string& what) {
    return fail(Fault::failed, fmt::format("{}: {}", base::printable(name), what));
}

Result<base::UniqueFd> open_in(const std::filesystem::path& folder, const std::string& name) {
    if (auto safe = check_file_name(name); !safe) {
        return tl::unexpected(safe.error());
    }
    // The folder `outputs` itself must be no link either; check_file_name saw that there is nothing between.
    const auto outputs = folder / "outputs";
    struct stat info{};
    if (::lstat(outputs.c_str(), &info) != 0 || !S_ISDIR(info.st_mode)) {
        return fail_errno("read", outputs, S_ISLNK(info.st_mode) ? ELOOP : ENOENT);
    }
    return open_regular(folder / name);
}

}  // namespace

Result<void> check_file_name(std::string_view name) {
    const std::string_view file = name.starts_with(folder_prefix) ? name.substr(folder_prefix.size()) : "";
    if (file.empty() || file.size() > 255 || file.front() == '.' || file.find('/') != std::string_view::npos ||
        file.find('\0') != std::string_view::npos) {
        return fail(Fault::failed,
                    fmt::format("`{}` cannot be the file of a recorded output", base::printable(name.substr(0, 100))));
    }
    return {};
}

Result<std::uint64_t> FolderFiles::size(const std::string& name) const {
    const auto fd = open_in(folder_, name);
    return fd ? size_of(*fd, folder_ / name) : tl::unexpected(fd.error());
}

Result<std::string> FolderFiles::read(const std::string& name, std::uint64_t from, std::size_t count) const {
    const auto fd = open_in(folder_, name);
    return fd ? read_at(*fd, from, count, folder_ / name) : tl::unexpected(fd.error());
}

Result<const std::string*> MemoryFiles::find(const std::string& name) const {
    const auto found = files_.find(name);
    if (found == files_.end()) {
        return not_as_recorded(name, "there is no such file in the record");
    }
    return &found->second;
}

Result<std::uint64_t> MemoryFiles::size(const std::string& name) const {
    return find(name).map([](const std::string* bytes) { return static_cast<std::uint64_t>(bytes->size()); });
}

Result<std::string> MemoryFiles::read(const std::string& name, std::uint64_t from, std::size_t count) const {
    const auto bytes = find(name);
    if (!bytes) {
        return tl::unexpected(bytes.error());
    }
    if (from > (*bytes)->size() || count > (*bytes)->size() - from) {
        return not_as_recorded(name, "it is shorter than the record says");
    }
    return (*bytes)->substr(static_cast<std::size_t>(from), count);
}

Result<std::string> digest_of(const OutputFiles& files, const std::string& name, std::uint64_t size) {
    base::Sha256 digest;
    for (std::uint64_t from = 0; from < size; from += piece) {
        const auto bytes = files.read(name, from, static_cast<std::size_t>(std::min(piece, size - from)));
        if (!bytes) {
            return tl::unexpected(bytes.error());
        }
        digest.add(*bytes);
    }
    return digest.finish();
}

Result<Output> with_bytes(Output output, const OutputFiles& files) {
    if (output.file.empty()) {
        return output;
    }
    const auto size = files.size(output.file);
    if (!size) {
        return tl::unexpected(size.error());
    }
    if (*size != output.in_file) {
        return not_as_recorded(output.file,
                               fmt::format("it has {} bytes where the record says {}", *size, output.in_file));
    }
    const std::uint64_t kept = output.total - output.dropped;
    if (kept > most_in_memory) {
        return not_as_recorded(output.file, fmt::format("{} are too much to be held in memory", format_bytes(kept)));
    }
    const std::uint64_t head = head_size(output);
    if (output.head.empty() && head != 0) {
        auto bytes = files.read(output.file, 0, static_cast<std::size_t>(head));
        if (!bytes) {
            return tl::unexpected(bytes.error());
        }
        output.head = *std::move(bytes);
    }
    if (output.tail.empty() && head < kept) {
        auto bytes = files.read(output.file, output.in_file - (kept - head), static_cast<std::size_t>(kept - head));
        if (!bytes) {
            return tl::unexpected(bytes.error());
        }
        output.tail = *std::move(bytes);
    }
    return output;
}

Result<Outcome> with_bytes(Outcome outcome, const OutputFiles& files) {
    auto out = with_bytes(std::move(outcome.out), files);
    if (!out) {
        return tl::unexpected(out.error());
    }
    auto err = with_bytes(std::move(outcome.err), files);
    if (!err) {
        return tl::unexpected(err.error());
    }
    outcome.out = *std::move(out);
    outcome.err = *std::move(err);
    return outcome;
}

}  // namespace memrb::incident
