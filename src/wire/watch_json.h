#pragma once

#include "memrb/recovery.h"
#include "wire/fields.h"

namespace memrb::wire {

/// What a watch for recovery saw and how it ended: the members of the events `watch_sampled` and `watch_ended`, which
/// are also those of `memrb/watch/v1` (docs/json.md).
Json to_json(const WatchSample& sample);
Json to_json(const WatchResult& result);
Json to_json(const Criterion& criterion);

WatchSample watch_sample_from(const Fields& fields);
WatchResult watch_result_from(const Fields& fields);

}  // namespace memrb::wire
