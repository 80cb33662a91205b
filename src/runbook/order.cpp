#include "runbook/order.h"

#include "base/text.h"
#include "runbook/circles.h"
#include "runbook/facts.h"

#include <fmt/core.h>
#include <algorithm>
#include <set>

namespace memrb::runbook {

namespace {

class Orderer {
public:
    explicit Orderer(Compilation& all) : all_(all), steps_(all_steps(all.book)), needs_(steps_.size()) {
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            by_id_.emplace(steps_[i]->id, i);
            by_group_[steps_[i]->id.substr(0, steps_[i]->id.find('.'))].push_back(i);
        }
    }

    void run() {
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            collect(i);
        }
        find_circles_of_steps();
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            for (const std::size_t other : needs_[i]) {
                steps_[i]->needs.push_back(steps_[other]->id);
            }
        }
    }

private:
    void collect(std::size_t index) {
        const StepNote& note = all_.notes[index];
        for (const auto& mention : note.variables) {
            if (const auto capture = all_.captures.find(mention.path.front()); capture != all_.captures.end()) {
                need(index, capture->second.step, mention, mention.offsets.front(), mention.length);
            }
        }
        for (const auto& name : note.in_script) {
            const auto capture = all_.captures.find(name);
            if (capture != all_.captures.end() && runs_before(capture->second.step, index)) {
                needs_[index].insert(capture->second.step);
            }
        }
        for (const auto& mention : note.facts) {
            collect_fact(index, mention);
        }
    }

    void collect_fact(std::size_t index, const Mention& mention) {
        if (is_assessed(mention.path.front())) {
            steps_[index]->needs_assessment = true;
        }
        if (mention.path.front() != "steps" || mention.path.size() < 2) {
            return;
        }
        if (mention.path.size() == 2) {
            for (const std::size_t other : by_group_[mention.path[1]]) {
                if (other == index) {
                    continue;  // the others of its own group
                }
                need(index, other, mention, mention.offsets[1], mention.path[1].size());
            }
            return;
        }
        const auto other = by_id_.find(mention.path[1] + "." + mention.path[2]);
        if (other != by_id_.end()) {
            need(index, other->second, mention, mention.offsets[1],
                 mention.path[1].size() + 1 + mention.path[2].size());
        }
    }

    // Steps of the diagnosis may wait for each other in any order; those of an option are done from top to bottom.
    bool runs_before(std::size_t other, std::size_t index) const {
        const int place = all_.notes[index].place;
        const int other_place = all_.notes[other].place;
        if (other_place == in_diagnosis) {
            return true;
        }
        return other_place == place && other < index;
    }

    void need(std::size_t index, std::size_t other, const Mention& mention, std::size_t offset, std::size_t length) {
        if (runs_before(other, index)) {
            needs_[index].insert(other);
            return;
        }
        const bool same_option = all_.notes[index].place == all_.notes[other].place;
        const std::string what = other == index
                                     ? std::string("a step cannot use its own result")
                                     : fmt::format("`{}` has not run yet when this is needed", steps_[other]->id);
        all_.report.error_in(*mention.node, offset, length, what,
                             same_option
                                 ? "the steps of an option are done from top to bottom"
                                 : "a step can use results of the diagnosis and of earlier steps of its own option");
    }

    void find_circles_of_steps() {
        std::vector<std::vector<std::size_t>> edges;
        for (const auto& needs : needs_) {
            edges.emplace_back(needs.begin(), needs.end());
        }
        for (const auto& circle : find_circles(edges)) {
            std::vector<std::string> path;
            for (const std::size_t index : circle) {
                path.push_back(steps_[index]->id);
            }
            path.push_back(path.front());
            all_.report.error(*all_.notes[circle.front()].node,
                              circle.size() == 1
                                  ? fmt::format("step `{}` waits for its own result", path.front())
                                  : fmt::format("these steps wait for each other: {}", base::join(path, " -> ")),
                              "a step waits for those whose captures it uses, and for those that its `when` names");
        }
    }

    Compilation& all_;
    std::vector<Step*> steps_;
    std::vector<std::set<std::size_t>> needs_;
    std::map<std::string, std::size_t, std::less<>> by_id_;
    std::map<std::string, std::vector<std::size_t>, std::less<>> by_group_;
};

}  // namespace

void resolve_order(Compilation& all) {
    Orderer(all).run();
}

}  // namespace memrb::runbook
