// SPDX-License-Identifier: Apache-2.0
#include "store/database.hpp"

namespace cad::store {

std::int64_t Row::integer(std::size_t column) const { return maybe_integer(column).value_or(0); }

std::string Row::text(std::size_t column) const {
  return maybe_text(column).value_or(std::string());
}

std::optional<std::int64_t> Row::maybe_integer(std::size_t column) const {
  if (column >= values_.size()) return std::nullopt;
  const auto* number = std::get_if<std::int64_t>(&values_[column]);
  return number ? std::optional(*number) : std::nullopt;
}

std::optional<std::string> Row::maybe_text(std::size_t column) const {
  if (column >= values_.size()) return std::nullopt;
  const auto* text = std::get_if<std::string>(&values_[column]);
  return text ? std::optional(*text) : std::nullopt;
}

}  // namespace cad::store
