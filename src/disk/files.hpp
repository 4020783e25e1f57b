// SPDX-License-Identifier: Apache-2.0
// The few file operations of this room, with errors as values. Messages name no path: they may
// reach a client.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace cad::disk {

// errno in words of an operator: full, no permission, or the system's own text.
tl::unexpected<Error> fail_errno(std::string_view doing);

Result<void> write_all(int fd, const void* data, std::size_t size);
// Less than `size` only at the end of the file.
Result<std::size_t> read_at(int fd, std::uint64_t offset, void* data, std::size_t size);

// Makes `dir` and its missing parents with mode 0700, each made durable in its parent.
Result<void> make_dirs(const std::string& dir);
// A folder that is gone by now needs nothing.
Result<void> sync_dir(const std::string& dir);
std::string parent_dir(const std::string& path);

}  // namespace cad::disk
