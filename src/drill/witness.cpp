#include "drill/witness.h"

#include "base/overloaded.h"

#include <algorithm>
#include <array>

namespace memrb::drill {

namespace {

using Act = void (*)(World& world, std::size_t service);

Bytes doubled(const World& world, std::size_t service) {
    const double limit = world.service(service).limit;
    return static_cast<Bytes>(limit > 0 ? 2 * limit : static_cast<double>(world.scenario().host_memory) / 4);
}

/// What a person does when a step of the shipped runbooks is done by hand, and how long it takes.
struct ByHand {
    std::string_view step;  ///< the end of its id
    Milliseconds takes;
    Act act;
};

constexpr Milliseconds minute{60'000};
constexpr auto nothing = [](World&, std::size_t) {};
constexpr auto apply = [](World& world, std::size_t service) { world.apply(service); };
constexpr auto restart = [](World& world, std::size_t service) { world.restart_all(service); };
constexpr auto collect = [](World& world, std::size_t service) { world.collect_garbage(service); };
constexpr auto clear = [](World& world, std::size_t service) { world.clear_cache(service); };
constexpr auto declare_double = [](World& world, std::size_t service) {
    world.declare_limit(service, doubled(world, service));
};
constexpr auto raise_limit = [](World& world, std::size_t service) {
    declare_double(world, service);
    world.apply(service);
};
constexpr auto choose_version = [](World& world, std::size_t service) { world.declare_previous_version(service); };
constexpr auto roll_back = [](World& world, std::size_t service) {
    world.declare_previous_version(service);
    world.apply(service);
};
constexpr auto scale_out = [](World& world, std::size_t service) {
    constexpr int replicas = 3;
    world.apply(service, replicas);
};

const std::array<ByHand, 25> by_hand{{
    {"rollback.choose", 2 * minute, choose_version},
    {"rollback.apply", minute, apply},
    {"rollback.revision", minute, roll_back},
    {"rollback.traffic", minute, roll_back},
    {"raise-limit.memory", 2 * minute, raise_limit},
    {"scale-out.workload", minute, scale_out},
    {"raise-limit.by_hand", 2 * minute, declare_double},
    {"raise-limit.file", 2 * minute, declare_double},
    {"raise-limit.apply", minute, apply},
    {"raise-limit.update", minute,
     [](World& world, std::size_t service) {
         for (const Container* container : world.containers_of(service)) {
             world.set_limit(*container, doubled(world, service));
         }
     }},
    {"raise-limit.elsewhere", 2 * minute, raise_limit},
    {"raise-limit.workload", 2 * minute, raise_limit},
    {"collect-garbage.by_hand", minute, collect},
    {"collect-garbage.endpoint", minute, collect},
    {"reduce-cache.clear", minute, clear},
    {"reduce-cache.endpoint", minute, clear},
    {"restart.compose", minute, restart},
    {"restart.container", minute, restart},
    {"restart.rollout", minute, restart},
    {"scale-out.elsewhere", 2 * minute, scale_out},
    {"fix-leak.profile", 5 * minute, nothing},
    {"fix-leak.grow", 10 * minute, nothing},
    {"fix-leak.find", 10 * minute, nothing},
    {"fix-leak.fix", 20 * minute,
     [](World& world, std::size_t service) {
         world.declare_fixed_version(service);
         world.apply(service);
     }},
    {"fix-leak.monitor", 10 * minute, nothing},
}};

std::string option_of(const std::string& step) {
    return step.substr(0, step.find('.'));
}

}  // namespace

void Witness::on_event(const Event& event) {
    std::visit(
        base::Overloaded{
            [&](const IncidentOpened& body) { tale_.incident = body.incident; },
            [&](const TargetPinned& body) { pinned(body.target); },
            [&](const OptionChosen& body) {
                option_ = body.option;
                deed_open_ = false;
                evidence_bad_ = false;
            },
            [&](const StepStarted& body) { started(body, event.at); },
            [&](const StepFinished& body) { finished(body); },
            [&](const Decided& body) { decided(body); },
            [&](const Assessed& body) { tale_.looks.push_back(look_of(event.at, service_, body.assessment)); },
            [&](const WatchStarted&) { tale_.watches.push_back(event.at); },
            [&](const WatchEnded& body) { tale_.end = body.result.recovery == Recovery::recovered ? "recovered" : ""; },
            [&](const Escalated&) {
                tale_.escalations.push_back(event.at);
                runner_.with_world([](World& world) { world.call_team(); });
            },
            [](const auto&) {},
        },
        event.body);
}

void Witness::pinned(const Target& target) {
    service_ = runner_.with_world([&](World& world) {
        const Container* container = world.find(target.name);
        return container == nullptr ? target.name : world.service(container->service).spec->name;
    });
}

Tale::Deed& Witness::deed(Timestamp at) {
    if (!deed_open_) {
        tale_.deeds.push_back({at, option_, service_, false, evidence_bad_});
        deed_open_ = true;
    }
    return tale_.deeds.back();
}

void Witness::started(const StepStarted& step, Timestamp at) {
    if (step.risk == Risk::read || option_.empty()) {
        return;
    }
    Tale::Deed& one = deed(at);
    one.disruptive = one.disruptive || step.risk >= Risk::disruptive;
}

void Witness::finished(const StepFinished& step) {
    if (saves_evidence(step.step) && step.status != StepStatus::ok && step.status != StepStatus::no_data) {
        evidence_bad_ = true;
    }
}

void Witness::decided(const Decided& decision) {
    if (decision.answer == "by hand") {
        act_out(decision.step);
    }
}

void Witness::act_out(const std::string& step) {
    const auto* known = std::find_if(by_hand.begin(), by_hand.end(), [&](const ByHand& one) {
        return step == one.step || step.ends_with(std::string(".").append(one.step));
    });
    if (known == by_hand.end()) {
        clock_.pass(minute);
        return;
    }
    const Timestamp at = clock_.now();
    clock_.pass(known->takes);
    const auto service = runner_.with_world([&](World& world) {
        const auto number = world.service_named(service_);
        if (number) {
            known->act(world, *number);
        }
        return number;
    });
    if (service && known->act != static_cast<Act>(nothing)) {
        option_ = option_.empty() ? option_of(step) : option_;
        deed(at).disruptive = true;
    }
}

}  // namespace memrb::drill
