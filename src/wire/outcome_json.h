#pragma once

#include "memrb/outcome.h"
#include "wire/target_json.h"

namespace memrb::wire {

/// `{"kind":"exited","code":1}`. Round trips.
Json to_json(const Ending& ending);
Result<Ending> ending_from_json(const Json& json);

/// The ending, counts, times and the names of the output files: what was said is in those files, not here. An output
/// that has no file carries its text (`"text"`), so that nothing is lost.
Json to_json(const Outcome& outcome);
Result<Outcome> outcome_from_json(const Json& json);

}  // namespace memrb::wire
