#pragma once

#include "memrb/outcome.h"
#include "system/spill_file.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace memrb::system {

/// Takes one output stream of any length in bounded memory: its first and last bytes are kept, all of it is counted,
/// and a spill file gets as much as its cap allows.
class OutputSink {
public:
    /// Keeps `keep` bytes: half as head, half as tail.
    OutputSink(std::size_t keep, SpillFile spill);

    /// One read(2) of a descriptor that poll() called readable. False at the end of the stream.
    bool read_from(int fd);
    void append(std::string_view bytes);

    [[nodiscard]] std::uint64_t total() const { return total_; }
    /// The sink is empty afterwards.
    [[nodiscard]] Output finish();

private:
    [[nodiscard]] std::ptrdiff_t read_into_ring(int fd);
    void keep_in_ring(std::string_view bytes);
    [[nodiscard]] std::string unrolled_tail() const;

    std::size_t head_size_;
    std::size_t ring_size_;
    std::string head_;
    std::unique_ptr<char[]> ring_;  ///< made when the head is full; a flood is read straight into it, without a copy
    std::size_t ring_end_ = 0;      ///< where the next byte goes
    std::uint64_t total_ = 0;
    SpillFile spill_;
};

}  // namespace memrb::system
