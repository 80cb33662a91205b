#include "wire/watch_json.h"

#include "wire/parts.h"

namespace memrb::wire {

namespace {

Criterion criterion_from(const Fields& fields) {
    Criterion criterion;
    criterion.says = fields.text("says");
    criterion.state = fields.word<Criterion::State>("state", [](Criterion::State value) { return to_string(value); });
    criterion.now = fields.opt_text("now");
    criterion.held = fields.milliseconds("held_ms");
    return criterion;
}

}  // namespace

Json to_json(const Criterion& criterion) {
    return {{"says", text_json(criterion.says)},
            {"state", to_string(criterion.state)},
            {"now", or_null(criterion.now)},
            {"held_ms", criterion.held.count()}};
}

Json to_json(const WatchSample& sample) {
    Json criteria = Json::array();
    for (const auto& criterion : sample.criteria) {
        criteria.push_back(to_json(criterion));
    }
    return {{"number", sample.number},
            {"elapsed_ms", sample.elapsed.count()},
            {"used_bytes", count_json(sample.used)},
            {"limit_bytes", to_json(sample.limit)},
            {"limit_kind", limit_kind(sample.limit)},
            {"ratio", number_json(sample.ratio)},
            {"level", to_string(sample.level)},
            {"restarts", count_json(sample.restarts)},
            {"oom_kills", count_json(sample.oom_kills)},
            {"criteria", std::move(criteria)},
            {"held_ms", sample.held.count()},
            {"left_ms", sample.left.count()},
            {"missing", or_null(sample.missing)}};
}

Json to_json(const WatchResult& result) {
    return {{"result", to_string(result.recovery)},  {"why", text_json(result.why)},
            {"caveats", texts_json(result.caveats)}, {"stopped", result.stopped},
            {"held_ms", result.held.count()},        {"elapsed_ms", result.elapsed.count()},
            {"samples_with_data", result.samples},   {"samples_without_data", result.missing}};
}

WatchSample watch_sample_from(const Fields& fields) {
    WatchSample sample;
    sample.number = fields.count("number");
    sample.elapsed = fields.milliseconds("elapsed_ms");
    sample.used = fields.opt_count("used_bytes");
    sample.limit = limit_from(fields);
    sample.ratio = fields.opt_number("ratio");
    sample.level = fields.word<Level>("level", [](Level value) { return to_string(value); });
    sample.restarts = fields.opt_count("restarts");
    sample.oom_kills = fields.opt_count("oom_kills");
    for (const auto& criterion : fields.objects("criteria")) {
        sample.criteria.push_back(criterion_from(criterion));
    }
    sample.held = fields.milliseconds("held_ms");
    sample.left = fields.milliseconds("left_ms");
    sample.missing = fields.opt_text("missing");
    return sample;
}

WatchResult watch_result_from(const Fields& fields) {
    WatchResult result;
    result.recovery = fields.word<Recovery>("result", [](Recovery value) { return to_string(value); });
    result.why = fields.opt_text("why");
    result.caveats = fields.texts("caveats");
    result.stopped = fields.flag("stopped", false);
    result.held = fields.milliseconds("held_ms");
    result.elapsed = fields.milliseconds("elapsed_ms");
    result.samples = fields.count("samples_with_data");
    result.missing = fields.count("samples_without_data");
    return result;
}

}  // namespace memrb::wire
