#pragma once

namespace memrb::base {

/// The handlers of one std::visit, side by side.
template <class... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};
template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

}  // namespace memrb::base
