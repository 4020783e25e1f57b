// SPDX-License-Identifier: Apache-2.0
// How long the steps of a stop may take, beside --drain-seconds and --finish-seconds. What kills
// the process afterwards (units, manifests) has to wait longer than their sum: tests/deploy reads
// them here and compares; docs/deploy.md has the sums for people.
#pragma once

#include <chrono>

namespace cad::app {

// Requests and deliveries that are under way come to their end.
inline constexpr std::chrono::seconds kStopAnswers{10};
// Then mails, webhooks and questions to sign-in providers are cut.
inline constexpr std::chrono::seconds kStopTransfers{2};
// What waits for a database or store that hangs: a statement that is under way, and a last one
// begun within the seconds before. Once for what an API node's deliveries and sweeping, which was
// told at the very beginning, have under way; once for a worker node's last results
// (RunnerOptions::last_writes).
inline constexpr std::chrono::seconds kStopWrites{20};
inline constexpr std::chrono::seconds kLastWrite{5};  // nothing begins later

}  // namespace cad::app
