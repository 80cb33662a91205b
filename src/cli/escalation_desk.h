#pragma once

#include "cli/channels.h"
#include "engine/event_log.h"
#include "engine/notify.h"
#include "engine/standing.h"
#include "ui/handoff.h"
#include "ui/line_reader.h"

#include <optional>
#include <string>
#include <vector>

namespace memrb::cli {

class World;

/// What the runbook and the config say about calling for help.
struct EscalationPlan {
    std::vector<Rung> ladder;
    std::vector<std::string> when;
    std::vector<Callee> callees;
    ConfigContacts config;
    std::vector<std::string> warnings;  ///< for the handoff
    std::string silent_because;         ///< not empty: what wakes nobody up, `a replay`
};

EscalationPlan escalation_plan(const Runbook& runbook, ConfigContacts config);

struct NotifyOptions {
    bool yes = false;
    bool dry_run = false;
    bool stdout_free = true;  ///< false: it is for a JSON document, a dry run's preview goes to stderr
    Milliseconds timeout{10'000};
};

enum class NotifyEnd {
    delivered,  ///< each message
    declined,   ///< nothing was sent
    failed,     ///< at least one message was not delivered, or nobody knows
    interrupted,
    shown,  ///< a dry run
};

/// Follows an incident, reminds of the ladder, and hands over.
class EscalationDesk {
public:
    EscalationDesk(World& world, EscalationPlan plan) : world_(world), plan_(std::move(plan)) {}

    /// To be given every event of the incident.
    [[nodiscard]] engine::StandingBuilder& standing() { return standing_; }

    /// The line of the quiet timer; empty: nothing calls for help.
    [[nodiscard]] std::string reminder() const;

    [[nodiscard]] ui::Handoff handoff() const;

    /// `x`: shows the handoff, then notifies `contact` or whom the person names; `declined`: nobody. Errors: the
    /// contact cannot be notified.
    Result<NotifyEnd> hand_over(engine::EventLog& log, ui::LineReader& reader, const std::string& from,
                                const std::string& contact);

    /// Previews each message, gets consent, sends what was agreed to and records what became of it. `reader` null:
    /// nobody can be asked.
    Result<NotifyEnd> notify(engine::EventLog& log, ui::LineReader* reader, const std::string& from,
                             const std::vector<std::string>& contacts, const NotifyOptions& options);

    /// hand_over() or notify() has been used in this process.
    [[nodiscard]] bool escalated() const { return escalated_; }

private:
    struct Outgoing {
        std::string contact;
        engine::Channel channel;
    };
    Result<NotifyEnd> offer(engine::EventLog& log, ui::LineReader& reader, const std::string& from,
                            const std::string& contact);
    Result<std::vector<Outgoing>> outgoing_for(const std::vector<std::string>& contacts);
    Result<NotifyEnd> agree(std::vector<Outgoing>& outgoing, const engine::Message& message, ui::LineReader* reader,
                            const NotifyOptions& options);
    NotifyEnd send(engine::EventLog& log, const std::vector<Outgoing>& outgoing, const engine::Message& message,
                   const NotifyOptions& options);
    [[nodiscard]] std::optional<std::string> ask_whom(ui::LineReader& reader) const;

    World& world_;
    EscalationPlan plan_;
    engine::StandingBuilder standing_;
    std::vector<ui::ShownMessage> previewed_;  ///< by a dry run
    bool busy_ = false;                        ///< its own questions need no reminder
    bool escalated_ = false;
};

/// Shows the reminder before each question.
class RemindingReader final : public ui::LineReader {
public:
    RemindingReader(World& world, ui::LineReader& reader, const EscalationDesk& desk)
        : world_(world), reader_(reader), desk_(desk) {}
    ui::Answer read(std::string_view prompt) override;
    void discard_typed_ahead() override { reader_.discard_typed_ahead(); }

private:
    World& world_;
    ui::LineReader& reader_;
    const EscalationDesk& desk_;
};

}  // namespace memrb::cli
