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
        : options_(options),
          tools_(tools),
          name_(options.name),
          platform_(options.platform),
          fetch_([&](const Request& request) {
              RunContext context;
              context.timeout = patience_;
              context.keep = Bytes{64} << 20U;
              return runner.run(request, context, stop);
          }) {
        if (const auto configured = options.configured.find(options.name); configured != options.configured.end()) {
            configured_ = &configured->second;
            platform_ = platform_ ? platform_ : configured_->platform;
            name_ = configured_->name.empty() ? name_ : configured_->name;
        }
    }

    Result<FoundTarget> run(std::span<const TargetFinder* const> finders, const Stop& stop) {
        if (auto name = check_target_name(name_); !name) {
            return tl::unexpected(name.error());
        }
        auto vars = options_.vars;
        if (configured_ != nullptr) {
            vars.insert(configured_->vars.begin(), configured_->vars.end());
        }
        bool any = false;
        for (const TargetFinder* finder : finders) {
            if (platform_ && finder->platform != *platform_) {
                continue;
            }
            any = true;
            Found found;
            patience_ = finder->patience;
            if (!stop.requested()) {
                found = finder->find(FindContext{name_, tools_, vars, options_.now}, fetch_);
            }
            if (stop.requested()) {  // an answer that was cut short is no answer
                return fail(Fault::interrupted, "interrupted while looking for the target");
            }
            if (found.matches.size() > 1) {
                return tl::unexpected(ambiguous(name_, found.matches));
            }
            if (found.matches.size() == 1) {
                return pinned(std::move(found));
            }
            note_absence(std::move(found));
        }
        if (!any && platform_) {
            return fail(Fault::usage, fmt::format("this memrb cannot look for {} targets yet", to_string(*platform_)));
        }
        return tl::unexpected(nobody_knows());
    }

private:
    void note_absence(Found found) {
        if (found.absent && !platform_) {
            return;
        }
        asked_anyone_ = asked_anyone_ || found.problems.empty() || !found.known_names.empty();
        for (const auto& name : found.known_names) {
            known_.push_back(base::printable(name));
            if (name == name_ && !found.problems.empty()) {
                unreadable_ = found.problems.front();
            }
        }
        std::move(found.problems.begin(), found.problems.end(), std::back_inserter(problems_));
    }

    Error nobody_knows() {
        std::sort(known_.begin(), known_.end());
        known_.erase(std::unique(known_.begin(), known_.end()), known_.end());
        if (unreadable_) {  // it is there: "nothing is called" would be wrong
            return {Fault::no_data, fmt::format("`{}` was found, but not read: {}", name_, unreadable_->message),
                    unreadable_->hint};
        }
        Error error{Fault::no_data, fmt::format("cannot look for `{}`: no source answered", name_), {}};
        if (asked_anyone_) {
            error = {Fault::failed,
                     fmt::format("nothing is called `{}` here{}", name_, base::did_you_mean(name_, known_)),
                     {}};
            if (known_.empty() && problems_.empty()) {
                error.hint = "there is nothing here at all: no container, no series";
            } else if (!known_.empty() && !base::closest(name_, known_)) {
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
        if (configured_ != nullptr) {
            result.target.vars = configured_->vars;
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
    std::string name_;
    std::optional<Platform> platform_;
    Milliseconds patience_{};  ///< of the finder that is asked
    Fetch fetch_;
    const ConfiguredTarget* configured_ = nullptr;
    bool asked_anyone_ = false;
    std::optional<Error> unreadable_;  ///< of a target that is listed and could not be pinned
    std::vector<std::string> known_;
    std::vector<Error> problems_;
};

}  // namespace

Result<FoundTarget> find_target(const FindOptions& options, std::span<const TargetFinder* const> finders,
                                const Tools& tools, Runner& runner, const Stop& stop) {
    if (auto name = check_target_name(options.name); !name) {
        return tl::unexpected(name.error());  // before the config is asked, so that the message has the typed name
    }
    return Search(options, tools, runner, stop).run(finders, stop);
}

}  // namespace memrb::engine
