#include "actions/kubectl_rules.h"

#include "actions/kubectl_verbs.h"
#include "base/number.h"
#include "base/text.h"
#include "memrb/units.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>

namespace memrb::actions {

namespace {

Result<void> refuse(const CommandLine& line, std::string_view why, std::string hint = {}) {
    return fail(Fault::usage, fmt::format("`kubectl {}`: {}", line.written, why), std::move(hint));
}

bool is_group(const CommandLine& line, std::string_view group) {
    return line.verb.starts_with(group) && line.verb.size() > group.size() && line.verb[group.size()] == ' ';
}

// Short options that take a value; `-p` is `--previous` of logs and `--patch` of all others.
std::string_view letters_with_value(const CommandLine& line) {
    return line.verb == "logs" ? "nslofckLv" : "nslofckLvp";
}

bool has(const CommandLine& line, std::string_view name, char letter = '\0') {
    std::string_view letters = letters_with_value(line);
    return has_switch(kubectl_words(line), {name, letter, letters});
}

// kubectl takes its options anywhere: those that address something else may stand behind the command, too.
Result<void> check_pinned(const CommandLine& line) {
    if (!line.redirecting.empty()) {
        return fail(Fault::usage, fmt::format("`{}` would address something else than the target", line.redirecting),
                    "memrb itself adds the target's context and namespace");
    }
    for (const auto& option : kubectl_grammar().options) {
        if (!option.redirects) {
            continue;
        }
        const char letter = option.short_name.empty() ? '\0' : option.short_name[1];
        std::string others(letters_with_value(line));
        std::erase(others, letter);
        const auto words = kubectl_words(line);
        const bool given = std::any_of(words.begin(), words.end(), [&](const std::string& word) {
            return word == option.name || (word.starts_with(option.name) && word.size() > option.name.size() &&
                                           word[option.name.size()] == '=');
        });
        if (given || (letter != '\0' && has_switch(words, {{}, letter, others}))) {
            return fail(Fault::usage, fmt::format("`{}` would address something else than the target", option.name),
                        "memrb itself adds the target's context and namespace");
        }
    }
    if (has(line, "--all-namespaces", 'A') && risk_of(line, kubectl_grammar()) != Risk::read) {
        return refuse(line, "`--all-namespaces` would change more than the target");
    }
    return {};
}

/// A command that wants a person, or does not end by itself.
struct Endless {
    std::string_view verb, why, hint;
};

constexpr auto endless = std::to_array<Endless>({
    {"edit", "it needs an editor, which a step does not have", "use `kubectl: set ...` or `kubectl: patch ...`"},
    {"attach", "it stays attached to the container", "use `kubectl: logs ... --since=10m`"},
    {"port-forward", "it never ends", "use an `http:` step on an address that is reachable"},
    {"proxy", "it never ends", "use `kubectl: get --raw PATH`"},
});

/// An option with which a command would wait for a person, or for ever.
struct Unattended {
    std::string_view verb;  ///< empty: any
    std::string_view name;
    char letter;
    std::string_view why;
};

constexpr auto unattended = std::to_array<Unattended>({
    {"get", "--watch", 'w', "`--watch` never ends: use `kubectl: wait` with `--timeout`, or `retry:`"},
    {"get", "--watch-only", '\0', "`--watch-only` never ends: use `kubectl: wait` with `--timeout`"},
    {"events", "--watch", 'w', "`--watch` never ends: leave it out"},
    {"logs", "--follow", 'f', "`--follow` never ends: use `--since` or `--tail`"},
    {"exec", "--tty", 't', "a step has no terminal: leave out `-t`"},
    {"run", "--tty", 't', "a step has no terminal: leave out `-t`"},
    {"run", "--attach", '\0', "it stays attached to the pod: leave out `--attach`"},
    {"debug", "--tty", 't', "a step has no terminal: leave out `-t`"},
    {"debug", "--attach", '\0', "it stays attached to the container: leave out `--attach`"},
    {"delete", "--interactive", 'i', "it asks, and a step cannot answer: leave out `--interactive`"},
});

bool follows(const CommandLine& line, const Unattended& rule) {
    // `-f` of logs is no file, and `-i` of others is no question.
    std::string letters(letters_with_value(line));
    std::erase(letters, rule.letter);
    return has_switch(kubectl_words(line), {rule.name, rule.letter, letters});
}

bool is_bound(const std::optional<std::string>& timeout) {
    return timeout && !timeout->starts_with('-') && timeout->find_first_of("123456789$") != std::string::npos;
}

Result<void> check_ends(const CommandLine& line) {
    for (const auto& one : endless) {
        if (one.verb == line.verb) {
            return refuse(line, one.why, std::string(one.hint));
        }
    }
    for (const auto& rule : unattended) {
        if (rule.verb == line.verb && follows(line, rule)) {
            return refuse(line, rule.why);
        }
    }
    const auto words = kubectl_words(line);
    const auto timeout = option_value(words, "--timeout");
    if (line.verb == "rollout status" && option_value(words, "--watch") != "false" && !is_bound(timeout)) {
        return refuse(line, "it waits for as long as the rollout takes: add `--timeout=60s`, or `--watch=false`");
    }
    if (line.verb == "wait" && timeout && !is_bound(timeout)) {
        return refuse(line, "it waits without an end: give a `--timeout` above zero");
    }
    if (line.verb == "exec" && words.size() == line.rest.size()) {
        return refuse(line, "put `--` before the program, so that its options are its own");
    }
    return {};
}

// `512m` is a habit from Docker; here it is half a byte, which the API accepts and no container can start with.
Result<void> check_memory(const CommandLine& line, std::string_view option) {
    constexpr Bytes least = Bytes{1} << 20U;
    const std::string amounts = option_value(kubectl_words(line), option).value_or("");
    for (const auto pair : base::split(amounts, ',')) {
        const std::string_view amount = base::trim(pair);
        if (!amount.starts_with("memory=") || amount.find('$') != std::string_view::npos) {
            continue;
        }
        const std::string_view written = amount.substr(std::string_view("memory=").size());
        const auto bytes = parse_quantity(written);
        if (!bytes) {
            return refuse(
                line, fmt::format("`{}` is no amount of memory: {}", base::printable(written), bytes.error().message),
                "write for example 512Mi or 2Gi");
        }
        if (*bytes != 0 && *bytes < least) {
            return refuse(line,
                          fmt::format("`{}` of memory is {} in Kubernetes", base::printable(written),
                                      *bytes == 1 ? "1 byte at most" : format_bytes(*bytes)),
                          "write for example 512Mi or 2Gi");
        }
    }
    return {};
}

bool vouched_for(const Params& params) {
    return params.text("reads") == "true";
}

Result<void> check_vouched(const CommandLine& line) {
    if (line.verb != "exec") {
        return refuse(line, "`reads` is for `exec` only: what this command does is known without it");
    }
    return {};
}

constexpr auto with_dry_run = std::to_array<std::string_view>(
    {"scale", "autoscale", "patch", "apply", "create", "replace", "delete", "label", "annotate", "run", "expose",
     "taint", "cordon", "uncordon", "drain", "rollout undo"});

// Only where it stands as a word of its own for certain: behind an option it might be that option's value.
bool is_dry_run(const CommandLine& line) {
    const bool knows =
        is_group(line, "set") || std::find(with_dry_run.begin(), with_dry_run.end(), line.verb) != with_dry_run.end();
    const auto words = kubectl_words(line);
    bool dry = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (!words[i].starts_with("--dry-run")) {
            continue;
        }
        const bool may_be_value = i > 0 && words[i - 1].starts_with('-') && words[i - 1].find('=') == std::string::npos;
        dry = !may_be_value && (words[i] == "--dry-run=server" || words[i] == "--dry-run=client");
    }
    return knows && dry;
}

// The API refuses it unless there are `--current-replicas` now: then it only adds pods.
bool only_adds_replicas(const CommandLine& line) {
    const auto count = [&](std::string_view option) {
        return base::number<int>(option_value(kubectl_words(line), option).value_or(""));
    };
    const auto now = count("--current-replicas");
    const auto wanted = count("--replicas");
    return line.verb == "scale" && now && wanted && *now > 0 && *wanted > *now;
}

}  // namespace

