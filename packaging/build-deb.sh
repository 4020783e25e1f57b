#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the Debian package of the release build (which it makes when it is not there).
#   packaging/build-deb.sh [FOLDER]     where it goes; default: build/deb
# Needs debhelper. CADLENS_BUILD names another release build.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
[ $# -le 1 ] || { sed -n '3,5s/^# \{0,1\}//p' "$0" >&2; exit 2; }
out=$(realpath -m "${1:-build/deb}")
build=$(realpath -m "${CADLENS_BUILD:-build/release}")

if [ -z "${CADLENS_BUILD:-}" ]; then
  cmake --preset release > /dev/null
  cmake --build "$build" --target cadlens cadlens-service cadlens-worker
fi
version=$(sed -n 's/^project(cadlens VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
grep -q "^cadlens ($version)" packaging/debian/changelog ||
  { echo "build-deb: packaging/debian/changelog is not of version $version" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
stage=$work/cadlens-$version
mkdir -p "$stage" "$out"
cp -r packaging/debian "$stage/debian"
mkdir "$stage"/debian/{units,docs,etc}
cp packaging/*.service "$stage/debian/units/"
cp packaging/etc/*.env "$stage/debian/etc/"
cp docs/*.md README.md SECURITY.md config/plans.json "$stage/debian/docs/"
cp -r deploy/kubernetes "$stage/debian/docs/kubernetes"
# Dated by the changelog, not by today: the same release gives the same package.
(cd "$stage" && CADLENS_BUILD=$build DEB_BUILD_OPTIONS=noautodbgsym dpkg-buildpackage -b --no-sign > "$work/log" 2>&1) ||
  { tail -40 "$work/log" >&2; exit 1; }
cp "$work"/cadlens_"$version"_*.deb "$out/"
ls "$out"/cadlens_"$version"_*.deb
