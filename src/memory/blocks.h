#pragma once

#include "memory/segments.h"

#include <cstddef>
#include <span>
#include <vector>

namespace memrb::memory {

/// Some neighbouring samples as three numbers. The lows carry the trend: what is above them is given back again.
struct Block {
    double hours = 0;        ///< mean time of its samples since the origin
    double low = 0;          ///< p10
    double mid = 0;          ///< median
    double high = 0;         ///< p90
    std::size_t strand = 0;  ///< number of the segment; blocks of different strands are not compared
};

/// How many blocks n samples make: clamp(n / 5, 12, 96).
std::size_t block_count(std::size_t samples);

Block make_block(std::span<const Point> points, Timestamp origin, std::size_t strand);

/// The same where only the low is asked for: mid and high are left at 0.
Block make_low_block(std::span<const Point> points, Timestamp origin, std::size_t strand);

/// Blocks of nearly equal sample count, in order of time; each lies within one segment. Warm-up is not taken off here.
std::vector<Block> make_blocks(std::span<const Point> points, const std::vector<Segment>& strands, Timestamp origin);

}  // namespace memrb::memory
