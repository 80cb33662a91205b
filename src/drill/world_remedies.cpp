// What operators do to the world.
#include "drill/world.h"

#include <algorithm>

namespace memrb::drill {

namespace {

constexpr Milliseconds cache_is_cold{10 * 60'000};

}  // namespace

void World::restart(const Container& container) {
    Container& one = own(container);
    one.finished = now_;
    record(one, "die", asked_to_end);
    one.oom_flag = false;
    one.pid = next_pid_ += 137;
    one.begin(now_);
    record(one, "start");
    record(one, "restart");
}

void World::restart_all(std::size_t service) {
    for (const Container* container : containers_of(service)) {
        restart(*container);
    }
}

void World::set_limit(const Container& container, Bytes limit) {
    Container& one = own(container);
    one.limit = static_cast<double>(limit);
    record(one, "update");
    keep_limit(one);
}

void World::declare_limit(std::size_t service, std::optional<Bytes> limit) {
    services_[service].limit = static_cast<double>(limit.value_or(0));
}

void World::declare_previous_version(std::size_t service) {
    auto& version = services_[service].version;
    version = version == 0 ? 0 : version - 1;
}

void World::declare_fixed_version(std::size_t service) {
    if (services_[service].spec->fixed) {
        services_[service].version = services_[service].spec->versions.size();
    }
}

void World::declare_version(std::size_t service, std::string_view image) {
    const DrillService& spec = *services_[service].spec;
    for (std::size_t i = 0; i < spec.versions.size(); ++i) {
        if (spec.versions[i].image == image) {
            services_[service].version = i;
        }
    }
    if (spec.fixed && spec.fixed->image == image) {
        services_[service].version = spec.versions.size();
    }
}

void World::renew(std::size_t service) {
    for (const Container* each : containers_of(service)) {
        const int number = each->number;
        remove(own(*each));
        make(service, number);
    }
}

bool World::apply(std::size_t number, std::optional<int> replicas) {
    Service& service = services_[number];
    service.replicas = replicas.value_or(service.replicas);
    bool changed = false;
    std::vector<int> there;
    for (const Container* each : containers_of(number)) {
        Container& container = own(*each);
        const bool as_declared =
            container.version.image == service.declared().image && container.limit == service.limit;
        if (container.number > service.replicas || !as_declared) {
            remove(container);
            changed = true;
        } else {
            there.push_back(container.number);
        }
    }
    for (int i = 1; i <= service.replicas; ++i) {
        if (std::find(there.begin(), there.end(), i) == there.end()) {
            make(number, i);
            changed = true;
        }
    }
    return changed;
}

void World::collect_garbage(std::size_t service) {
    for (const Container* container : containers_of(service)) {
        own(*container).garbage = 0;
    }
}

void World::clear_cache(std::size_t service) {
    for (const Container* container : containers_of(service)) {
        own(*container).cached = 0;
    }
    services_[service].slow_until = now_ + cache_is_cold;
}

void World::call_team() {
    if (!team_arrives_ && scenario_->team_takes) {
        team_arrives_ = now_ + *scenario_->team_takes;
    }
}

std::size_t World::keep_limits() {
    std::vector<double> limits;
    for (const auto& service : services_) {
        limits.push_back(service.limit);
    }
    kept_limits_.push_back(std::move(limits));
    return kept_limits_.size() - 1;
}

bool World::put_back_limits(std::size_t copy) {
    if (copy >= kept_limits_.size()) {
        return false;
    }
    for (std::size_t i = 0; i < services_.size(); ++i) {
        services_[i].limit = kept_limits_[copy][i];
    }
    return true;
}

}  // namespace memrb::drill
