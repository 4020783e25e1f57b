// SPDX-License-Identifier: Apache-2.0
#include "sandbox/isolation.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace cad::sandbox {
namespace {

constexpr std::string_view kStart = "isolation";

struct Layer {
  std::string_view name;    // in the line
  std::string_view spoken;  // in sentences
  bool Isolation::*there;
};
constexpr std::array kLayers{
    Layer{"seccomp", "seccomp", &Isolation::seccomp},
    Layer{"no_new_privs", "no_new_privs", &Isolation::no_new_privs},
    Layer{"rlimits", "resource limits", &Isolation::rlimits},
    Layer{"capabilities", "dropped capabilities", &Isolation::capabilities},
    Layer{"not_dumpable", "not dumpable", &Isolation::not_dumpable},
    Layer{"empty_root", "an empty root", &Isolation::empty_root},
    Layer{"namespaces", "namespaces of its own", &Isolation::namespaces}};
constexpr std::string_view kLandlock = "landlock";

std::optional<int> small_number(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return {};
  return number;
}

bool take_word(std::string_view word, Isolation& into) {
  const auto equals = word.find('=');
  if (equals == word.npos) return false;
  const std::string_view name = word.substr(0, equals);
  const auto value = small_number(word.substr(equals + 1));
  if (!value) return false;
  if (name == kLandlock) {
    into.landlock = *value;
    return true;
  }
  const auto layer = std::ranges::find(kLayers, name, &Layer::name);
  if (layer == kLayers.end() || *value > 1) return false;
  into.*(layer->there) = *value == 1;
  return true;
}

bool closes_files(const Isolation& isolation) {
  return isolation.landlock > 0 || isolation.empty_root;
}

}  // namespace

std::string to_line(const Isolation& isolation) {
  std::string line(kStart);
  for (const Layer& layer : kLayers)
    line += " " + std::string(layer.name) + (isolation.*(layer.there) ? "=1" : "=0");
  return line + " " + std::string(kLandlock) + "=" + std::to_string(isolation.landlock);
}

std::optional<Isolation> isolation_from_line(std::string_view line) {
  if (!line.starts_with(kStart)) return {};
  line.remove_prefix(kStart.size());
  Isolation out;
  std::size_t words = 0;
  while (!line.empty()) {
    if (line.front() != ' ') return {};
    line.remove_prefix(1);
    const std::string_view word = line.substr(0, line.find(' '));
    if (!take_word(word, out)) return {};
    line.remove_prefix(word.size());
    ++words;
  }
  if (words != kLayers.size() + 1) return {};
  return out;
}

std::vector<std::string_view> missing_layers(const Isolation& isolation) {
  std::vector<std::string_view> missing;
  for (const Layer& layer : kLayers)
    if (!(isolation.*(layer.there)) && layer.there != &Isolation::empty_root)
      missing.push_back(layer.name);
  if (isolation.landlock == 0) missing.push_back(kLandlock);
  if (!closes_files(isolation)) missing.push_back("empty_root");
  return missing;
}

Result<void> check_minimum(const Isolation& isolation) {
  std::string missing;
  for (const Layer& layer : kLayers) {
    const bool needed = layer.there == &Isolation::seccomp ||
                        layer.there == &Isolation::no_new_privs ||
                        layer.there == &Isolation::rlimits;
    if (needed && !(isolation.*(layer.there)))
      missing += (missing.empty() ? "" : ", ") + std::string(layer.spoken);
  }
  if (!closes_files(isolation))
    missing += (missing.empty() ? "" : ", ") + std::string("Landlock or an empty root");
  if (missing.empty()) return {};
  return fail(
      ErrorCode::unavailable,
      "This system does not let the process that reads drawings isolate itself; missing: " +
          missing +
          ". Nothing is served without. Use a kernel of 5.13 or later with seccomp and "
          "Landlock (or unprivileged user namespaces), and in a container a seccomp profile "
          "that allows them.");
}

}  // namespace cad::sandbox
