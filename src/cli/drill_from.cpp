#include "cli/drill_from.h"

#include "base/text.h"
#include "cli/diagnose_flow.h"
#include "cli/diagnose_options.h"
#include "cli/drill_keys.h"
#include "cli/exit_codes.h"
#include "cli/incident_command.h"
#include "cli/recording.h"
#include "cli/remedy_flow.h"
#include "cli/runbooks.h"
#include "cli/world.h"
#include "drill/past_stage.h"
#include "system/terminal_guard.h"
#include "ui/diagnosis_json.h"
#include "ui/layout.h"

#include <fmt/core.h>
#include <unistd.h>

namespace memrb::cli {

namespace {

/// Ends the drill where the record was left.
class PastReader final : public ui::LineReader {
public:
    PastReader(DrillKeys& keys, const drill::Past& past, drill::Tale& tale) : keys_(keys), past_(past), tale_(tale) {}

    ui::Answer read(std::string_view prompt) override {
        while (true) {
            if (const auto off = past_.off(); !off.empty() && !keys_.gone()) {
                keys_.say_news(fmt::format("This leads off the record. {} The drill ends here.", off));
                tale_.end = "off-record";
                keys_.leave();
            }
            ui::Answer answer = keys_.next(prompt);
            const auto words = base::trim(answer.text);
            if (answer.kind != ui::Answer::Kind::line || !words.starts_with('!')) {
                return answer;
            }
            constexpr std::string_view cause = "!cause ";
            if (words.starts_with(cause)) {
                keys_.name_cause(base::trim(words.substr(cause.size())), past_.target().name);
            } else {
                keys_.say("For the drill itself: !cause ID names the cause. A record knows no more than that.");
            }
        }
    }
    void discard_typed_ahead() override { keys_.discard_typed_ahead(); }

private:
    DrillKeys& keys_;
    const drill::Past& past_;
    drill::Tale& tale_;
};

class PastPlay {
public:
    PastPlay(World& world, const DrillFromOptions& options, std::shared_ptr<const incident::ReplaySource> record)
        : world_(world),
          options_(options),
          record_(*record),
          past_(record->events(), [this](const Outcome& outcome) { return record_.whole(outcome); }),
          clock_(past_),
          began_(past_.now()),
          runner_(past_),
          witness_(past_, tale_),
          keys_({world, tale_, clock_, {}}),
          reader_(keys_, past_, tale_),
          stage_{clock_, runner_, tools_, reader_, witness_, std::move(record), &past_} {}

    int run(const Runbook& runbook) {
        keys_.take_causes(causes_of(runbook));
        if (options_.answers) {
            keys_.take_script(*options_.answers);
        } else {
            guard_.emplace(STDIN_FILENO);
            keys_.take_person(open_line_reader(world_));
        }
        world_.play(stage_, drills_folder(world_), options_.json);
        begin();
        DiagnoseOptions options;
        options.target = record_.target().name;
        options.replay = options_.from;
        const int code = run_diagnose(world_, options);
        if (tale_.looks.empty() && !by_choice(code)) {
            world_.leave_stage();
            return code;  // there was nothing to decide
        }
        if (by_choice(code)) {
            keys_.ask_verdict(past_.target().name);
        }
        tale_.ended = clock_.now();
        tale_.end = tale_.end.empty() ? "left" : tale_.end;
        if (tale_.incident == record_.opened().incident) {
            tale_.incident.clear();  // what was played could not be recorded
        }
        const PastDebrief debrief{record_, past_, tale_, began_};
        if (options_.json) {
            world_.document().write(ui::to_text(drill_from_json(debrief)));
        } else {
            world_.out().write(render(debrief, world_.out_style()));
        }
        world_.leave_stage();
        return code > exit_code::signal_base ? code : exit_code::done;
    }

private:
    void begin() {
        const ui::Style& style = world_.err_style();
        const auto& target = record_.target();
        world_.err().write(ui::paint(style, ui::Paint::strong, "Drill from incident " + record_.opened().incident) +
                           "\n");
        world_.err().write(
            ui::wrapped(fmt::format("{}, {} {}. All answers are those of the record, and so is the time; what is done "
                                    "is up to you. !cause ID names the cause. q ends it.",
                                    format_rfc3339(began_), to_string(target.platform), ui::safe(style, target.name)),
                        style, "", ""));
        world_.err().write("\n");
    }

    World& world_;
    const DrillFromOptions& options_;
    const incident::ReplaySource& record_;
    const Tools tools_;
    drill::Past past_;
    drill::PastClock clock_;
    Timestamp began_;
    drill::Tale tale_;
    drill::PastRunner runner_;
    drill::PastWitness witness_;
    DrillKeys keys_;
    PastReader reader_;
    Stage stage_;
    std::optional<system::TerminalGuard> guard_;
};

}  // namespace

int play_from(World& world, const DrillFromOptions& options) {
    const auto record = open_recording(world, options.from);
    if (!record) {
        return world.report(record.error());
    }
    const auto source = find_runbook(world, (*record)->opened().runbook_id);
    const auto runbook = source ? load(world, *source) : Result<Runbook>(tl::unexpected(source.error()));
    if (!runbook) {
        return world.report(runbook.error());
    }
    return PastPlay(world, options, *record).run(*runbook);
}

}  // namespace memrb::cli