std::span<const std::string> kubectl_words(const CommandLine& line) {
    const auto end = std::find(line.rest.begin(), line.rest.end(), "--");
    return std::span(line.rest).first(static_cast<std::size_t>(end - line.rest.begin()));
}

Result<void> check_kubectl_words(const Params& params) {
    const CommandLine line = parse_command_line(params.list("args"), kubectl_grammar());
    if (auto pinned = check_pinned(line); !pinned) {
        return pinned;
    }
    if (!line.not_understood.empty()) {
        return fail(Fault::usage, fmt::format("unknown option `{}` before the command", line.not_understood),
                    "the command's risk cannot be told then");
    }
    if (line.verb.empty()) {
        return fail(Fault::usage, "no command: write for example `kubectl: get pods`");
    }
    if (auto ends = check_ends(line); !ends) {
        return ends;
    }
    if (line.verb == "set resources") {
        for (const std::string_view option : {"--limits", "--requests"}) {
            if (auto fits = check_memory(line, option); !fits) {
                return fits;
            }
        }
    }
    return vouched_for(params) ? check_vouched(line) : Result<void>();
}

std::optional<Params> rehearse_kubectl(const Params& params) {
    Param args{{}, params.list("args"), {}};
    const auto own = std::find(args.list.begin(), args.list.end(), "--");
    args.list.insert(own, "--dry-run=server");
    Params asked = params;
    asked.set("args", std::move(args));
    const bool changes = kubectl_risk(params) != Risk::read;
    return changes && kubectl_risk(asked) == Risk::read ? std::optional(std::move(asked)) : std::nullopt;
}

Risk kubectl_risk(const Params& params) {
    const CommandLine line = parse_command_line(params.list("args"), kubectl_grammar());
    if (vouched_for(params) && check_vouched(line)) {
        return Risk::read;
    }
    if (is_dry_run(line)) {
        return Risk::read;
    }
    if (only_adds_replicas(line)) {
        return Risk::reversible;
    }
    const auto words = kubectl_words(line);
    const bool deletes = (line.verb == "replace" && has_switch(words, {"--force"})) ||
                         (line.verb == "apply" && (has_switch(words, {"--prune"}) || has_switch(words, {"--force"})));
    if (deletes) {
        return Risk::irreversible;
    }
    const bool writes_file = line.verb == "cluster-info" && option_value(words, "--output-directory");
    return writes_file ? Risk::disruptive : risk_of(line, kubectl_grammar());
}

}  // namespace memrb::actions
