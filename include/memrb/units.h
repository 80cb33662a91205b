#pragma once

#include "memrb/result.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace memrb {

using Bytes = std::uint64_t;
using Milliseconds = std::chrono::milliseconds;

/// A moment in UTC with millisecond resolution.
using Timestamp = std::chrono::sys_time<Milliseconds>;

/// Reads a Kubernetes resource quantity: a decimal number with an exact suffix n u m k M G T P E or Ki Mi Gi Ti Pi Ei,
/// or a decimal exponent (`1E3`). Fractions of a byte are rounded up. Rejects negatives, `K`, `MB`, `mi` and overflow.
/// Source: the Kubernetes API's Quantity.
Result<Bytes> parse_quantity(std::string_view text);

/// Reads a size as Docker and Compose write it: `512m`, `2G`, `1.5g`, `64MiB`, `1GB`, `1024`, `300B`. Suffixes are
/// binary except for the printed forms kB, MB, GB, TB, PB of `docker stats` network columns, which are decimal.
Result<Bytes> parse_docker_size(std::string_view text);

/// Reads `250ms`, `30s`, `5m`, `6h`, `2d`, `1w` and sums such as `1h30m`. A bare number and negatives are errors.
Result<Milliseconds> parse_duration(std::string_view text);

/// Reads RFC 3339 with up to nanoseconds (cut to milliseconds) and `Z` or an offset.
Result<Timestamp> parse_rfc3339(std::string_view text);

/// Seconds since the epoch as Prometheus prints them. Cut to the years 0 to 9999; NaN gives the earliest moment.
Timestamp from_unix_seconds(double seconds);
double to_unix_seconds(Timestamp at);

/// `2026-11-21T08:51:07Z`; milliseconds are printed only if they are not zero.
std::string format_rfc3339(Timestamp at);

/// For people: `498 MiB`, `1.5 GiB`, `12 KiB`; three significant digits, binary units.
std::string format_bytes(Bytes bytes);

/// `+86 MiB/h`, `-1.2 GiB/h`, `0 B/h`.
std::string format_rate(double bytes_per_hour);

/// `0.1 s`, `12 s`, `4 min`, `2h14m`, `3d4h`: for people, the two largest units.
std::string format_duration(Milliseconds span);

/// The runbook's own notation, which parse_duration reads back: `5m`, `1h30m`, `250ms`.
std::string format_exact_duration(Milliseconds span);

/// 0.973 as `97 %`. Never rounds up to a threshold that was not reached: 0.9999 is `99 %`.
std::string format_percent(double ratio);

}  // namespace memrb
