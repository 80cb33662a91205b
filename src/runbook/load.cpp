#include "runbook/load.h"

#include "base/digest.h"
#include "base/jq.h"
#include "runbook/compile.h"
#include "runbook/read_yaml.h"

#include <fmt/core.h>
#include <algorithm>
#include <map>

namespace memrb::runbook {

namespace {

// Each further broken program costs another compilation of all of them.
constexpr std::size_t most_broken_programs = 20;

using Marks = std::map<std::size_t, Mark>;

// Of a program that stands in several places, the first one.
void note_mark(Marks& marks, const Expression& program) {
    const auto [known, is_new] = marks.emplace(program.index, program.mark);
    const auto place = [](Mark mark) { return std::pair(mark.line, mark.column); };
    if (!is_new && place(program.mark) < place(known->second)) {
        known->second = program.mark;
    }
}

void note_marks(Marks& marks, const std::vector<Step>& steps) {
    for (const auto& step : steps) {
        if (step.when) {
            note_mark(marks, *step.when);
        }
        if (step.expect) {
            note_mark(marks, *step.expect);
        }
        for (const auto& [name, program] : step.captures) {
            note_mark(marks, program);
        }
    }
}

Marks marks_of_programs(const Runbook& runbook) {
    Marks marks;
    for (const auto& group : runbook.diagnose) {
        note_marks(marks, group.steps);
    }
    note_marks(marks, runbook.evidence);
    for (const auto& option : runbook.options) {
        if (option.applies) {
            note_mark(marks, *option.applies);
        }
        note_marks(marks, option.steps);
        note_marks(marks, option.verify);
        note_marks(marks, option.undo);
    }
    for (const auto& cause : runbook.causes) {
        for (const auto& sign : cause.signs) {
            note_mark(marks, sign.when);
        }
    }
    if (runbook.recovered) {
        note_mark(marks, *runbook.recovered);
    }
    return marks;
}

}  // namespace

tl::expected<Loaded, std::vector<Diagnostic>> load_runbook(std::string_view bytes, std::string origin,
                                                           ActionTypes types) {
    const auto source = Source::read(bytes, origin);
    if (!source) {
        return tl::unexpected(std::vector<Diagnostic>{source.error()});
    }
    Reporter report(*source, origin);
    const Document document = read_yaml(*source, report);
    const bool readable = document.root != nullptr || !report.failed();
    Runbook runbook = readable ? compile(document, types, report) : Runbook{};
    const bool failed = report.failed();
    auto diagnostics = report.take();
    if (failed) {
        return tl::unexpected(std::move(diagnostics));
    }
    runbook.origin = std::move(origin);
    runbook.digest = base::sha256(bytes);
    return Loaded{std::move(runbook), std::move(diagnostics)};
}

std::vector<Diagnostic> check_programs(const Runbook& runbook) {
    const auto marks = marks_of_programs(runbook);
    auto programs = runbook.programs;
    std::vector<Diagnostic> found;
    for (std::size_t tries = 0; tries <= most_broken_programs; ++tries) {
        const auto compiled = base::JqSet::compile(programs);
        if (compiled) {
            break;
        }
        const auto& error = compiled.error();
        const auto mark = marks.find(error.program);
        found.push_back({runbook.origin,
                         mark == marks.end() ? Mark{} : mark->second,
                         Severity::error,
                         fmt::format("no jq program: {}", error.message),
                         {},
                         1});
        programs[error.program] = std::string(1, '.');  // any program that compiles
    }
    std::stable_sort(found.begin(), found.end(), [](const Diagnostic& a, const Diagnostic& b) {
        return std::pair(a.mark.line, a.mark.column) < std::pair(b.mark.line, b.mark.column);
    });
    return found;
}

}  // namespace memrb::runbook
