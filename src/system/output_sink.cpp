#include "system/output_sink.h"

#include <fmt/core.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace memrb::system {

namespace {

/// What one read takes at most outside the ring; also the smallest ring worth reading into directly.
constexpr std::size_t scratch_size = 64 * 1024;

}  // namespace

OutputSink::OutputSink(std::size_t keep, SpillFile spill)
    : head_size_(keep / 2), ring_size_(keep - keep / 2), spill_(std::move(spill)) {}

bool OutputSink::read_from(int fd) {
    while (true) {
        std::ptrdiff_t got = 0;
        if (head_.size() == head_size_ && ring_size_ >= scratch_size) {
            got = read_into_ring(fd);
        } else {
            std::array<char, scratch_size> scratch;  // NOLINT(cppcoreguidelines-pro-type-member-init): read fills it
            got = ::read(fd, scratch.data(), scratch.size());
            if (got > 0) {
                append({scratch.data(), static_cast<std::size_t>(got)});
            }
        }
        if (got < 0 && errno == EINTR) {
            continue;
        }
        return got > 0 || (got < 0 && errno == EAGAIN);
    }
}

void OutputSink::append(std::string_view bytes) {
    total_ += bytes.size();
    spill_.write(bytes);
    const std::string_view first = bytes.substr(0, head_size_ - head_.size());
    head_.append(first);
    keep_in_ring(bytes.substr(first.size()));
}

std::ptrdiff_t OutputSink::read_into_ring(int fd) {
    if (!ring_) {
        ring_ = std::make_unique_for_overwrite<char[]>(ring_size_);
    }
    const std::size_t to_edge = ring_size_ - ring_end_;
    const std::array<iovec, 2> parts{iovec{ring_.get() + ring_end_, to_edge}, iovec{ring_.get(), ring_end_}};
    const ssize_t got = ::readv(fd, parts.data(), ring_end_ == 0 ? 1 : 2);
    if (got <= 0) {
        return got;
    }
    const auto bytes = static_cast<std::size_t>(got);
    const std::size_t before_edge = std::min(bytes, to_edge);
    spill_.write({ring_.get() + ring_end_, before_edge});
    spill_.write({ring_.get(), bytes - before_edge});
    ring_end_ = (ring_end_ + bytes) % ring_size_;
    total_ += bytes;
    return got;
}

void OutputSink::keep_in_ring(std::string_view bytes) {
    if (bytes.empty() || ring_size_ == 0) {
        return;
    }
    if (!ring_) {
        ring_ = std::make_unique_for_overwrite<char[]>(ring_size_);
    }
    if (bytes.size() > ring_size_) {
        const std::size_t skipped = bytes.size() - ring_size_;
        ring_end_ = (ring_end_ + skipped) % ring_size_;
        bytes.remove_prefix(skipped);
    }
    const std::size_t before_edge = std::min(bytes.size(), ring_size_ - ring_end_);
    std::memcpy(ring_.get() + ring_end_, bytes.data(), before_edge);
    std::memcpy(ring_.get(), bytes.data() + before_edge, bytes.size() - before_edge);
    ring_end_ = (ring_end_ + bytes.size()) % ring_size_;
}

std::string OutputSink::unrolled_tail() const {
    const std::uint64_t after_head = total_ - head_.size();
    if (after_head <= ring_size_) {
        return {ring_.get(), static_cast<std::size_t>(after_head)};
    }
    std::string tail(ring_.get() + ring_end_, ring_size_ - ring_end_);
    tail.append(ring_.get(), ring_end_);
    return tail;
}

Output OutputSink::finish() {
    Output output;
    if (ring_) {
        output.tail = unrolled_tail();
    }
    output.total = total_;
    output.dropped = total_ - head_.size() - output.tail.size();
    output.head = std::move(head_);
    spill_.finish();
    output.file = spill_.name();
    output.in_file = spill_.written();
    output.note = spill_.problem();
    if (const auto masked = spill_.masked(); masked != 0) {
        output.note += fmt::format("{}{} secret{} in its file {} masked", output.note.empty() ? "" : "; ", masked,
                                   masked == 1 ? "" : "s", masked == 1 ? "is" : "are");
    }
    *this = OutputSink(0, SpillFile());
    return output;
}

}  // namespace memrb::system
