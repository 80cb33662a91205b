#pragma once

#include "memrb/assessment.h"
#include "memrb/outcome.h"
#include "memrb/request.h"
#include "wire/fields.h"

namespace memrb::wire {

// The readers of whole things, for use inside larger documents: problems are noted with the larger document's path.
Limit limit_from(const Fields& fields);  ///< from the members `limit_kind` and `limit_bytes`
Target target_from(const Fields& fields);
Request request_from(const Fields& fields);
Ending ending_from(const Fields& fields);
Outcome outcome_from(const Fields& fields);
Assessment assessment_from(const Fields& fields);

/// Null for an empty text.
Json or_null(const std::string& text);

}  // namespace memrb::wire
