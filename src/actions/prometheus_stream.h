#pragma once

#include "memrb/reading.h"
#include "memrb/result.h"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::actions {

/// Reads a query's answer while it arrives: each series is handed on as soon as it is whole, and nothing of the body is
/// kept but the series that is still arriving. The answer's frame (status, warnings, errors) is read by
/// read_prometheus_answer(), the labels by the JSON library; only the samples, which are nearly all of it, are read by
/// hand.
class PrometheusStream {
public:
    /// Gets each series (role `other`, samples as delivered). It must not throw.
    using OnSeries = std::function<void(SeriesReading&&)>;
    explicit PrometheusStream(OnSeries on_series) : on_series_(std::move(on_series)) {}

    /// The next bytes, cut wherever they are. False: this is no answer, more of it is not wanted.
    bool feed(std::string_view bytes);

    /// After the last byte: what Prometheus says of partial data. Errors as of read_prometheus_answer(); series that
    /// were handed on before the error are part of something that broke off.
    Result<std::vector<std::string>> finish();

private:
    /// Finds where `data.result` begins, byte by byte: what stands around it is short.
    void take_frame(char c);
    /// Bytes inside `data.result`; returns how many of them were used.
    std::size_t take_result(std::string_view bytes);
    bool hand_on(std::string_view series);

    OnSeries on_series_;
    std::string frame_;              ///< the answer without its series
    std::vector<std::string> keys_;  ///< of the frame: the last key at each depth
    std::string word_;               ///< of the frame: the last string
    std::string pending_;            ///< the beginning of a series whose end has not come yet
    std::size_t depth_ = 0;          ///< inside the frame, or inside a series
    bool in_string_ = false;
    bool escaped_ = false;
    bool in_result_ = false;
    bool broken_ = false;
};

}  // namespace memrb::actions
