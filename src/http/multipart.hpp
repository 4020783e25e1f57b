// SPDX-License-Identifier: Apache-2.0
// multipart/form-data (RFC 7578) as a stream: nothing but part headers is ever held.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace cad::http {

struct PartHeader {
  std::string name;
  std::string file_name;  // of filename* if there is one, else of filename
  bool has_file_name = false;
};

class PartReceiver {
 public:
  virtual ~PartReceiver() = default;
  virtual Result<void> begin(const PartHeader& part) = 0;
  virtual Result<void> data(std::span<const std::byte> bytes) = 0;
  virtual Result<void> end() = 0;
};

struct MultipartLimits {
  std::size_t max_header_bytes = 8 * 1024;  // of one part
  std::size_t max_parts = 32;
  std::size_t max_padding_bytes = 4 * 1024;  // before the first and after the last boundary
};

class MultipartParser {
 public:
  explicit MultipartParser(std::string_view boundary, MultipartLimits limits = {});

  // INVALID_ARGUMENT: the body is malformed. A receiver's error is passed on.
  Result<void> feed(std::span<const std::byte> bytes, PartReceiver& receiver);
  // The body is over: INVALID_ARGUMENT when the final boundary has not come.
  Result<void> finish() const;

 private:
  enum class State { preamble, after_boundary, headers, body, epilogue };

  Result<bool> step(PartReceiver& receiver);  // false: more bytes are needed
  Result<bool> skip_preamble();
  Result<bool> after_boundary();
  Result<bool> headers(PartReceiver& receiver);
  Result<bool> body(PartReceiver& receiver);
  std::string_view rest() const { return std::string_view(pending_).substr(used_); }

  MultipartLimits limits_;
  std::string delimiter_;  // CRLF "--" boundary
  State state_ = State::preamble;
  std::string pending_;
  std::size_t used_ = 0;
  std::size_t padding_ = 0, parts_ = 0;
};

// The boundary of a Content-Type; INVALID_ARGUMENT when it is no multipart/form-data with one.
Result<std::string> boundary_of(std::string_view content_type);

// A parameter of a header like `form-data; name="file"`, quoted or not. Empty `found`: no such one.
struct HeaderParameter {
  bool found = false;
  std::string value;
};
HeaderParameter header_parameter(std::string_view header, std::string_view name);

}  // namespace cad::http
