#pragma once

#include "memrb/request.h"
#include "wire/target_json.h"

namespace memrb::wire {

/// `{"kind":"command","argv":[...],...}`; fields at their default are left out. Round trips.
Json to_json(const Request& request);
Result<Request> request_from_json(const Json& json);

}  // namespace memrb::wire
