// No secret reaches the incident's folder, the history or the screen.
#include "fake_docker.h"
#include "support/http_server.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

using namespace memrb;
using namespace memrb::test;
namespace fs = std::filesystem;

namespace {

const std::string github = "ghp_" + std::string(20, 'q') + "0123456789abcdef";
const std::string runbook = R"(memrb: 1
id: leaky
title: Steps that know secrets
platforms: [docker]
vars:
  db_login: {default: "Tr0ub4dor-and-3", secret: true}
thresholds: [{at: 80%, level: warning}]
diagnose:
  - id: a
    title: Outputs
    steps:
      - {id: argument, shell: [echo, "login ${db_login} was used"], risk: read}
      - {id: flag, shell: [echo, "--password", "hunter2x"], risk: read}
      - {id: file, shell: [cat, "FILE"], risk: read}
      - {id: environment, shell: [printenv, DEPLOY_TOKEN], risk: read}
      - {id: taken, shell: [cat, "FILE"], risk: read, capture: {first: '.stdout | split("\n")[0]'}}
)";

std::string with_file(std::string text, const std::string& file) {
    for (auto at = text.find("FILE"); at != std::string::npos; at = text.find("FILE")) {
        text.replace(at, 4, file);
    }
    return text;
}

/// 3 MiB of lines with a secret over each border of 64 KiB and of what is kept in memory.
std::string long_output() {
    std::string text = "first " + github + "\n";
    for (std::size_t border = 4096; border <= (std::size_t{3} << 20U); border += border < 65'536 ? 4096 : 65'536) {
        const std::size_t until = border - 20;
        while (text.size() + 40 < until) {
            text += "an ordinary line of an ordinary tool\n";
        }
        text += std::string(until > text.size() ? until - text.size() : 0, '.') + " " + github + "\n";
    }
    return text;
}

std::string letters(std::size_t count, unsigned seed) {
    constexpr std::string_view from = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        seed = seed * 1'103'515'245U + 12'345U;
        text += from[seed / 65'536U % from.size()];
    }
    return text + "7";
}

std::string base64(const std::string& bytes) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t three = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            three = three << 8U | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
        }
        for (std::size_t j = 0; j < 4; ++j) {
            text += i + j > bytes.size() ? '=' : digits[three >> (18 - 6 * j) & 63U];
        }
    }
    return text;
}

/// What stands around a secret, and the secret.
struct Planted {
    std::string before, secret, after;
    [[nodiscard]] std::string line() const { return before + secret + after; }
};

/// Three of each of 21 kinds.
std::vector<Planted> planted() {
    std::vector<Planted> all;
    for (unsigned i = 1; i <= 3; ++i) {
        const std::string capitals = "ABCDEFGH2345678" + std::to_string(i);
        for (const auto& [before, secret, after] : std::vector<Planted>{
                 {"id AKIA", capitals, " ok"},
                 {"remote: ghp_", letters(36, i), " ok"},
                 {"token64: ", base64("ghp_" + letters(36, i + 10)), " ok"},
                 {"(glpat-", letters(20, i + 20), ")"},
                 {"hook xoxb-", letters(24, i + 30), ", ok"},
                 {"pay sk_live_", letters(24, i + 40), " ok"},
                 {"maps AIza", letters(35, i + 50), " ok"},
                 {"jwt eyJhbGciOiJIUzI1NiJ9.eyJ", letters(30, i + 60) + "." + letters(43, i + 61), " ok"},
                 {"npm_", letters(36, i + 70), " ok"},
                 {"vault hvs.", letters(90, i + 80), " ok"},
                 {"authorization: Bearer ", letters(30, i + 90), ""},
                 {"Authorization: Basic ", base64("user:" + letters(10, i + 100)), ""},
                 {"postgres://app:", letters(9, i + 110), "@db:5432/app"},
                 {R"("Env": ["POSTGRES_PASSWORD=)", letters(8, i + 120), R"(", "PATH=/bin"])"},
                 {R"({"name": "DB_PASSWORD", "value": ")", letters(8, i + 130), "\"}"},
                 {"mysqldump --password ", letters(6, i + 140), " db"},
                 {R"("Args": ["--api-key", ")", letters(12, i + 150), R"("])"},
                 {R"({"client_secret": ")", letters(10, i + 160), R"(", "n": 1})"},
                 {"Set-Cookie: session=", letters(24, i + 170), ""},
                 {"PGPASSWORD=", letters(9, i + 180), " psql"},
                 {"-----BEGIN RSA PRIVATE KEY-----\n", letters(64, i + 190) + "\n" + letters(40, i + 191),
                  "\n-----END RSA PRIVATE KEY-----"}}) {
            all.push_back({before, secret, after});
        }
    }
    return all;
}

/// Each line over a border of a chunk: of 4 KiB, and of 64 KiB.
std::string over_borders(const std::vector<Planted>& secrets) {
    std::string text;
    std::size_t border = 4096;
    for (const auto& one : secrets) {
        const std::size_t until = border - one.before.size() - one.secret.size() / 2;
        while (text.size() + 40 < until) {
            text += "an ordinary line of an ordinary tool\n";
        }
        text += std::string(until > text.size() + 1 ? until - text.size() - 1 : 0, '.') + "\n" + one.line() + "\n";
        border = (text.size() / 4096 + 1) * 4096;
        border += border - text.size() < 600 ? 4096 : 0;
    }
    return text;
}

}  // namespace

