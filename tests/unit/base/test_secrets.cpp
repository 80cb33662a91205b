#include "base/secrets.h"

#include "base/base64.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

using namespace memrb;
using base::SecretFilter;
using base::Secrets;

namespace {

/// A line and the part of it that must not survive.
struct Planted {
    std::string kind;
    std::string line;
    std::string secret;
};

std::string letters(std::size_t count, unsigned seed) {
    constexpr std::string_view from = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        seed = seed * 1'103'515'245U + 12'345U;
        text += from[seed / 65'536U % from.size()];
    }
    return text + "7";
}

std::string capitals(std::size_t count, unsigned seed) {
    std::string text = letters(count, seed).substr(0, count);
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 0x20) : c; });
    return text;
}

/// Three of each of 28 kinds.
std::vector<Planted> planted(Secrets& secrets) {
    std::vector<Planted> all;
    for (unsigned i = 1; i <= 3; ++i) {
        const auto add = [&](std::string kind, const std::string& before, const std::string& secret,
                             const std::string& after) {
            all.push_back({std::move(kind), std::string(before).append(secret).append(after), secret});
        };
        const std::string value = "Correct-Horse/" + letters(12, i);
        secrets.add(value);
        const std::string key = "MIIEpAIBAAKCAQEA" + letters(200, i) + "\n" + letters(60, i + 9);
        add("a secret variable", "the answer was [", value, "] of old");
        add("its base64", "data: ", base::to_base64(value), "\n");
        add("its base64 inside of more", "x=", base::to_base64("ab" + value + "cd").substr(3, 35), " end");
        add("AWS key id", "id AKIA", capitals(16, i), " ok");
        add("GitHub token", "remote: ghp_", letters(36, i), "\n");
        add("GitHub token in base64", "  token64: ", base::to_base64("ghp_" + letters(36, i)), "\n");
        add("GitLab token", "(glpat-", letters(20, i), ")");
        add("Slack token", "xoxb-", letters(24, i), ",");
        add("Stripe key", "sk_live_", letters(24, i), "'");
        add("Google key", "AIza", letters(35, i), "&x");
        add("JSON Web Token", "", "eyJhbGciOiJIUzI1NiJ9.eyJ" + letters(30, i) + "." + letters(43, i), " ");
        add("npm token", "npm_", letters(36, i), "\n");
        add("Vault token", "hvs.", letters(90, i), "\n");
        add("bearer header", "authorization: Bearer ", letters(30, i), "\r\n");
        add("basic header", "curl -H 'Authorization: Basic ", base::to_base64("user:" + letters(10, i)), "' x");
        add("URL with password", "postgres://app:", letters(9, i), "@db:5432/app");
        add("environment list", R"("Env": ["POSTGRES_PASSWORD=)", letters(8, i), R"(", "PATH=/bin"])");
        add("Kubernetes env", R"({"name": "DB_PASSWORD", "value": ")", letters(8, i), "\"}");
        add("YAML env", "- name: API_TOKEN\n  value: ", letters(20, i), "\n");
        add("flag", "mysqldump --password ", letters(6, i), " db");
        add("private key", "-----BEGIN RSA PRIVATE KEY-----\n", key, "\n-----END RSA PRIVATE KEY-----\n");
        add("private key in base64",
            "tls.key: ", base::to_base64("-----BEGIN PRIVATE KEY-----\n" + key + "\n-----END PRIVATE KEY-----\n"),
            "\n");
        add("flag in a list", R"("Args": ["--password", ")", letters(8, i), R"(", "--verbose"])");
        add("flag in a list of lines", "\"Cmd\": [\n    \"--api-key\",\n    \"", letters(12, i), "\"\n]");
        add("flag and value in lines", "--password\n", letters(8, i), "\n--verbose\n");
        add("flag in a YAML list", "args:\n  - --password\n  - ", letters(8, i), "\n  - serve\n");
        add("flag in a command line of the kernel", std::string("serve\0--password\0", 17), letters(8, i),
            std::string("\0--verbose", 10));
        add("JSON member", R"({"client_secret": ")", letters(10, i), R"(", "n": 1})");
    }
    return all;
}

std::string streamed(const Secrets& secrets, const std::string& text, std::size_t piece) {
    SecretFilter filter(secrets);
    std::string out;
    for (std::size_t at = 0; at < text.size(); at += piece) {
        out += filter.feed(std::string_view(text).substr(at, piece));
    }
    out += filter.finish();
    return out;
}

std::string masked(const Secrets& secrets, std::string text) {
    secrets.mask(text);
    return text;
}

}  // namespace

TEST_CASE("planted secrets of every kind are masked, and nothing around them") {
    Secrets secrets;
    for (const auto& one : planted(secrets)) {
        INFO(one.kind << ": " << one.line);
        std::string text = "before it " + one.line + " after it\n";
        const std::string was = text;
        CHECK(secrets.mask(text) == 1);
        CHECK(text.size() == was.size());
        CHECK(text.find(one.secret.substr(0, 5)) == std::string::npos);
        CHECK(text.find(one.secret.substr(one.secret.size() - 5)) == std::string::npos);
        CHECK(text.starts_with("before it "));
        CHECK(text.ends_with(" after it\n"));
    }
}

