#pragma once

#include "memrb/outcome.h"
#include "memrb/result.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace memrb::incident {

/// Where the files of recorded outputs are. Names come from a record, so they are not trusted: see check_file_name().
/// Reading is thread-safe.
class OutputFiles {
public:
    virtual ~OutputFiles() = default;
    [[nodiscard]] virtual Result<std::uint64_t> size(const std::string& name) const = 0;
    /// `count` bytes from `from`; an error if there are fewer.
    [[nodiscard]] virtual Result<std::string> read(const std::string& name, std::uint64_t from,
                                                   std::size_t count) const = 0;
};

/// Files below an incident's folder. Links are not followed.
class FolderFiles final : public OutputFiles {
public:
    explicit FolderFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}
    [[nodiscard]] Result<std::uint64_t> size(const std::string& name) const override;
    [[nodiscard]] Result<std::string> read(const std::string& name, std::uint64_t from,
                                           std::size_t count) const override;

private:
    std::filesystem::path folder_;
};

/// Files in memory, by name.
class MemoryFiles final : public OutputFiles {
public:
    explicit MemoryFiles(std::map<std::string, std::string> files) : files_(std::move(files)) {}
    [[nodiscard]] Result<std::uint64_t> size(const std::string& name) const override;
    [[nodiscard]] Result<std::string> read(const std::string& name, std::uint64_t from,
                                           std::size_t count) const override;

private:
    [[nodiscard]] Result<const std::string*> find(const std::string& name) const;
    std::map<std::string, std::string> files_;
};

/// `outputs/NAME`: two plain parts, so that no record reaches outside its own folder.
Result<void> check_file_name(std::string_view name);

/// SHA-256 of a file's first `size` bytes.
Result<std::string> digest_of(const OutputFiles& files, const std::string& name, std::uint64_t size);

/// The output with the bytes that it had in memory when it was recorded: head, tail, and what is missing between them.
/// Errors: the file is gone, shorter or longer than the record says, or too large to be held in memory.
Result<Output> with_bytes(Output output, const OutputFiles& files);
Result<Outcome> with_bytes(Outcome outcome, const OutputFiles& files);

}  // namespace memrb::incident
