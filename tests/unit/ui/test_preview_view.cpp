#include "ui/preview_view.h"

#include "sample_views.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::ui;
using namespace memrb::ui::test;

namespace {

Step step(std::string id, std::vector<std::string> needs, const char* when, bool needs_assessment = false) {
    Step result;
    result.id = std::move(id);
    result.needs = std::move(needs);
    result.needs_assessment = needs_assessment;
    if (when != nullptr) {
        result.when = Expression{0, when, {}};
    }
    return result;
}

StepRow row(std::string id, std::string title, StepStatus status, std::optional<Request> request,
            std::string why = {}) {
    StepRow result;
    result.id = std::move(id);
    result.title = std::move(title);
    result.status = status;
    result.request = std::move(request);
    result.why = std::move(why);
    if (result.request) {
        result.outcome = Outcome{};
        result.outcome->ending = Previewed{};
    }
    return result;
}

DiagnosisView dry_run(const Runbook& runbook) {
    DiagnosisView view = leaking();
    view.mode = "dry-run";
    view.runbook = &runbook;
    view.assessment = {};
    view.warnings.clear();
    const Command stats{{"docker", "stats", "--no-stream", "--format", "{{json .}}", "backend"}, {}, {}, {}, false};
    const Command pid{{"docker", "exec", "backend", "cat", "/proc/${pid}/status"}, {}, {}, {}, false};
    const Command script{{"sh", "-c", "echo one\necho two"}, {}, {}, {}, false};
    HttpRequest query;
    query.url =
        "http://localhost:9090/api/v1/query?query=container_memory_working_set_bytes%7Bname%3D%22backend%22%7D%5B6h%5D";
    view.steps = {
        row("usage.stats", "How much memory does it use now?", StepStatus::previewed, stats),
        row("usage.working_set", "", StepStatus::previewed, query),
        row("app.pid", "The process", StepStatus::depends, pid),
        row("app.script", "", StepStatus::depends, script),
        row("app.gc", "Python objects", StepStatus::skipped, std::nullopt, "only when .vars.language == \"python\""),
        row("app.ask", "", StepStatus::not_previewable, std::nullopt, "a person does it")};
    return view;
}

Runbook runbook() {
    Runbook result;
    result.id = "container-high-memory";
    result.diagnose.push_back(
        {"all",
         "",
         "",
         {step("usage.stats", {}, nullptr), step("usage.working_set", {}, ".target.running"),
          step("app.pid", {"usage.stats"}, nullptr), step("app.script", {}, ".trend.verdict == \"growing\"", true),
          step("app.gc", {}, ".vars.language == \"python\""), step("app.ask", {}, nullptr)}});
    return result;
}

}  // namespace

TEST_CASE("a dry run shows every step, its exact request, and what it cannot know") {
    const Runbook book = runbook();
    check_golden("dry-run-80", render_preview(dry_run(book), usual()));
    check_golden("dry-run-50", render_preview(dry_run(book), narrow()));
    check_golden("dry-run-plain", render_preview(dry_run(book), plain()));
}