TEST_CASE("a secret that is cut by the borders of pieces is masked just as well") {
    Secrets secrets;
    for (const auto& one : planted(secrets)) {
        INFO(one.kind);
        const std::string text = "some words before, " + one.line + " and some behind\n";
        const std::string whole = masked(secrets, text);
        for (const std::size_t piece : {1U, 2U, 3U, 5U, 7U, 16U, 33U, 64U}) {
            if (streamed(secrets, text, piece) != whole) {
                FAIL("pieces of " << piece << ": " << streamed(secrets, text, piece) << " instead of " << whole);
            }
        }
        for (std::size_t cut = 1; cut < text.size(); ++cut) {
            SecretFilter filter(secrets);
            std::string out(filter.feed(std::string_view(text).substr(0, cut)));
            out += filter.feed(std::string_view(text).substr(cut));
            out += filter.finish();
            if (out != whole) {
                FAIL("cut at " << cut << ": " << out);
            }
        }
    }
}

TEST_CASE("a secret without end keeps a stream going, in bounded memory and masked") {
    const Secrets secrets;
    const std::string text = "password=" + std::string(200'000, 'y') + "1 end";
    const std::string out = streamed(secrets, text, 4096);
    CHECK(out == "password=" + std::string(200'001, '*') + " end");
    const std::string key =
        "-----BEGIN PRIVATE KEY-----\n" + std::string(50'000, 'A') + "\n-----END PRIVATE KEY-----\nok";
    CHECK(streamed(secrets, key, 1000) ==
          "-----BEGIN PRIVATE KEY-----\n" + std::string(50'000, '*') + "\n-----END PRIVATE KEY-----\nok");
}

TEST_CASE("what stands around a bearer or basic header is kept, of other schemes the line is secret") {
    const Secrets secrets;
    CHECK(masked(secrets, "sent Authorization: Bearer abcdefgh1234 to the upstream") ==
          "sent Authorization: Bearer ************ to the upstream");
    CHECK(masked(secrets, R"("Authorization: basic  dXNlcjpwYXNz", "x": 1)") ==
          R"("Authorization: basic  ************", "x": 1)");
    CHECK(masked(secrets, "Authorization: Hawk a1 b2 c3\nnext") == "Authorization: Hawk ********\nnext");
}

TEST_CASE("what only looks like a secret is left alone") {
    const Secrets secrets;
    for (const std::string text : {"PASSWORD_FILE=/run/secrets/db",
                                   "automountServiceAccountToken: true",
                                   "basic authentication is used",
                                   "the bearer of bad news",
                                   "secretName: default-token",
                                   R"({"password": null, "token": false})",
                                   "POSTGRES_PASSWORD: ${DB_PASSWORD}",
                                   "password: <set to the key 'x' in secret 'y'>",
                                   "tokens: 12345678",
                                   R"("continue": "", "nextPageToken": "abcdefgh12345")",
                                   "https://example.com/a:b@c",
                                   "PWD=/root",
                                   "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                                   "task-force-1234567890123456789",
                                   "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
                                   "compass=north",
                                   "--token",
                                   "a/b/c=d",
                                   "  --password\n      The password of the database.\n",
                                   "--password\nThe password of the database.\n",
                                   "--password\n--verbose\n",
                                   R"(["--password", "--verbose"])",
                                   "args:\n  - --password\n  - --verbose\n"}) {
        CHECK(masked(secrets, text) == text);
    }
}

TEST_CASE("the edges of an output that was cut show no half of a secret") {
    const Secrets secrets;
    std::string head = "seen: ghp_abc123";
    CHECK(secrets.mask_part(head, false, true) == 1);
    CHECK(head == "seen: **********");
    std::string tail = "def456 next line";
    CHECK(secrets.mask_part(tail, true, false) == 1);
    CHECK(tail == "****** next line");
    std::string key = "QUJD\nREVG\n-----END RSA PRIVATE KEY-----\n";
    secrets.mask_part(key, true, false);
    CHECK(key == "****\n****\n-----END RSA PRIVATE KEY-----\n");
    std::string whole = "nothing here";
    CHECK(secrets.mask_part(whole, false, false) == 0);
}

TEST_CASE("names tell of secrets") {
    for (const auto* name : {"DB_PASSWORD", "PGPASSWORD", "X-Vault-Token", "--api-key", "Authorization", "Cookie",
                             "AWS_SECRET_ACCESS_KEY", "client_secret", "dbPassword2"}) {
        INFO(name);
        CHECK(base::names_secret(name));
    }
    for (const auto* name : {"PATH", "DB_PASSWORD_FILE", "TOKENS", "KEYBOARD", "Content-Type", "monkey", ""}) {
        INFO(name);
        CHECK_FALSE(base::names_secret(name));
    }
    const Secrets secrets;
    std::string value = "abc";
    CHECK(secrets.mask_value("DB_PASSWORD", value) == 1);
    CHECK(value == "***");
}

TEST_CASE("values that are too short to be looked for are not, and no value is found twice") {
    Secrets secrets;
    secrets.add("abc");
    secrets.add("pa\"ss\nword");
    CHECK(masked(secrets, "abc abc") == "abc abc");
    CHECK(masked(secrets, R"(["pa\"ss\nword"])") == R"([")" + std::string(12, '*') + R"("])");
    CHECK(masked(secrets, "q=pa%22ss%0Aword;") == "q=**************;");
}

TEST_CASE("of the recorded outputs of real tools less than one line of a hundred is altered") {
    const Secrets secrets;
    std::size_t lines = 0;
    std::size_t altered = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(std::string(MEMRB_FIXTURES) + "/recorded")) {
        if (!entry.is_regular_file()) {
            continue;
        }
        std::ifstream file(entry.path(), std::ios::binary);
        for (std::string line; std::getline(file, line); ++lines) {
            if (masked(secrets, line) != line) {
                ++altered;
                UNSCOPED_INFO(entry.path() << ": " << line.substr(0, 200));
            }
        }
    }
    CHECK(lines > 5'000);
    CHECK(altered * 100 < lines);
}
