#pragma once

#include "memrb/action.h"
#include "memrb/outcome.h"
#include "memrb/reading.h"
#include "memrb/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::actions {

/// What Prometheus answered to a query: each series of a vector or matrix; a scalar is a series without labels.
struct PrometheusAnswer {
    std::vector<SeriesReading> series;  ///< role not yet known
    std::vector<std::string> warnings;  ///< the answer is partial, in Prometheus' words
};

/// Reads a query's answer. Values keep NaN and Inf. Errors, all of kind no_data: Prometheus' own message, or what came
/// instead of an answer (a web page, half of a document, something else).
Result<PrometheusAnswer> read_prometheus_answer(std::string_view body);

/// The same from a whole exchange: adds what an HTTP status or a broken connection means.
Result<PrometheusAnswer> read_prometheus_answer(const Outcome& outcome);

/// The value of a sample as Prometheus writes it, NaN and infinities included; nothing if it is no number.
std::optional<double> read_sample_value(std::string_view text);

/// The `promql` action's interpret().
Interpretation interpret_promql(const Params& params, const ActionContext& context, const Outcome& outcome);

}  // namespace memrb::actions
