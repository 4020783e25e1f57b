#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Lets apt take its packages from Debian's archive as it was at one time, like 20260918T000000Z.
# Without a time it changes nothing.
set -eu
[ -n "${1:-}" ] || exit 0
base=http://snapshot.debian.org/archive
rm -f /etc/apt/sources.list.d/debian.sources
cat > /etc/apt/sources.list << LIST
deb $base/debian/$1 bookworm main
deb $base/debian/$1 bookworm-updates main
deb $base/debian-security/$1 bookworm-security main
LIST
# The archive's signed dates are of that time, too; the signatures still hold.
echo 'Acquire::Check-Valid-Until "false";' > /etc/apt/apt.conf.d/snapshot