TEST_CASE("planted secrets are in no file of the incident, not on the screen and not in its history") {
    const TempDir home;
    const FakeDocker docker;
    const auto output = home.write("long.txt", long_output()).string();
    const auto file = home.write("leaky.yaml", with_file(runbook, output)).string();
    const std::vector<std::string> secrets{"Tr0ub4dor-and-3", "VHIwdWI0ZG9yLWFuZC0z", "hunter2x",
                                           github.substr(4),  "from-the-environment", "given-by-flag-77"};
    for (const std::string format : {"text", "json", "jsonl"}) {
        const auto ran = docker.diagnose({"-r", file, "-o", format, "--set", "db_login=given-by-flag-77"})
                             .home(home.path())
                             .env("DEPLOY_TOKEN", "from-the-environment")
                             .run();
        INFO(format);
        CHECK(ran.ending == exited(3));  // nothing of it measures memory
        for (const auto& secret : secrets) {
            INFO(secret);
            CHECK(ran.out.find(secret) == std::string::npos);
            CHECK(ran.err.find(secret) == std::string::npos);
        }
    }
    fs::remove(output);
    fs::remove(file);
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(home.path())) {
        if (!entry.is_regular_file()) {
            continue;
        }
        ++files;
        const std::string bytes = read_file(entry.path());
        for (const auto& secret : secrets) {
            INFO(entry.path() << ": " << secret);
            CHECK(bytes.find(secret) == std::string::npos);
        }
        if (entry.path().filename() == "a.file.out") {
            CHECK(bytes.size() == long_output().size());
            CHECK(bytes.starts_with("first ****"));
        }
        if (entry.path().filename() == "journal.jsonl") {
            CHECK(bytes.find("\"masked\":") != std::string::npos);
        }
    }
    CHECK(files > 12);
    const auto history = run_memrb({"history", "-o", "json"}).home(home.path()).run();
    CHECK(history.ending == exited(0));
}

TEST_CASE(
    "of 63 secrets of 21 kinds in outputs, bodies, headers, arguments and the environment none is kept or shown") {
    const TempDir home;
    const TempDir sources;
    const FakeDocker docker;
    const auto secrets = planted();
    REQUIRE(secrets.size() == 63);
    HttpServer server;
    server.always("GET /body",
                  {.body = over_borders(secrets),
                   .headers = {{"Content-Type", "text/plain"}, {"Set-Cookie", "session=" + letters(24, 400)}}});
    const auto quoted = [](const std::string& text) { return nlohmann::json(text).dump(); };
    const auto file = quoted(sources.write("all.txt", over_borders(secrets)).string());
    std::string steps = "      - {id: out, shell: [cat, " + file + "], risk: read}\n" +
                        "      - {id: err, shell: [sh, -c, 'cat \"$0\" >&2', " + file + "], risk: read}\n" +
                        "      - {id: body, http: " + quoted(server.url() + "/body") + "}\n" +
                        "      - {id: header, http: " + quoted(server.url() + "/body") +
                        ", headers: {Authorization: " + quoted("Bearer " + letters(30, 401)) + "}}\n" +
                        "      - {id: environment, shell: [env], risk: read}\n";
    Run run = docker.diagnose({"-r", (sources / "all.yaml").string(), "-o", "jsonl"}).home(home.path());
    for (std::size_t i = 0; i < secrets.size(); ++i) {
        const std::string number = std::to_string(i);
        if (secrets[i].line().find('\n') == std::string::npos) {
            steps +=
                "      - {id: argument" + number + ", shell: [echo, " + quoted(secrets[i].line()) + "], risk: read}\n";
            run.env("APP" + number + "_PASSWORD", secrets[i].secret);
        }
    }
    sources.write("all.yaml",
                  "memrb: 1\nid: all\ntitle: All\nplatforms: [docker]\ndiagnose:\n  - id: a\n    title: A\n"
                  "    steps:\n" +
                      steps);
    const auto ran = run.timeout(std::chrono::seconds(120)).run();
    INFO(ran.err);
    REQUIRE((ran.ending == exited(0) || ran.ending == exited(3)));
    const auto report = run_memrb({"report", "--format", "html"}).home(home.path()).run();
    std::vector<std::pair<std::string, std::string>> places{
        {"stdout", ran.out}, {"stderr", ran.err}, {"report", report.out}};
    for (const auto& entry : fs::recursive_directory_iterator(home.path())) {
        if (entry.is_regular_file()) {
            places.emplace_back(entry.path().filename().string(), read_file(entry.path()));
        }
    }
    CHECK(places.size() > 60);
    for (const auto& [place, text] : places) {
        for (const auto& one : secrets) {
            const std::string begin = one.secret.substr(0, 8);
            const std::string end = one.secret.substr(one.secret.size() - std::min<std::size_t>(8, one.secret.size()));
            if (text.find(begin) != std::string::npos || text.find(end) != std::string::npos) {
                FAIL_CHECK(place << " has of `" << one.before << "...`: " << one.secret);
            }
        }
        CHECK(text.find(letters(30, 401)) == std::string::npos);
        CHECK(text.find(letters(24, 400)) == std::string::npos);
    }
}
