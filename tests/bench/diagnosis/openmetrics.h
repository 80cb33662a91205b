#pragma once

#include "incident.h"
#include "memrb/assessment.h"

#include <map>
#include <string>
#include <vector>

namespace memrb::bench {

/// Incidents as `promtool tsdb create-blocks-from openmetrics` reads them, each a container of a name of its own.
class OpenMetrics {
public:
    /// What the containers' services count their requests with.
    static constexpr const char* load_metric = "http_requests_total";

    /// `end`: the moment that the incidents' present is moved to.
    explicit OpenMetrics(Timestamp end) : end_(end) {}
    void add(const std::string& name, const Incident& incident);
    /// Replaces the file. Exits if it cannot be written.
    void write(const std::string& path) const;

private:
    Timestamp end_;
    std::map<std::string, std::vector<std::string>> lines_;  ///< by metric
};

/// `{"name":...,"family":...,"grows":...,"insufficient":...,"library":...}`: the truth, and whether the library alone,
/// given the samples themselves, reports growth.
std::string truth_line(const std::string& name, const Incident& incident, bool reported);

}  // namespace memrb::bench
