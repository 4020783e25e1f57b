// SPDX-License-Identifier: Apache-2.0
// `cadlens admin`: what the operator does to a data directory. One file a topic, each with one
// function that adds its commands to the group.
#pragma once

#include <CLI/App.hpp>
#include <string>

namespace cad::cli {

// --data, cadlens-data unless said.
void add_data(CLI::App& command, std::string& data);

void add_admin_accounts(CLI::App& admin, int& exit_code);  // add-key, list-keys
void add_admin_keys(CLI::App& admin, int& exit_code);      // make-key, rotations
void add_admin_users(CLI::App& admin, int& exit_code);     // add-user, invite, suspend
void add_admin_webhooks(CLI::App& admin, int& exit_code);
void add_admin_audit(CLI::App& admin, int& exit_code);  // verify-audit, list-audit
void add_admin_jobs(CLI::App& admin, int& exit_code);   // list-dead

}  // namespace cad::cli
