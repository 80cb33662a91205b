#include "incident/mask_event.h"

#include <string>
#include <vector>

namespace memrb::incident {

namespace {

class Mask {
public:
    explicit Mask(const base::Secrets& secrets) : secrets_(secrets) {}

    [[nodiscard]] std::size_t count() const { return count_; }

    void operator()(IncidentOpened& body) { words(body.command_line); }
    void operator()(TargetPinned& body) {
        named(body.vars);
        named(body.target.vars);
        named(body.target.labels);
    }
    void operator()(StepStarted& body) {
        text(body.title);
        std::visit(*this, body.request);
    }
    void operator()(StepFinished& body) {
        output(body.outcome.out);
        output(body.outcome.err);
        named(body.outcome.headers);
        ending(body.outcome.ending);
        text(body.note);
        texts(body.warnings);
        named(body.captures);
    }
    void operator()(StepSkipped& body) { text(body.why); }
    void operator()(Assessed& body) {
        Assessment& found = body.assessment;
        texts(found.warnings);
        texts(found.oom.evidence);
        for (auto& cause : found.causes) {
            texts(cause.evidence);
        }
    }
    void operator()(Decided& body) { text(body.why); }
    void operator()(NoteAdded& body) { text(body.text); }
    void operator()(IncidentClosed& body) { text(body.reason); }
    void operator()(WatchSampled& body) { text(body.sample.missing); }
    void operator()(WatchEnded& body) { text(body.result.why); }
    template <class Other>
    void operator()(Other& /*has no text of others*/) {}

    void operator()(Command& command) {
        words(command.argv);
        named(command.env);
        text(command.stdin_text);
    }
    void operator()(HttpRequest& request) {
        text(request.url);
        named(request.headers);
        text(request.body);
    }
    void operator()(SampleMemory& sample) {
        for (auto& source : sample.sources) {
            std::visit(*this, source);
        }
    }
    void operator()(FileEdit& edit) {
        std::string& value = edit.value;
        const std::string name = edit.places.empty() || edit.places.front().empty() ? "" : edit.places.front().back();
        count_ += secrets_.mask_value(name, value);
    }
    void operator()(HumanTask& task) { text(task.instructions); }

private:
    void text(std::string& one) { count_ += secrets_.mask(one); }
    void texts(std::vector<std::string>& all) {
        for (auto& one : all) {
            text(one);
        }
    }
    // `--password hunter2` are two words; `-u user:password` is what curl and others say.
    void words(std::vector<std::string>& all) {
        for (std::size_t i = 0; i < all.size(); ++i) {
            const bool flag = i > 0 && all[i - 1].starts_with("--") && !all[i].starts_with("-");
            count_ += flag ? secrets_.mask_value(all[i - 1], all[i]) : secrets_.mask(all[i]);
            const auto colon = all[i].find(':');
            if (i > 0 && (all[i - 1] == "-u" || all[i - 1] == "--user") && colon != std::string::npos) {
                all[i].replace(colon + 1, std::string::npos, all[i].size() - colon - 1, '*');
                ++count_;
            }
        }
    }
    template <class Named>
    void named(Named& all) {
        for (auto& [name, value] : all) {
            count_ += secrets_.mask_value(name, value);
        }
    }
    void ending(Ending& end) {
        if (auto* not_started = std::get_if<NotStarted>(&end)) {
            text(not_started->why);
        } else if (auto* unknown = std::get_if<Unknown>(&end)) {
            text(unknown->why);
        }
    }
    void output(Output& one) {
        const bool cut = one.truncated();
        std::size_t found = 0;
        if (cut) {
            found = secrets_.mask_part(one.head, false, true) + secrets_.mask_part(one.tail, true, false);
        } else if (!one.tail.empty()) {
            // A secret may lie over the border: both are masked as one text.
            const std::size_t border = one.head.size();
            std::string whole = one.head + one.tail;
            found = secrets_.mask(whole);
            if (found != 0) {
                one.head = whole.substr(0, border);
                one.tail = whole.substr(border);
            }
        } else {
            found = secrets_.mask(one.head);
        }
        count_ += found;
    }

    const base::Secrets& secrets_;
    std::size_t count_ = 0;
};

}  // namespace

std::size_t mask(EventBody& body, const base::Secrets& secrets) {
    Mask masking(secrets);
    std::visit(masking, body);
    return masking.count();
}

}  // namespace memrb::incident
