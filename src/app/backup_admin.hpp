// SPDX-License-Identifier: Apache-2.0
// Backups of a service, wherever the environment says that its data are: see backup/backup.hpp.
// Neither way needs a master key, as objects are copied under their envelopes.
#pragma once

#include "backup/backup.hpp"

namespace cad::app {

// `rows`: of SQLite, too, so that PostgreSQL takes them.
Result<backup::Contents> back_up(backup::BackupOptions options, bool rows, const Secret& key);

// INVALID_ARGUMENT: `data` is needed and not given. CONFLICT: there are data already.
Result<backup::Contents> bring_back(backup::RestoreOptions options, const Secret& key);

}  // namespace cad::app
