#include "system/spill_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <algorithm>
#include <cctype>
#include <cerrno>
#include <system_error>

namespace memrb::system {

namespace {

constexpr int most_attempts = 1000;
constexpr std::size_t worthwhile = 4096;  ///< less is kept until there is more: most outputs are written at once

std::string file_stem(std::string_view step) {
    std::string stem(step.empty() ? std::string_view("lookup") : step.substr(0, 200));
    std::replace_if(
        stem.begin(), stem.end(),
        [](unsigned char c) { return std::isalnum(c) == 0 && c != '.' && c != '-' && c != '_'; }, '_');
    if (stem.front() == '.') {
        stem.front() = '_';
    }
    return stem;
}

}  // namespace

SpillFile::SpillFile(std::filesystem::path folder, std::string_view step, std::string_view kind, std::uint64_t cap,
                     const base::Secrets* secrets)
    : folder_(std::move(folder)), step_(file_stem(step)), kind_(kind), left_(folder_.empty() ? 0 : cap) {
    if (left_ != 0 && secrets != nullptr) {
        filter_.emplace(*secrets);
    }
}

void SpillFile::write(std::string_view bytes) {
    if (left_ == 0) {
        return;
    }
    if (!filter_) {
        return put(bytes);
    }
    if (held_.empty() && bytes.size() >= worthwhile) {
        return put(filter_->feed(bytes));
    }
    held_ += bytes;
    if (held_.size() >= worthwhile) {
        put(filter_->feed(held_));
        held_.clear();
    }
}

void SpillFile::finish() {
    if (left_ != 0 && filter_) {
        std::string rest(filter_->feed(held_));
        rest += filter_->finish();
        put(rest);
    }
    held_.clear();
    left_ = 0;
}

void SpillFile::put(std::string_view bytes) {
    bytes = bytes.substr(0, std::min<std::uint64_t>(bytes.size(), left_));
    if (bytes.empty() || (!fd_ && !open())) {
        return;
    }
    while (!bytes.empty()) {
        const ssize_t done = ::write(fd_.get(), bytes.data(), bytes.size());
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            give_up(done < 0 ? errno : EIO);
            return;
        }
        bytes.remove_prefix(static_cast<std::size_t>(done));
        written_ += static_cast<std::uint64_t>(done);
        left_ -= static_cast<std::uint64_t>(done);
    }
}

bool SpillFile::open() {
    for (int attempt = 1; attempt <= most_attempts; ++attempt) {
        file_ = attempt == 1 ? fmt::format("{}.{}", step_, kind_) : fmt::format("{}.{}.{}", step_, attempt, kind_);
        fd_.reset(::open((folder_ / file_).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (fd_) {
            return true;
        }
        if (errno != EEXIST) {
            break;
        }
    }
    const int error = errno;
    file_.clear();
    give_up(error);
    return false;
}

void SpillFile::give_up(int error) {
    problem_ = fmt::format("could not be kept on disk: {}", std::generic_category().message(error));
    if (written_ != 0) {
        problem_ = fmt::format("only its first {} bytes could be kept on disk: {}", written_,
                               std::generic_category().message(error));
    }
    left_ = 0;
    fd_.reset();
}

std::string SpillFile::name() const {
    return file_.empty() ? std::string() : (folder_.filename() / file_).string();
}

}  // namespace memrb::system
