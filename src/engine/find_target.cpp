#include "engine/find_target.h"

#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>
#include <iterator>

namespace memrb::engine {

namespace {

std::string describe_match(const Target& target) {
    std::string text = fmt::format("  {} · {}", to_string(target.platform), base::printable(target.name));
    if (!target.id.empty()) {
        text += fmt::format(" ({})", base::printable(target.id.substr(0, 12)));
    }
    return text + (target.running ? "" : ", stopped") + (target.found_by.empty() ? "" : ", by " + target.found_by);
}

Error ambiguous(const std::string& name, const std::vector<Target>& matches) {
    std::string message = fmt::format("`{}` could be any of {}:", name, matches.size());
    for (const auto& match : matches) {
        message += "\n" + describe_match(match);
    }
    return {Fault::usage, std::move(message), "name one of them, or give the container's id"};
}

// What there is, when nothing in it is near the name.
std::string known_here(const std::vector<std::string>& known) {
    constexpr std::size_t most = 8;
    const auto shown = std::span(known).first(std::min(known.size(), most));
    return fmt::format("known here: {}{}", base::join(shown, ", "), known.size() > most ? ", …" : "");
}

class Search {
public:
    Search(const FindOptions& options, const Tools& tools, Runner& runner, const Stop& stop)
        : options_(options), tools_(tools), sought_(sought(options)), fetch_([&](const Request& request) {
              RunContext context;
              context.timeout = patience_;
              context.keep = Bytes{64} << 20U;
              return runner.run(request, context, stop);
          }) {}

    Result<FoundTarget> run(std::span<const TargetFinder* const> finders, const Stop& stop) {
        if (auto name = check_target_name(sought_.name); !name) {
            return tl::unexpected(name.error());
        }
        bool any = false;
        for (const TargetFinder* finder : finders) {
            if (sought_.platform && finder->platform != *sought_.platform) {
                continue;
            }
            any = true;
            Found found;
            patience_ = finder->patience;
            if (!stop.requested()) {
                found = finder->find(FindContext{sought_.name, tools_, sought_.vars, options_.now}, fetch_);
            }
            if (stop.requested()) {  // an answer that was cut short is no answer
                return fail(Fault::interrupted, "interrupted while looking for the target");
            }
            if (found.matches.size() > 1) {
                return tl::unexpected(ambiguous(sought_.name, found.matches));
            }
            if (found.matches.size() == 1) {
                return pinned(std::move(found));
            }
            note_absence(std::move(found));
        }
        if (!any && sought_.platform) {
            return fail(Fault::usage,
                        fmt::format("this memrb cannot look for {} targets yet", to_string(*sought_.platform)));
        }
        return tl::unexpected(nobody_knows());
    }

private:
    void note_absence(Found found) {
        if (found.absent && !sought_.platform) {
            return;
        }
        asked_anyone_ = asked_anyone_ || found.problems.empty() || !found.known_names.empty();
        for (const auto& name : found.known_names) {
            known_.push_back(base::printable(name));
            if (name == sought_.name && !found.problems.empty()) {
                unreadable_ = found.problems.front();
            }
        }
        std::move(found.problems.begin(), found.problems.end(), std::back_inserter(problems_));
    }

    Error nobody_knows() {
        std::sort(known_.begin(), known_.end());
        known_.erase(std::unique(known_.begin(), known_.end()), known_.end());
        if (unreadable_) {  // it is there: "nothing is called" would be wrong
            return {Fault::no_data, fmt::format("`{}` was found, but not read: {}", sought_.name, unreadable_->message),
                    unreadable_->hint};
        }
        Error error{Fault::no_data, fmt::format("cannot look for `{}`: no source answered", sought_.name), {}};
        if (asked_anyone_) {
            error = {
                Fault::failed,
                fmt::format("nothing is called `{}` here{}", sought_.name, base::did_you_mean(sought_.name, known_)),
                {}};
            if (known_.empty() && problems_.empty()) {
                error.hint = "there is nothing here at all: no container, no series";
            } else if (!known_.empty() && !base::closest(sought_.name, known_)) {
                error.hint = known_here(known_);
            }
        }
        for (const auto& problem : problems_) {
            error.message += "\n  " + problem.message;
            if (error.hint.empty()) {
                error.hint = problem.hint;
            }
        }
        return error;
    }

    FoundTarget pinned(Found found) {
        FoundTarget result{std::move(found.matches.front()), std::move(found.host_containers), {}};
        if (sought_.configured != nullptr) {
            result.target.vars = sought_.configured->vars;
            result.target.found_by = "config, " + result.target.found_by;
        }
        for (const auto& problem : problems_) {
            result.warnings.push_back(problem.message);
        }
        for (const auto& problem : found.problems) {
            result.warnings.push_back(problem.message);
        }
        return result;
    }

    const FindOptions& options_;
    const Tools& tools_;
    Sought sought_;
    Milliseconds patience_{};  ///< of the finder that is asked
    Fetch fetch_;
    bool asked_anyone_ = false;
    std::optional<Error> unreadable_;  ///< of a target that is listed and could not be pinned
    std::vector<std::string> known_;
    std::vector<Error> problems_;
};

}  // namespace

Sought sought(const FindOptions& options) {
    Sought result{options.name, options.platform, options.vars, nullptr};
    if (const auto found = options.configured.find(options.name); found != options.configured.end()) {
        const ConfiguredTarget& configured = found->second;
        result.configured = &configured;
        result.platform = result.platform ? result.platform : configured.platform;
        result.name = configured.name.empty() ? result.name : configured.name;
        result.vars.insert(configured.vars.begin(), configured.vars.end());
    }
    return result;
}

Result<FoundTarget> find_target(const FindOptions& options, std::span<const TargetFinder* const> finders,
                                const Tools& tools, Runner& runner, const Stop& stop) {
    if (auto name = check_target_name(options.name); !name) {
        return tl::unexpected(name.error());  // before the config is asked, so that the message has the typed name
    }
    return Search(options, tools, runner, stop).run(finders, stop);
}

}  // namespace memrb::engine
