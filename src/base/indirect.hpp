// SPDX-License-Identifier: Apache-2.0
// A value kept on the heap: keeps rare, large alternatives from widening a variant. Copies deeply.
#pragma once

#include <memory>
#include <utility>

namespace cad {

template <class T>
class Indirect {
 public:
  Indirect() : value_(std::make_unique<T>()) {}
  Indirect(T value)
      : value_(std::make_unique<T>(std::move(value))) {}  // NOLINT: converts by intent
  Indirect(const Indirect& other) : value_(std::make_unique<T>(*other)) {}
  Indirect(Indirect&&) noexcept =
      default;  // a moved-from Indirect may only be assigned or destroyed
  Indirect& operator=(const Indirect& other) { return *this = Indirect(other); }
  Indirect& operator=(Indirect&&) noexcept = default;
  ~Indirect() = default;

  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  T* operator->() { return value_.get(); }
  const T* operator->() const { return value_.get(); }

 private:
  std::unique_ptr<T> value_;
};

}  // namespace cad
