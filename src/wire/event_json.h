#pragma once

#include "memrb/event.h"
#include "wire/target_json.h"

namespace memrb::wire {

/// `{"seq":1,"at":"...","event":"step_started",...}`: one line of the journal and of `-o jsonl`. Round trips.
Json to_json(const Event& event);
Result<Event> event_from_json(const Json& json);

}  // namespace memrb::wire
