// The project's Compose file, which exists only in the drill.
#include "base/digest.h"
#include "base/number.h"
#include "base/text.h"
#include "drill/inspect_json.h"
#include "drill/tools.h"

#include <fmt/core.h>

namespace memrb::drill {

extern const Tool compose_file_tool;

namespace {

constexpr std::string_view copy_prefix = "/srv/shop/compose.yml.before-";

struct File {
    std::string text;
    int line_of_limit = 0;  ///< of the service that was asked for; 0: none
    std::string limit_line;
};

File file_of(const World& world, std::string_view wanted) {
    File file{"name: shop\nservices:\n", 0, {}};
    int line = 2;
    for (std::size_t i = 0; i < world.service_count(); ++i) {
        const Service& service = world.service(i);
        file.text += fmt::format("  {}:\n    image: {}\n    restart: unless-stopped\n", service.spec->name,
                                 service.declared().image);
        line += 3;
        if (service.limit > 0) {
            const std::string limit = fmt::format("    mem_limit: {:.0f}m", service.limit / one_mebibyte);
            file.text += limit + "\n";
            ++line;
            if (service.spec->name == wanted) {
                file.line_of_limit = line;
                file.limit_line = limit;
            }
        } else if (service.spec->name == wanted) {
            file.line_of_limit = line;  // behind it the new one goes
        }
    }
    return file;
}

Reply refused(std::string why) {
    Reply reply;
    reply.ending = NotStarted{std::move(why)};
    return reply;
}

Reply put_back(const FileEdit& edit, World& world) {
    const auto number = edit.restore.starts_with(copy_prefix)
                            ? base::number<std::size_t>(std::string_view(edit.restore).substr(copy_prefix.size()))
                            : std::nullopt;
    if (!edit.left_as.empty() && base::sha256(file_of(world, "").text) != edit.left_as) {
        return refused(fmt::format("{} has been changed since", compose_file));
    }
    if (!number || (!edit.preview && !world.put_back_limits(*number))) {
        return refused("there is no copy " + edit.restore);
    }
    return says(
        Json{{"file", compose_file}, {"restored", edit.restore}, {"left_as", base::sha256(file_of(world, "").text)}}
            .dump());
}

std::optional<Reply> answer(const Request& request, World& world) {
    const auto* edit = std::get_if<FileEdit>(&request);
    if (edit == nullptr) {
        return std::nullopt;
    }
    if (edit->files.empty() || edit->files.back() != compose_file) {
        return refused("in this drill there is only " + std::string(compose_file));
    }
    if (!edit->restore.empty()) {
        return put_back(*edit, world);
    }
    const std::string name = edit->places.empty() || edit->places.front().size() < 2 ? "" : edit->places.front()[1];
    const auto service = world.service_named(name);
    const auto limit = parse_docker_size(edit->value);
    if (!service || !limit) {
        return refused(fmt::format("no service {} in {}, or `{}` is no amount", name, compose_file, edit->value));
    }
    const File before = file_of(world, name);
    const std::string line = fmt::format("    mem_limit: {}", edit->value);
    const bool same = before.limit_line == line;
    Json json{
        {"file", compose_file},
        {"value", edit->value},
        {"before", before.limit_line.empty()
                       ? Json(nullptr)
                       : Json(std::string(base::trim(before.limit_line.substr(before.limit_line.find(':') + 1))))},
        {"lines", Json::array()},
        {"copy", nullptr},
        {"left_as", ""}};
    if (!same) {
        json["lines"].push_back({{"number", before.line_of_limit},
                                 {"removed", before.limit_line.empty() ? Json(nullptr) : Json(before.limit_line)},
                                 {"added", {line}}});
    }
    if (!edit->preview && !same) {
        json["copy"] = fmt::format("{}{}", copy_prefix, world.keep_limits());
        world.declare_limit(*service, *limit);
    }
    json["left_as"] = base::sha256(file_of(world, name).text);
    return says(json.dump());
}

}  // namespace

const Tool compose_file_tool{"compose_file", answer};

}  // namespace memrb::drill
