#include "ui/scan_view.h"

#include "sample_views.h"

#include <catch2/catch.hpp>
#include <sstream>

using namespace memrb;
using namespace memrb::ui;
using namespace memrb::ui::test;

namespace {

FleetRow row_of(const DiagnosisView& view, const std::string& name) {
    FleetRow row{view.target, view.assessment, false};
    row.target.name = name;
    return row;
}

const std::vector<FleetRow>& rows() {
    static const std::vector<FleetRow> all = [] {
        FleetRow stale = row_of(ui::test::stale(), "gone\x1b[1m");
        stale.outdated = true;
        stale.assessment.ratio.reset();
        stale.assessment.level = Level::unknown;
        return std::vector<FleetRow>{row_of(leaking(), "shop/web-5d9c7/app"), row_of(without_limit(), "cache"),
                                     row_of(without_data(), "silent"), row_of(healthy(), "backend"), stale};
    }();
    return all;
}

ScanView view() {
    ScanView view;
    view.rows = rows();
    view.counts.total = 7;
    view.counts.judged = 4;
    view.counts.no_limit = view.counts.no_data = view.counts.stale = 1;
    view.counts.left_out = 12;
    return view;
}

std::string text_in(const Style& style) {
    std::ostringstream text;
    StreamSink sink(text);
    write_scan_text(view(), style, sink);
    return text.str();
}

}  // namespace

TEST_CASE("a fleet in a table") {
    check_golden("scan-100", text_in(wide()));
    check_golden("scan-80", text_in(usual()));
    check_golden("scan-50", text_in(narrow()));
    check_golden("scan-pipe", text_in({false, true, 0, false}));
}

TEST_CASE("a fleet has one line for each container at any width") {
    for (const int width : {0, 20, 50, 80, 200}) {
        const std::string text = text_in({false, true, width, false});
        INFO(text);
        for (const std::string_view name : {"  shop/web-5d9c7/app\n", "  cache\n", "  silent\n", "  backend\n"}) {
            CHECK(text.find(name) != std::string::npos);
        }
        CHECK(text.find('\x1b') == std::string::npos);
    }
}

TEST_CASE("the line of counts names what could not be judged") {
    CHECK(scan_summary(view().counts, 7) ==
          "7 containers: 4 judged by their limit, 1 without a limit, 1 stale, 1 without data; "
          "12 left out, being no containers");
    CHECK(scan_summary(view().counts, 2).ends_with("; 2 shown"));
    CHECK(scan_summary({}, 0) == "0 containers");
}
