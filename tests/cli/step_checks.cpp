#include "step_checks.h"

#include <catch2/catch.hpp>
#include <fstream>

namespace memrb::test {

using nlohmann::json;

namespace {

/// The line of stderr that tells of this step.
std::string line_about(const Ran& ran, const std::string& step) {
    const std::string text = "\n" + ran.err;
    const auto begin = text.find("\n" + step + ": ");
    return begin == std::string::npos ? std::string() : text.substr(begin + 1, text.find('\n', begin + 1) - begin - 1);
}

}  // namespace

json step_of(const json& document, const std::string& id) {
    for (const auto& step : document.at("steps")) {
        if (step.at("id") == id) {
            return step;
        }
    }
    return json::object();
}

void check_step(const Ran& ran, const json& document, const std::string& id, const std::string& status,
                const std::string& why) {
    const json step = step_of(document, id);
    INFO(id << ": " << step.dump());
    CHECK(step.value("status", "") == status);
    if (!why.empty()) {
        CHECK(step.at("why").dump().find(json(why).dump().substr(1, json(why).dump().size() - 2)) != std::string::npos);
        CHECK(line_about(ran, id).find(why) != std::string::npos);
    }
}

void check_clean(const Ran& ran) {
    CHECK(ran.left_behind.empty());
    CHECK(ran.err.find('\x1b') == std::string::npos);
}

json clean_document_of(const Ran& ran) {
    CHECK(ran.ending == exited(0));
    check_clean(ran);
    return document_of(ran);
}

void write_runbook(const std::filesystem::path& file, const std::string& steps) {
    std::ofstream out(file);
    out << "memrb: 1\nid: faults\ntitle: Faults\nvars: {prometheus: {default: \"http://127.0.0.1:1\"}}\n"
        << "diagnose:\n  - id: steps\n    steps:" << steps;
    REQUIRE(out.good());
}

}  // namespace memrb::test
