#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::actions {

/// Hands every beginning of `document` to `read`, from nothing to all but the last byte.
void each_beginning(std::string_view document, const std::function<void(const std::string&)>& read);

/// Hands `document` to `read` once for each of its bytes, with that byte replaced by one that is wrong there.
void each_corruption(std::string_view document, const std::function<void(const std::string&)>& read);

/// The JSON `document` with each of its values in turn replaced by each of some values of another kind: null, true, -1,
/// a huge number, a fraction, a text, a list, an object, deep nesting.
std::vector<std::string> with_wrong_types(const std::string& document);

/// `depth` opened brackets, and as many closed ones.
std::string nested(std::size_t depth);

}  // namespace memrb::actions
