#include "runbook/circles.h"

#include <algorithm>

namespace memrb::runbook {

std::vector<std::vector<std::size_t>> find_circles(const std::vector<std::vector<std::size_t>>& edges) {
    enum class State { fresh, open, done };
    struct Visit {
        std::size_t node;
        std::size_t next_edge = 0;
    };
    std::vector<State> states(edges.size(), State::fresh);
    std::vector<bool> in_circle(edges.size(), false);
    std::vector<std::vector<std::size_t>> circles;
    for (std::size_t root = 0; root < edges.size(); ++root) {
        std::vector<Visit> stack;
        if (states[root] == State::fresh) {
            stack.push_back({root});
            states[root] = State::open;
        }
        while (!stack.empty()) {
            Visit& visit = stack.back();
            if (visit.next_edge == edges[visit.node].size()) {
                states[visit.node] = State::done;
                stack.pop_back();
                continue;
            }
            const std::size_t to = edges[visit.node][visit.next_edge++];
            if (states[to] == State::fresh) {
                states[to] = State::open;
                stack.push_back({to});
            } else if (states[to] == State::open) {
                const auto first =
                    std::find_if(stack.begin(), stack.end(), [&](const Visit& v) { return v.node == to; });
                std::vector<std::size_t> circle;
                std::transform(first, stack.end(), std::back_inserter(circle), [](const Visit& v) { return v.node; });
                const bool known =
                    std::any_of(circle.begin(), circle.end(), [&](std::size_t n) { return in_circle[n]; });
                if (!known) {
                    for (const std::size_t node : circle) {
                        in_circle[node] = true;
                    }
                    circles.push_back(std::move(circle));
                }
            }
        }
    }
    return circles;
}

}  // namespace memrb::runbook
