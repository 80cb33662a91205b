#include "drill/container.h"

namespace memrb::drill {

double Container::anon() const {
    if (!running) {
        return 0;
    }
    return warm + leaked + cached + garbage + in_flight + payload +
           connections * static_cast<double>(version.memory.per_connection);
}

void Container::begin(Timestamp at) {
    running = true;
    started = at;
    exit_code = 0;
    leaked = cached = garbage = in_flight = payload = 0;
    active_file = inactive_file = 0;
    connections = version.memory.connections;
    constexpr double cold = 0.5;
    warm = cold * static_cast<double>(version.memory.base);
}

}  // namespace memrb::drill
