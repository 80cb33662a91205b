#include "drill/world.h"

#include <fmt/core.h>
#include <algorithm>
#include <cmath>

namespace memrb::drill {

namespace {

using namespace std::chrono_literals;

constexpr Milliseconds step_length{5'000};
constexpr Milliseconds restart_pause{5'000};  // of the engine, after a kill
constexpr double seconds_in_hour = 3600;

// Monday, 5 January 2026, 03:12 UTC: when the pager rings.
constexpr Timestamp alert_moment{Milliseconds{1'767'582'720'000}};

auto has_id(const std::string& id) {
    return [&id](const Container& each) { return each.id == id; };
}

double as_double(Bytes bytes) {
    return static_cast<double>(bytes);
}

}  // namespace

const DrillVersion& Service::declared() const {
    return version < spec->versions.size() ? spec->versions[version] : *spec->fixed;
}

World::World(const Scenario& scenario, std::uint64_t seed)
    : scenario_(&scenario),
      chance_(seed),
      began_(alert_moment - scenario.before),
      alert_at_(alert_moment),
      now_(began_),
      stepped_(began_) {
    for (const auto& spec : scenario.services) {
        Service service;
        service.spec = &spec;
        service.limit = as_double(spec.limit.value_or(0));
        service.replicas = spec.replicas;
        services_.push_back(service);
    }
    for (std::size_t i = 0; i < services_.size(); ++i) {
        for (int number = 1; number <= services_[i].replicas; ++number) {
            make(i, number);
        }
    }
    scrape();
    advance(alert_at_);
}

void World::advance(Timestamp to) {
    while (stepped_ + step_length <= to) {
        stepped_ += step_length;
        now_ = stepped_;
        step();
    }
    now_ = std::max(now_, to);
}

std::optional<std::size_t> World::service_named(std::string_view name) const {
    for (std::size_t i = 0; i < services_.size(); ++i) {
        if (services_[i].spec->name == name) {
            return i;
        }
    }
    return std::nullopt;
}

const Container* World::find(std::string_view name_or_id) const {
    constexpr std::size_t short_id = 12;
    for (const auto& container : containers_) {
        const bool by_id = name_or_id.size() >= short_id && container.id.starts_with(name_or_id);
        if (!container.removed && (container.name == name_or_id || by_id)) {
            return &container;
        }
    }
    return nullptr;
}

const Container& World::with_id(const std::string& id) const {
    return *std::find_if(containers_.begin(), containers_.end(), has_id(id));
}

std::vector<const Container*> World::containers_of(std::size_t service) const {
    std::vector<const Container*> found;
    for (const auto& container : containers_) {
        if (container.service == service && !container.removed) {
            found.push_back(&container);
        }
    }
    return found;
}

bool World::prometheus_up() const {
    bool up = true;
    for (const auto& change : scenario_->changes) {
        up = alert_at_ + change.at <= now_ ? change.prometheus_up : up;
    }
    return up;
}

double World::load_of(std::size_t service, Timestamp at) const {
    const auto& points = services_[service].spec->load;
    if (points.empty()) {
        return 0;
    }
    const Milliseconds moment = at - alert_at_;
    const auto next =
        std::find_if(points.begin(), points.end(), [&](const DrillLoad& point) { return point.at > moment; });
    double load = points.back().per_second;
    if (next == points.begin()) {
        load = next->per_second;
    } else if (next != points.end()) {
        const auto before = next - 1;
        const double share =
            static_cast<double>((moment - before->at).count()) / static_cast<double>((next->at - before->at).count());
        load = before->per_second + share * (next->per_second - before->per_second);
    }
    constexpr double unrest = 0.08;
    const auto minute = static_cast<std::uint64_t>(std::chrono::floor<std::chrono::minutes>(at - began_).count());
    return load * (1 + unrest * chance_.swing(services_[service].spec->name + "/load", minute));
}

Container& World::own(const Container& container) {
    return *std::find_if(containers_.begin(), containers_.end(), has_id(container.id));
}

Container& World::make(std::size_t number_of_service, int number) {
    Service& service = services_[number_of_service];
    Container container;
    container.id = chance_.id(service.spec->name, static_cast<std::uint64_t>(++service.made));
    container.name = fmt::format("shop-{}-{}", service.spec->name, number);
    if (scenario_->platform == Platform::kubernetes) {  // as a ReplicaSet names its pods
        const std::string set = chance_.id(service.declared().image, static_cast<std::uint64_t>(service.limit));
        container.name = fmt::format("{}-{}-{}", service.spec->name, set.substr(0, 9), container.id.substr(0, 5));
    }
    container.service = number_of_service;
    container.number = number;
    container.pid = next_pid_ += 137;
    container.version = service.declared();
    container.limit = service.limit;
    container.created = now_;
    container.begin(now_);
    containers_.push_back(std::move(container));
    record(containers_.back(), "create");
    record(containers_.back(), "start");
    return containers_.back();
}

void World::remove(Container& container) {
    container.running = false;
    container.removed = now_;
    container.finished = now_;
    record(container, "die", asked_to_end);
    record(container, "destroy");
}

void World::record(const Container& container, std::string action, std::optional<int> exit_code) {
    events_.push_back(
        {now_, std::move(action), container.id, container.name, container.version.image, container.service, exit_code});
}

void World::step() {
    deploy_due();
    const double seconds = static_cast<double>(step_length.count()) / 1000;
    for (auto& container : containers_) {
        if (container.removed) {
            continue;
        }
        if (!container.running) {
            if (container.finished && now_ - *container.finished >= restart_pause) {
                ++container.restarts;
                container.pid = next_pid_ += 137;
                container.begin(now_);
                record(container, "start");
            }
            continue;
        }
        live(container, seconds);
        keep_limit(container);
    }
    keep_host();
    const auto& spec = *scenario_;
    for (auto& container : containers_) {
        const auto& killed = spec.services[container.service].child_killed;
        if (killed && !container.removed && now_ - step_length < alert_at_ + *killed && now_ >= alert_at_ + *killed) {
            container.oom_flag = true;  // a process inside; the container itself goes on
            ++container.kills;
            record(container, "oom");
        }
    }
    if ((stepped_ - began_) % scrape_every == Milliseconds{0}) {
        scrape();
    }
}

void World::deploy_due() {
    for (std::size_t i = 0; i < services_.size(); ++i) {
        Service& service = services_[i];
        const auto& versions = service.spec->versions;
        for (std::size_t v = service.version + 1; v < versions.size(); ++v) {
            const Timestamp since = alert_at_ + versions[v].since.value_or(0ms);
            if (now_ - step_length < since && since <= now_) {
                service.version = v;
                apply(i);
            }
        }
        if (team_arrives_ && *team_arrives_ <= now_ && now_ - step_length < *team_arrives_ && service.spec->fixed &&
            service.version < versions.size()) {
            declare_fixed_version(i);
            apply(i);
        }
    }
}

void World::live(Container& container, double seconds) {
    const DrillMemory& memory = container.version.memory;
    const Service& service = services_[container.service];
    const auto hourly = [&](Bytes bytes) { return as_double(bytes) * seconds / seconds_in_hour; };
    const auto tick = static_cast<std::uint64_t>((stepped_ - began_) / step_length);

    constexpr double warming = 10;  // seconds: in half of them half of the rest comes
    constexpr double unrest = 0.004;
    const double base = as_double(memory.base);
    container.warm += (base - container.warm) * std::min(seconds / warming, 1.0);
    const double breathing = base * unrest * chance_.swing(container.id, tick);

    const double running = static_cast<double>(std::max<std::size_t>(
        1, static_cast<std::size_t>(std::count_if(containers_.begin(), containers_.end(), [&](const Container& each) {
            return each.service == container.service && each.running && !each.removed;
        }))));
    const double rate = load_of(container.service, now_) / running;
    constexpr double slow = 2;  // with a cold cache
    const double takes = static_cast<double>(memory.takes.count()) / 1000 * (now_ < service.slow_until ? slow : 1);
    container.requests += rate * seconds;
    container.in_flight = std::max(0.0, rate * takes * as_double(memory.per_request) + breathing);

    container.leaked += hourly(memory.leak_per_hour);
    const double full = as_double(memory.cache_up_to);
    const double room = full > 0 ? std::max(0.0, 1 - container.cached / full) : 1;
    container.cached += hourly(memory.cache_per_hour) * room;
    container.garbage += hourly(memory.garbage_per_hour);
    if (memory.garbage_up_to > 0 && container.garbage >= as_double(memory.garbage_up_to)) {
        container.garbage = 0;
    }
    container.connections += memory.connections_per_hour * seconds / seconds_in_hour;
    container.payload = payload_of(container);

    const double wanted = memory.file_up_to > 0 ? as_double(memory.file_up_to) : container.limit;
    const double room_for_files = std::max(0.0, wanted - container.active_file - container.inactive_file);
    constexpr double in_use = 0.85;      // of the page cache that comes in: read more than once
    constexpr double of_program = 0.02;  // its own files
    const double read = std::max(std::min(hourly(memory.file_per_hour), room_for_files),
                                 (base * of_program - container.active_file) / in_use);
    container.active_file += in_use * read;
    container.inactive_file += (1 - in_use) * read;
}

// Large requests come about every `payload_every`, each at its own moment and of its own size.
double World::payload_of(const Container& container) const {
    const DrillMemory& memory = container.version.memory;
    if (memory.payload == 0 || memory.payload_every <= 0ms) {
        return 0;
    }
    const auto number = static_cast<std::uint64_t>((now_ - began_) / memory.payload_every);
    constexpr double wander = 0.3;
    const auto late =
        Milliseconds(static_cast<std::int64_t>((0.5 + wander * chance_.swing(container.name + "/payload", number)) *
                                               static_cast<double>(memory.payload_every.count())));
    const Timestamp at = began_ + static_cast<std::int64_t>(number) * memory.payload_every + late;
    if (now_ < at || now_ >= at + memory.payload_takes) {
        return 0;
    }
    constexpr double spread = 0.1;
    return as_double(memory.payload) * (1 + spread * chance_.swing(container.name + "/size", number));
}

// The kernel drops page cache first, what was used once before what is in use, and lets as much of that age for as long
// as it is the larger part. What cannot be dropped is killed for.
void World::keep_limit(Container& container) {
    if (container.limit <= 0 || container.usage() <= container.limit) {
        return;
    }
    const double over = container.usage() - container.limit;
    const double idle = std::min(over, container.inactive_file);
    container.inactive_file -= idle;
    container.active_file -= std::min(over - idle, container.active_file);
    const double aged = std::clamp((container.active_file - container.inactive_file) / 2, 0.0, over);
    container.active_file -= aged;
    container.inactive_file += aged;
    if (container.anon() >= container.limit) {
        kill(container);
    }
}

void World::keep_host() {
    double sum = 0;
    Container* largest = nullptr;
    for (auto& container : containers_) {
        if (container.removed || !container.running) {
            continue;
        }
        sum += container.anon();
        largest = largest == nullptr || container.anon() > largest->anon() ? &container : largest;
    }
    constexpr double usable = 0.95;  // the rest is the system's
    if (largest != nullptr && sum > usable * as_double(scenario_->host_memory)) {
        kill(*largest);
    }
}

void World::kill(Container& container) {
    record(container, "oom");
    container.running = false;
    container.oom_flag = true;
    container.exit_code = killed_by_kernel;
    container.finished = now_;
    ++container.kills;
    record(container, "die", killed_by_kernel);
}

void World::scrape() {
    for (auto& container : containers_) {
        if (container.removed || !container.running) {
            continue;
        }
        const double anon = std::floor(container.anon());  // whole bytes, as the kernel counts
        const double active = std::floor(container.active_file);
        const double inactive = std::floor(container.inactive_file);
        container.samples.push_back({stepped_, anon + active + inactive, anon, active, inactive, container.limit,
                                     container.started, static_cast<double>(container.kills),
                                     std::floor(container.requests), container.connections});
    }
}

}  // namespace memrb::drill
