#include "incident/store.h"

#include "base/text.h"
#include "incident/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/core.h>
#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>

namespace memrb::incident {

namespace {

constexpr int most_attempts = 200;

struct DirCloser {
    void operator()(DIR* dir) const { ::closedir(dir); }
};
using DirHandle = std::unique_ptr<DIR, DirCloser>;

// Links are not followed: a record is a folder.
bool is_folder(const DirHandle& dir, const dirent& entry) {
    if (entry.d_type != DT_UNKNOWN) {
        return entry.d_type == DT_DIR;
    }
    struct stat info{};
    return ::fstatat(::dirfd(dir.get()), entry.d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(info.st_mode);
}

std::string shown(const Entry& entry) {
    return fmt::format("{} ({}, {})", entry.id, entry.target, format_rfc3339(entry.at));
}

// Folders that were made by hand or by an older umask are closed to others.
void close_to_others(const std::filesystem::path& path) {
    struct stat info{};
    if (::stat(path.c_str(), &info) == 0 && (info.st_mode & 0077U) != 0 && info.st_uid == ::geteuid()) {
        (void)::chmod(path.c_str(), 0700);  // the incident's own folder is closed in any case
    }
}

tl::unexpected<Error> several(std::string_view wanted, const std::vector<Entry>& matches) {
    constexpr std::size_t most = 5;
    std::vector<std::string> names;
    for (const auto& match : matches) {
        if (names.size() == most) {
            names.emplace_back("...");
            break;
        }
        names.push_back(shown(match));
    }
    const bool same =
        std::all_of(matches.begin(), matches.end(), [&](const Entry& match) { return match.id == matches.front().id; });
    return fail(Fault::usage,
                fmt::format("`{}` means {} incidents: {}", wanted, matches.size(), base::join(names, ", ")),
                same ? "give the folder's name" : "give the whole id");
}

}  // namespace

Result<Entry> Store::create(Timestamp at, std::string_view target, const RandomSource& random) const {
    if (auto made = make_private_folder(incidents_); !made) {
        return tl::unexpected(made.error());
    }
    close_to_others(incidents_);
    for (int attempt = 0; attempt < most_attempts; ++attempt) {
        const std::string id = make_id(random);
        const std::string name = folder_name(at, target, id);
        const auto folder = incidents_ / name;
        if (::mkdir(folder.c_str(), 0700) != 0) {
            if (errno == EEXIST) {
                continue;
            }
            return fail_errno("make the folder", folder, errno);
        }
        // Looked at only now: whoever else takes the same id at this moment sees this folder, or is seen.
        const auto all = list();
        const bool taken =
            all && std::count_if(all->begin(), all->end(), [&](const Entry& entry) { return entry.id == id; }) > 1;
        if (taken) {
            ::rmdir(folder.c_str());
            continue;
        }
        const auto outputs = folder / "outputs";
        if (::mkdir(outputs.c_str(), 0700) != 0) {
            const int error = errno;
            ::rmdir(folder.c_str());
            return fail_errno("make the folder", outputs, error);
        }
        return Entry{id, folder, std::chrono::floor<std::chrono::seconds>(at), parse_folder_name(name)->target};
    }
    return fail(Fault::failed, fmt::format("no free incident id was found in {}", base::printable(incidents_.native())),
                "move old incidents to another folder");
}

Result<std::vector<Entry>> Store::list() const {
    const DirHandle dir(::opendir(incidents_.c_str()));
    if (!dir) {
        if (errno == ENOENT) {
            return std::vector<Entry>{};
        }
        return fail_errno("read", incidents_, errno);
    }
    std::vector<Entry> all;
    errno = 0;
    // NOLINTNEXTLINE(concurrency-mt-unsafe): the stream is this function's own
    while (const dirent* entry = ::readdir(dir.get())) {
        const auto name = parse_folder_name(entry->d_name);
        if (name && is_folder(dir, *entry)) {
            all.push_back({name->id, incidents_ / entry->d_name, name->at, name->target});
        }
        errno = 0;
    }
    if (errno != 0) {
        return fail_errno("read", incidents_, errno);
    }
    std::sort(all.begin(), all.end(),
              [](const Entry& a, const Entry& b) { return a.folder.native() > b.folder.native(); });
    return all;
}

Result<Entry> Store::find(std::string_view wanted) const {
    auto all = list();
    if (!all) {
        return tl::unexpected(all.error());
    }
    std::vector<Entry> matches;
    std::vector<std::string> ids;
    for (auto& entry : *all) {
        if (entry.folder.filename().native() == wanted) {
            return std::move(entry);
        }
        if (is_id_prefix(wanted) && entry.id.starts_with(wanted)) {
            matches.push_back(entry);
        }
        ids.push_back(entry.id);
    }
    if (matches.size() == 1) {
        return std::move(matches.front());
    }
    if (matches.size() > 1) {
        return several(wanted, matches);
    }
    if (ids.empty()) {
        return fail(Fault::usage,
                    fmt::format("there is no incident `{}`: nothing is recorded yet", base::printable(wanted)));
    }
    return fail(Fault::usage,
                fmt::format("there is no incident `{}`{}", base::printable(wanted), base::did_you_mean(wanted, ids)),
                "`memrb history` lists them");
}

}  // namespace memrb::incident
