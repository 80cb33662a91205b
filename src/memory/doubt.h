#pragma once

#include "memory/features.h"
#include "memory/history.h"
#include "memory/trend.h"
#include "memrb/assessment.h"

namespace memrb::memory {

/// Takes growth back that something harmless explains as well: page cache, which the kernel can drop (then judged is
/// the anonymous memory); a load that rises itself (then judged is what is left when the load is taken off); or the
/// flank of a day, if less than a day is seen and the container has been up for longer than growth at this rate can
/// have lasted. The last one becomes insufficient_data: only waiting tells.
/// `shared`: bytes of `file` that cannot be dropped (tmpfs), if known.
void doubt_growth(const History& history, const Companions& companions, std::optional<Bytes> shared, Timestamp now,
                  JudgedTrend& judged);

}  // namespace memrb::memory
