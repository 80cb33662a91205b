#include "incident/verify.h"

#include "base/text.h"
#include "incident/chain.h"
#include "incident/files.h"
#include "incident/load.h"
#include "incident/outputs.h"
#include "wire/document.h"
#include "wire/event_json.h"

#include <fmt/core.h>
#include <algorithm>
#include <set>

namespace memrb::incident {

namespace {

constexpr std::uint64_t most_journal_bytes = std::uint64_t{256} << 20U;

class Verifier {
public:
    explicit Verifier(const std::filesystem::path& folder) : files_(folder) {}

    Proof run(std::string_view text) {
        while (!text.empty() && proof_.broken_line == 0) {
            const std::size_t end = text.find('\n');
            if (end == std::string_view::npos) {
                unfinished(text);
                break;
            }
            look_at(text.substr(0, end));
            text.remove_prefix(end + 1);
        }
        proof_.head = chain_.head();
        return std::move(proof_);
    }

private:
    void broken(std::string why) {
        proof_.broken_line = proof_.lines + 1;
        proof_.broken_why = std::move(why);
    }

    void look_at(std::string_view line) {
        const bool chained = !chain_.head().empty();
        const bool sealed = hash_in(line).has_value();
        if (chained && !sealed) {
            return broken("it has no hash, though the line before it has one");
        }
        if (!sealed && chain_.had_hash(line)) {
            return broken("its hash was changed");
        }
        if (sealed && !chain_.follows(line)) {
            return broken(proof_.lines == 0
                              ? "it is not as it was written"
                              : "it is not as it was written, or does not belong behind the line before it");
        }
        const auto json = wire::parse_json(line, line_limits());
        if (!json) {
            return broken("it " + json.error().message);
        }
        const auto event = wire::event_from_json(*json);
        if (!event) {
            return broken(event.error().message);
        }
        if (event->seq != proof_.lines + 1) {
            return broken(fmt::format("event {} stands where event {} belongs", event->seq, proof_.lines + 1));
        }
        ++proof_.lines;
        proof_.without_hash += sealed ? 0 : 1;
        if (const auto* finished = std::get_if<StepFinished>(&event->body)) {
            const auto digests = json->find("sha256");
            for (const Output* output : {&finished->outcome.out, &finished->outcome.err}) {
                check(*output, digests == json->end() ? wire::Json() : *digests);
            }
        }
    }

    // A crash leaves the beginning of a line; a whole line with another byte for its end was changed.
    void unfinished(std::string_view rest) {
        const std::string before = chain_.head();
        if (chain_.follows(rest.substr(0, rest.size() - 1))) {
            chain_.go_on_behind(before);
            return broken("its end of line was changed");
        }
        proof_.torn_bytes = rest.size();
    }

    void check(const Output& output, const wire::Json& digests) {
        if (output.file.empty() || !seen_.insert(output.file).second) {
            return;
        }
        const auto known = digests.is_object() ? digests.find(output.file) : digests.end();
        const auto size = files_.size(output.file);
        if (!size) {
            proof_.broken_files.push_back(size.error().message);
        } else if (*size != output.in_file) {
            proof_.broken_files.push_back(fmt::format("{}: it has {} bytes where the record says {}",
                                                      base::printable(output.file), *size, output.in_file));
        } else if (known == digests.end()) {
            ++proof_.without_digest;
        } else if (const auto digest = digest_of(files_, output.file, *size); !digest) {
            proof_.broken_files.push_back(digest.error().message);
        } else if (*known != *digest) {
            proof_.broken_files.push_back(base::printable(output.file) + ": it is not as it was written");
        } else {
            ++proof_.files;
        }
    }

    FolderFiles files_;
    Chain chain_;
    Proof proof_;
    std::set<std::string> seen_;
};

}  // namespace

Result<Proof> verify(const std::filesystem::path& folder) {
    const auto text = read_file(journal_path(folder), most_journal_bytes);
    if (!text) {
        return tl::unexpected(text.error());
    }
    return Verifier(folder).run(*text);
}

wire::Json to_json(const Proof& proof, const std::string& incident) {
    wire::Json broken = nullptr;
    if (proof.broken_line != 0) {
        broken = {{"line", proof.broken_line}, {"why", base::to_utf8(proof.broken_why)}};
    }
    wire::Json files = wire::Json::array();
    for (const auto& file : proof.broken_files) {
        files.push_back(base::to_utf8(file));
    }
    return {
        {"schema", "memrb/verify/v1"},
        {"incident", base::to_utf8(incident)},
        {"holds", proof.holds()},
        {"lines", proof.lines},
        {"lines_without_hash", proof.without_hash},
        {"head", proof.head.empty() ? wire::Json(nullptr) : wire::Json(proof.head)},
        {"torn_bytes", proof.torn_bytes},
        {"first_broken", std::move(broken)},
        {"outputs", {{"proven", proof.files}, {"without_digest", proof.without_digest}, {"broken", std::move(files)}}}};
}

}  // namespace memrb::incident
