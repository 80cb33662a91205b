#include "system/log.h"

#include "base/text.h"
#include "base/unique_fd.h"

#include <fcntl.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <exception>
#include <mutex>

namespace memrb::system {

struct Log::Sink {
    std::once_flag started;
    std::unique_ptr<spdlog::logger> logger;

    void start(const std::string& destination) {
        std::string trouble;
        spdlog::sink_ptr sink;
        if (destination != "stderr") {
            try {
                // Made here, since spdlog would let everybody read it.
                const base::UniqueFd file(::open(destination.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
                sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(destination);
            } catch (const std::exception& error) {
                trouble = std::string("MEMRB_LOG: ") + error.what();
            }
        }
        if (!sink) {
            sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
        }
        logger = std::make_unique<spdlog::logger>("memrb", sink);
        logger->set_formatter(std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%S.%eZ %P/%t %v",
                                                                          spdlog::pattern_time_type::utc));
        logger->flush_on(spdlog::level::info);
        if (!trouble.empty()) {
            logger->info(base::printable(trouble));
        }
    }
};

Log::Log(std::string destination) : destination_(std::move(destination)) {
    if (on()) {
        sink_ = std::make_unique<Sink>();
    }
}

Log::~Log() = default;

void Log::write(std::string_view text) {
    if (!sink_) {
        return;
    }
    try {
        std::call_once(sink_->started, [this] { sink_->start(destination_); });
        sink_->logger->info(base::printable(text));
    } catch (const std::exception&) {
        return;  // a diary that cannot be written must not stop the work
    }
}

}  // namespace memrb::system
