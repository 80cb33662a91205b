#pragma once

#include "drill/chance.h"
#include "drill/container.h"
#include "memrb/scenario.h"

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::drill {

/// A service as it is declared: what its next containers are made from.
struct Service {
    const DrillService* spec = nullptr;
    std::size_t version = 0;  ///< of spec->versions; one behind the last: spec->fixed
    double limit = 0;         ///< bytes, 0: none
    int replicas = 1;
    int made = 0;            ///< containers so far
    Timestamp slow_until{};  ///< its cache is cold

    [[nodiscard]] const DrillVersion& declared() const;
};

/// The simulated machine. Pure: what it is follows from the scenario, the seed, and the changes and their times. Time
/// goes on in steps of 5 s, memory is scraped as `scrape_every` says.
class World {
public:
    World(const Scenario& scenario, std::uint64_t seed);

    [[nodiscard]] const Scenario& scenario() const { return *scenario_; }
    [[nodiscard]] const Chance& chance() const { return chance_; }
    [[nodiscard]] Timestamp began() const { return began_; }
    [[nodiscard]] Timestamp alert_at() const { return alert_at_; }
    [[nodiscard]] Timestamp now() const { return now_; }
    /// Earlier moments than now() change nothing.
    void advance(Timestamp to);

    /// All that ever were, the removed ones too.
    [[nodiscard]] const std::deque<Container>& all() const { return containers_; }
    [[nodiscard]] const std::vector<EngineEvent>& events() const { return events_; }
    [[nodiscard]] std::size_t service_count() const { return services_.size(); }
    [[nodiscard]] const Service& service(std::size_t number) const { return services_[number]; }
    [[nodiscard]] std::optional<std::size_t> service_named(std::string_view name) const;
    /// By name, id or the beginning of an id (12 digits or more); of those that are there. Null: none.
    [[nodiscard]] const Container* find(std::string_view name_or_id) const;
    /// By the id that an event tells; the removed ones too.
    [[nodiscard]] const Container& with_id(const std::string& id) const;
    [[nodiscard]] std::vector<const Container*> containers_of(std::size_t service) const;
    [[nodiscard]] bool prometheus_up() const;
    /// Requests per second of a service as a whole.
    [[nodiscard]] double load_of(std::size_t service, Timestamp at) const;

    // What operators do. Each takes effect at now(); time is passed by whoever runs the request.
    void restart(const Container& container);
    void restart_all(std::size_t service);
    void set_limit(const Container& container, Bytes limit);  ///< of the running container alone
    void declare_limit(std::size_t service, std::optional<Bytes> limit);
    void declare_previous_version(std::size_t service);
    void declare_fixed_version(std::size_t service);
    /// The version of this image; one that is not known changes nothing.
    void declare_version(std::size_t service, std::string_view image);
    /// New containers in place of all that there are.
    void renew(std::size_t service);
    /// Makes containers anew where they differ from what is declared, and as many as are wanted. True: any change.
    bool apply(std::size_t service, std::optional<int> replicas = std::nullopt);
    void collect_garbage(std::size_t service);
    void clear_cache(std::size_t service);
    /// The team will deploy its fix after the time that it takes. Only the first call counts.
    void call_team();
    /// Remembers all declared limits (a copy of the Compose file); its number puts them back.
    [[nodiscard]] std::size_t keep_limits();
    /// False: there is no such copy.
    bool put_back_limits(std::size_t copy);
    [[nodiscard]] std::optional<Timestamp> team_arrives() const { return team_arrives_; }

private:
    Container& own(const Container& container);
    Container& make(std::size_t service, int number);
    void remove(Container& container);
    void record(const Container& container, std::string action, std::optional<int> exit_code = std::nullopt);
    void step();
    void deploy_due();
    void live(Container& container, double seconds);
    void keep_limit(Container& container);
    void keep_host();
    void kill(Container& container);
    void scrape();
    [[nodiscard]] double payload_of(const Container& container) const;

    const Scenario* scenario_;
    Chance chance_;
    Timestamp began_{};
    Timestamp alert_at_{};
    Timestamp now_{};
    Timestamp stepped_{};  ///< as far as the steps have come
    std::vector<Service> services_;
    std::deque<Container> containers_;
    std::vector<EngineEvent> events_;
    std::optional<Timestamp> team_arrives_;
    std::vector<std::vector<double>> kept_limits_;
    int next_pid_ = 2200;
};

}  // namespace memrb::drill
