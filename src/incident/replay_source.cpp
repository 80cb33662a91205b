#include "incident/replay_source.h"

#include "base/text.h"
#include "incident/bundle.h"
#include "incident/load.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::incident {

Result<ReplaySource> ReplaySource::from_folder(const std::filesystem::path& folder) {
    auto record = load(folder);
    if (!record) {
        return tl::unexpected(record.error());
    }
    return from_events(std::move(record->events), std::make_shared<FolderFiles>(folder), !record->torn.empty());
}

Result<ReplaySource> ReplaySource::from_bundle(std::string_view text) {
    auto bundle = read_bundle(text);
    if (!bundle) {
        return tl::unexpected(bundle.error());
    }
    return from_events(std::move(bundle->journal), std::make_shared<MemoryFiles>(std::move(bundle->files)), false);
}

Result<ReplaySource> ReplaySource::from_events(std::vector<Event> events, std::shared_ptr<const OutputFiles> files,
                                               bool torn) {
    ReplaySource source;
    bool opened = false;
    bool pinned = false;
    std::map<std::string, std::size_t> started;
    for (std::size_t i = 0; i < events.size(); ++i) {
        if (const auto* opening = std::get_if<IncidentOpened>(&events[i].body); opening != nullptr && !opened) {
            source.opened_ = *opening;
            source.opened_at_ = events[i].at;
            opened = true;
        } else if (const auto* target = std::get_if<TargetPinned>(&events[i].body); target != nullptr && !pinned) {
            source.pinned_ = *target;
            pinned = true;
        } else if (const auto* start = std::get_if<StepStarted>(&events[i].body)) {
            started.insert_or_assign(start->step, i);
        } else if (const auto* end = std::get_if<StepFinished>(&events[i].body)) {
            const auto start_of = started.find(end->step);
            source.places_.emplace(
                end->step, Place{start_of == started.end() ? std::nullopt : std::optional(start_of->second), i});
        }
    }
    if (!opened || !pinned) {
        return fail(Fault::failed, opened ? "the record ends before its target was found: there is nothing to replay"
                                          : "the record does not begin with its opening: there is nothing to replay");
    }
    source.events_ = std::move(events);
    source.files_ = std::move(files);
    source.torn_ = torn;
    return source;
}

std::vector<std::string> ReplaySource::steps() const {
    std::vector<std::pair<std::size_t, std::string>> order;
    for (const auto& [id, place] : places_) {
        order.emplace_back(place.finished, id);
    }
    std::sort(order.begin(), order.end());
    std::vector<std::string> ids;
    for (auto& [index, id] : order) {
        ids.push_back(std::move(id));
    }
    return ids;
}

Result<std::optional<RecordedStep>> ReplaySource::step(const std::string& id) const {
    const auto place = places_.find(id);
    if (place == places_.end()) {
        return std::optional<RecordedStep>();
    }
    const auto& finished = std::get<StepFinished>(events_[place->second.finished].body);
    auto outcome = with_bytes(finished.outcome, *files_);
    if (!outcome) {
        return fail(Fault::failed, fmt::format("the recorded output of {} cannot be read: {}", base::printable(id),
                                               outcome.error().message));
    }
    RecordedStep step;
    step.status = finished.status;
    step.outcome = *std::move(outcome);
    if (place->second.started) {
        step.request = std::get<StepStarted>(events_[*place->second.started].body).request;
    }
    return std::optional(std::move(step));
}

Outcome ReplaySource::whole(const Outcome& recorded) const {
    auto outcome = with_bytes(recorded, *files_);
    if (!outcome) {
        Outcome unreadable;
        unreadable.ending = NotStarted{fmt::format("the recorded output cannot be read: {}", outcome.error().message)};
        return unreadable;
    }
    return *std::move(outcome);
}

std::optional<Outcome> ReplaySource::outcome_of(const std::string& id) const {
    auto recorded = step(id);
    if (!recorded) {
        Outcome unreadable;
        unreadable.ending = NotStarted{recorded.error().message};
        return unreadable;
    }
    return *recorded ? std::optional(std::move((*recorded)->outcome)) : std::nullopt;
}

}  // namespace memrb::incident
