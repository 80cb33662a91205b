#pragma once

#include "engine/condition.h"
#include "engine/variables.h"
#include "incident.h"
#include "memory/assess.h"
#include "memrb/assessment.h"
#include "memrb/runbook.h"

#include <string>
#include <vector>

namespace memrb::bench {

/// memrb itself: assess(), then the signs, causes and options of a runbook file. Exits if the file is no runbook.
class Diagnosis {
public:
    explicit Diagnosis(const std::string& path);
    [[nodiscard]] Assessment run(const Incident& incident, const memory::Gates& gates) const;

private:
    Runbook runbook_;
    engine::Programs programs_;
    const Step* redis_ = nullptr;
};

}  // namespace memrb::bench
