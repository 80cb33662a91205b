#include "memrb/units.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

using namespace memrb;

namespace {

std::optional<Bytes> quantity(std::string_view text) {
    const auto bytes = parse_quantity(text);
    return bytes ? std::optional(*bytes) : std::nullopt;
}

std::optional<Bytes> docker_size(std::string_view text) {
    const auto bytes = parse_docker_size(text);
    return bytes ? std::optional(*bytes) : std::nullopt;
}

std::optional<std::int64_t> duration(std::string_view text) {
    const auto span = parse_duration(text);
    return span ? std::optional(span->count()) : std::nullopt;
}

}  // namespace

TEST_CASE("Kubernetes quantities are exact", "[units]") {
    CHECK(quantity("0") == 0);
    CHECK(quantity("1024") == 1024);
    CHECK(quantity("64Mi") == 67'108'864);
    CHECK(quantity("1.5Gi") == 1'610'612'736);
    CHECK(quantity("0.1Gi") == 107'374'183);  // 107374182.4, rounded up
    CHECK(quantity("1k") == 1'000);
    CHECK(quantity("128974848000m") == 128'974'848);
    CHECK(quantity("400m") == 1);
    CHECK(quantity("1n") == 1);
    CHECK(quantity("0n") == 0);
    CHECK(quantity("1u") == 1);
    CHECK(quantity("1E") == 1'000'000'000'000'000'000);
    CHECK(quantity("1E3") == 1'000);
    CHECK(quantity("1e3") == 1'000);
    CHECK(quantity("1.5e+3") == 1'500);
    CHECK(quantity("1500E-3") == 2);
    CHECK(quantity(".5Ki") == 512);
    CHECK(quantity("5.") == 5);
    CHECK(quantity("15Ei") == Bytes{15} << 60U);
    CHECK(quantity("18446744073709551615") == std::numeric_limits<Bytes>::max());
}

TEST_CASE("what is no Kubernetes quantity is refused with a reason", "[units]") {
    for (const auto* text : {"",     "K",  "1K",  "1MB",   "1mi",  "1KI",   "-1",   "+1",  "-1Gi",  "1 Gi", " 1",
                             "1Gi ", "1e", "1E+", "1E+-3", "1E99", "1.2.3", "0x10", "inf", "1,5Gi", "..",   "1e3Ki"}) {
        INFO(text);
        CHECK_FALSE(quantity(text));
    }
    CHECK(parse_quantity("64mb").error().message == "`64mb` is no memory quantity");
    CHECK(parse_quantity("16Ei").error().message == "`16Ei` is no memory quantity: it does not fit 64 bits");
    CHECK(parse_quantity("18446744073709551616").error().message ==
          "`18446744073709551616` is no memory quantity: it does not fit 64 bits");
    CHECK(parse_quantity("99999999999999999999E").error().fault == Fault::usage);
    CHECK_FALSE(quantity(std::string(100'000, '9')));
    CHECK(parse_quantity("\x1b[2J").error().message == "`\\x1b[2J` is no memory quantity");
}

TEST_CASE("Docker sizes are read as Docker reads them", "[units]") {
    CHECK(docker_size("512m") == 536'870'912);
    CHECK(docker_size("2G") == 2'147'483'648);  // as Compose files write it
    CHECK(docker_size("512M") == 536'870'912);
    CHECK(docker_size("256K") == 262'144);
    CHECK(docker_size("1t") == Bytes{1} << 40U);
    CHECK(docker_size("1p") == Bytes{1} << 50U);
    CHECK(docker_size("1.5g") == 1'610'612'736);
    CHECK(docker_size("512mb") == 536'870'912);
    CHECK(docker_size("64MiB") == 67'108'864);
    CHECK(docker_size("64Mi") == 67'108'864);
    CHECK(docker_size("1.952GiB") == 2'095'944'041);
    CHECK(docker_size("1024") == 1024);
    CHECK(docker_size("300B") == 300);
    CHECK(docker_size("300b") == 300);
    CHECK(docker_size("0B") == 0);
    CHECK(docker_size("1 GiB") == Bytes{1} << 30U);
    CHECK(docker_size(" 12KiB ") == 12'288);
    CHECK(docker_size("1.45kB") == 1'450);
    CHECK(docker_size("1GB") == 1'000'000'000);
    CHECK(docker_size("2TB") == 2'000'000'000'000);
}

TEST_CASE("what is no Docker size is refused", "[units]") {
    for (const auto* text : {"", "--", "-1", "m", "1x", "1ki b", "1iB", "1MiBs", "1 2m", "16777216t", "1e3", "NaN"}) {
        INFO(text);
        CHECK_FALSE(docker_size(text));
    }
    CHECK(parse_docker_size("lots").error().message == "`lots` is no size");
    CHECK(parse_docker_size("lots").error().hint == "for example 512m, 1.5g or 64MiB");
}

TEST_CASE("durations", "[units]") {
    CHECK(duration("250ms") == 250);
    CHECK(duration("30s") == 30'000);
    CHECK(duration("5m") == 300'000);
    CHECK(duration("6h") == 21'600'000);
    CHECK(duration("2d") == 172'800'000);
    CHECK(duration("1w") == 604'800'000);
    CHECK(duration("1h30m") == 5'400'000);
    CHECK(duration("1.5s") == 1'500);
    CHECK(duration("0s") == 0);
    CHECK(duration("3650d") == 315'360'000'000);
    for (const auto* text : {"", "5", "-5m", "5 m", "m", "5min", "1h-3m", "1h30", "5M", "3651d", "1e3s",
                             "99999999999999999999999999999w"}) {
        INFO(text);
        CHECK_FALSE(duration(text));
    }
    CHECK(parse_duration("soon").error().message == "`soon` is no duration");
}

TEST_CASE("bytes for people: three digits, binary units", "[units]") {
    CHECK(format_bytes(0) == "0 B");
    CHECK(format_bytes(1'023) == "1023 B");
    CHECK(format_bytes(1'024) == "1 KiB");
    CHECK(format_bytes(12'288) == "12 KiB");
    CHECK(format_bytes(522'190'848) == "498 MiB");
    CHECK(format_bytes(536'870'912) == "512 MiB");
    CHECK(format_bytes(1'610'612'736) == "1.5 GiB");
    CHECK(format_bytes(2'095'944'041) == "1.95 GiB");
    CHECK(format_bytes(13'002'342) == "12.4 MiB");
    CHECK(format_bytes((Bytes{1} << 20U) * 1'000) == "1000 MiB");
    CHECK(format_bytes((Bytes{1} << 30U) - 1) == "1 GiB");
    CHECK(format_bytes(std::numeric_limits<Bytes>::max()) == "16 EiB");
}

TEST_CASE("rates for people", "[units]") {
    CHECK(format_rate(90'177'536) == "+86 MiB/h");
    CHECK(format_rate(-1'288'490'188.8) == "-1.2 GiB/h");
    CHECK(format_rate(0) == "0 B/h");
    CHECK(format_rate(-0.4) == "0 B/h");
    CHECK(format_rate(std::numeric_limits<double>::quiet_NaN()) == "unknown rate");
    CHECK(format_rate(-std::numeric_limits<double>::infinity()) == "unknown rate");
    CHECK(format_rate(1e300).starts_with("+"));
}

TEST_CASE("durations for people", "[units]") {
    const auto words = [](std::int64_t milliseconds) { return format_duration(Milliseconds(milliseconds)); };
    CHECK(words(0) == "0.0 s");
    CHECK(words(112) == "0.1 s");
    CHECK(words(9'940) == "9.9 s");
    CHECK(words(9'960) == "10 s");
    CHECK(words(12'000) == "12 s");
    CHECK(words(119'400) == "119 s");
    CHECK(words(119'600) == "2 min");
    CHECK(words(240'000) == "4 min");
    CHECK(words(3'599'600) == "1h");
    CHECK(words(8'040'000) == "2h14m");
    CHECK(words(86'400'000) == "1d");
    CHECK(words(273'600'000) == "3d4h");
}

TEST_CASE("exact durations are read back", "[units]") {
    for (const std::int64_t milliseconds :
         {0LL, 1LL, 250LL, 1'500LL, 30'000LL, 300'000LL, 5'400'000LL, 90'061'001LL, 315'360'000'000LL}) {
        const std::string text = format_exact_duration(Milliseconds(milliseconds));
        INFO(text);
        CHECK(duration(text) == milliseconds);
    }
    CHECK(format_exact_duration(Milliseconds(300'000)) == "5m");
    CHECK(format_exact_duration(Milliseconds(5'400'000)) == "1h30m");
    CHECK(format_exact_duration(Milliseconds(250)) == "250ms");
}

TEST_CASE("a percentage never claims a threshold that was not reached", "[units]") {
    CHECK(format_percent(0.973) == "97 %");
    CHECK(format_percent(0.9999) == "99 %");
    CHECK(format_percent(0.7999999) == "79 %");
    CHECK(format_percent(0.29) == "29 %");  // 28.999999999999996 in binary
    CHECK(format_percent(0.8) == "80 %");
    CHECK(format_percent(1.0) == "100 %");
    CHECK(format_percent(0) == "0 %");
    CHECK(format_percent(std::numeric_limits<double>::quiet_NaN()) == "unknown %");
}
