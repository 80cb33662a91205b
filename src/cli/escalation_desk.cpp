#include "cli/escalation_desk.h"

#include "base/text.h"
#include "cli/open_runner.h"
#include "cli/world.h"
#include "engine/escalation.h"
#include "engine/policy.h"
#include "ui/layout.h"

#include <fmt/core.h>
#include <unistd.h>
#include <csignal>
#include <utility>

namespace memrb::cli {

namespace {

// The word for a question that is asked again on anything but it.
enum class Word { yes, no, interrupted };

Word ask_to_send(ui::LineReader& reader, ui::Sink& screen) {
    reader.discard_typed_ahead();
    while (true) {
        const auto answer = reader.read("Type yes to send it [yes, n]: ");
        if (answer.kind == ui::Answer::Kind::interrupted) {
            return Word::interrupted;
        }
        const std::string_view line = base::trim(answer.text);
        if (answer.kind == ui::Answer::Kind::end || line == "n" || line == "no" || line == "q" || line == "quit") {
            return Word::no;
        }
        if (line == "yes") {
            return Word::yes;
        }
        if (!line.empty()) {
            screen.write("Nothing was sent. Type the whole word: yes; or n\n");
        }
    }
}

}  // namespace

EscalationPlan escalation_plan(const Runbook& runbook, ConfigContacts config) {
    EscalationPlan plan;
    plan.ladder = runbook.ladder;
    plan.when = runbook.escalate_when;
    plan.callees = callees_of(runbook.contacts, config);
    plan.config = std::move(config);
    return plan;
}

std::string EscalationDesk::reminder() const {
    if (busy_ || !engine::calls_for_help(standing_.standing())) {
        return {};
    }
    const Timestamp now = world_.clock().now();
    const auto rungs = engine::climb(plan_.ladder, engine::ladder_facts(standing_.standing()), now);
    const RungState* rung = engine::present_rung(rungs);
    return rung == nullptr ? std::string() : ui::render_rung(*rung, plan_.callees, now, world_.err_style());
}

ui::Handoff EscalationDesk::handoff() const {
    ui::Handoff handoff;
    handoff.standing = standing_.standing();
    handoff.now = world_.clock().now();
    handoff.rungs = engine::climb(plan_.ladder, engine::ladder_facts(handoff.standing), handoff.now);
    handoff.callees = plan_.callees;
    handoff.escalate_when = plan_.when;
    handoff.warnings = plan_.warnings;
    handoff.previewed = previewed_;
    return handoff;
}

Result<NotifyEnd> EscalationDesk::hand_over(engine::EventLog& log, ui::LineReader& reader, const std::string& from,
                                            const std::string& contact) {
    world_.err().write(fmt::format("\n{}\n", ui::safe_lines(world_.err_style(), ui::render_handoff(handoff()))));
    escalated_ = true;
    const auto end = offer(log, reader, from, contact);
    if (!end || *end == NotifyEnd::declined || *end == NotifyEnd::interrupted) {
        log.emit(Escalated{from, {}}, true);  // handed over, although memrb has notified nobody
    }
    if (world_.stop().signal() == SIGINT) {
        world_.stop().reset();  // Ctrl-C broke off the sending; the person is still there
    }
    return end;
}

Result<NotifyEnd> EscalationDesk::offer(engine::EventLog& log, ui::LineReader& reader, const std::string& from,
                                        const std::string& contact) {
    if (!plan_.silent_because.empty()) {
        world_.err().write(fmt::format("This is {}: nobody is notified.\n", plan_.silent_because));
        return NotifyEnd::declined;
    }
    if (!contact.empty()) {
        return notify(log, &reader, from, {contact}, {});
    }
    busy_ = true;
    const auto named = ask_whom(reader);
    busy_ = false;
    if (!named) {
        return NotifyEnd::interrupted;
    }
    return named->empty() ? Result<NotifyEnd>(NotifyEnd::declined) : notify(log, &reader, from, {*named}, {});
}

// Nothing: Ctrl-C. Empty: nobody.
std::optional<std::string> EscalationDesk::ask_whom(ui::LineReader& reader) const {
    std::vector<std::string> known;
    for (const auto& callee : plan_.callees) {
        if (!callee.channels.empty()) {
            known.push_back(callee.key);
        }
    }
    if (known.empty()) {
        return std::string();
    }
    reader.discard_typed_ahead();
    const auto answer = reader.read(fmt::format("Notify [{}, Enter: nobody]: ", base::join(known, ", ")));
    if (answer.kind == ui::Answer::Kind::interrupted) {
        return std::nullopt;
    }
    const std::string line(base::trim(answer.text));
    return answer.kind == ui::Answer::Kind::end || line == "n" || line == "q" ? std::string() : line;
}

Result<std::vector<EscalationDesk::Outgoing>> EscalationDesk::outgoing_for(const std::vector<std::string>& contacts) {
    std::vector<Outgoing> all;
    for (const auto& contact : contacts) {
        auto channels = channels_of(world_, contact, plan_.callees, plan_.config);
        if (!channels) {
            return tl::unexpected(channels.error());
        }
        for (auto& channel : *channels) {
            all.push_back({contact, std::move(channel)});
        }
    }
    return all;
}

// Leaves what was agreed to.
Result<NotifyEnd> EscalationDesk::agree(std::vector<Outgoing>& outgoing, const engine::Message& message,
                                        ui::LineReader* reader, const NotifyOptions& options) {
    const bool on_stdout = options.dry_run && options.stdout_free;
    ui::Sink& screen = on_stdout ? world_.out() : world_.err();
    const ui::Style style = on_stdout ? world_.out_style() : world_.err_style();
    engine::Authority authority;
    authority.yes = options.yes;
    authority.can_ask = reader != nullptr;
    std::vector<Outgoing> agreed;
    for (auto& one : outgoing) {
        screen.write(fmt::format("\n{}\n", ui::paint(style, ui::Paint::strong,
                                                     "To " + ui::safe(style, one.contact) + " by " +
                                                         std::string(to_string(one.channel.kind)))));
        const std::string text = engine::preview_of(one.channel, message);
        screen.write(ui::verbatim(text, style, "  "));
        if (options.dry_run) {
            previewed_.push_back({one.contact, std::string(to_string(one.channel.kind)), text});
            continue;
        }
        const auto consent = engine::consent_to_notify(authority);
        if (!consent) {
            return tl::unexpected(consent.error());
        }
        const Word word = *consent == Consent::given ? Word::yes : ask_to_send(*reader, screen);
        if (word == Word::interrupted) {
            return NotifyEnd::interrupted;
        }
        if (word == Word::yes) {
            agreed.push_back(std::move(one));
        }
    }
    outgoing = std::move(agreed);
    if (options.dry_run) {
        screen.write("\nA dry run: nothing was sent.\n");
        return NotifyEnd::shown;
    }
    return outgoing.empty() ? NotifyEnd::declined : NotifyEnd::delivered;
}

Result<NotifyEnd> EscalationDesk::notify(engine::EventLog& log, ui::LineReader* reader, const std::string& from,
                                         const std::vector<std::string>& contacts, const NotifyOptions& options) {
    auto outgoing = outgoing_for(contacts);
    if (!outgoing) {
        return tl::unexpected(outgoing.error());
    }
    const auto message =
        engine::message_about(standing_.standing(), ui::render_handoff(handoff()), world_.clock().now());
    busy_ = true;
    const auto agreed = agree(*outgoing, message, reader, options);
    busy_ = false;
    if (!agreed || *agreed != NotifyEnd::delivered) {
        return agreed;
    }
    std::vector<std::string> told;
    for (const auto& one : *outgoing) {
        if (told.empty() || told.back() != one.contact) {
            told.push_back(one.contact);
        }
    }
    escalated_ = true;
    log.emit(Escalated{from, std::move(told)}, true);
    return send(log, *outgoing, message, options);
}

NotifyEnd EscalationDesk::send(engine::EventLog& log, const std::vector<Outgoing>& outgoing,
                               const engine::Message& message, const NotifyOptions& options) {
    const auto runner = open_runner(world_, &world_.secrets());  // in a drill nothing leaves
    engine::Patience patience;
    patience.timeout = options.timeout;
    const ui::Style style = world_.err_style();
    NotifyEnd end = NotifyEnd::delivered;
    for (const auto& one : outgoing) {
        const std::string who = fmt::format("{} by {}", one.contact, to_string(one.channel.kind));
        auto told =
            engine::deliver(one.channel, message, *runner, world_.stop(), patience, [&](const std::string& said) {
                world_.err().write(ui::wrapped(ui::safe(style, fmt::format("{}: {}", who, said)), style, "", "  "));
            });
        told.contact = one.contact;
        const bool good = told.result == Notified::Result::delivered;
        const std::string result = good ? "delivered"
                                   : told.result == Notified::Result::failed
                                       ? "NOT delivered: " + told.why
                                       : "not known whether it was delivered: " + told.why;
        world_.err().write(ui::wrapped(ui::paint(style, good ? ui::Paint::good : ui::Paint::bad,
                                                 ui::safe(style, fmt::format("{}: {}", who, result))),
                                       style, "", "  "));
        end = good ? end : NotifyEnd::failed;
        log.emit(std::move(told), true);
    }
    return end;
}

ui::Answer RemindingReader::read(std::string_view prompt) {
    if (const std::string line = desk_.reminder(); !line.empty()) {
        world_.err().write(line);
    }
    return reader_.read(prompt);
}

}  // namespace memrb::cli
