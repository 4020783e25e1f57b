#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Puts together all that CADLens needs to run, and nothing else: no shell, no package manager.
#   deploy/runtime-root.sh BUILD_DIRECTORY ROOT
# ROOT must be empty or not be there. What it holds: the three programs (stripped), the libraries that
# they load, fonts, CA certificates, one user, and the list and licenses of the packages it came from.
# The container image is this tree and its metadata (deploy/Dockerfile).
set -euo pipefail

[ $# -eq 2 ] || { sed -n '3,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
build=$1 root=$2 project=$(dirname "$(dirname "$(readlink -f "$0")")")
if [ -e "$root" ] && [ -n "$(ls -A "$root")" ]; then
  echo "runtime-root: $root is not empty" >&2
  exit 1
fi
umask 022

# Libraries that are loaded by name while running, so that no program lists them.
loaded_by_name=(libcurl.so.4)
fonts=(liberation2/Liberation{Sans,Serif,Mono}-{Regular,Bold,Italic,BoldItalic}.ttf
  dejavu/DejaVuSans{,-Bold}.ttf droid/DroidSansFallbackFull.ttf)
user=65532

mkdir -p "$root"/{etc/ssl/certs,usr/{bin,lib,lib64,share/doc/cadlens},var/lib/dpkg/status.d}
ln -s usr/lib "$root/lib"
ln -s usr/lib64 "$root/lib64"
cmake --install "$build" --prefix "$root/usr" --strip > /dev/null

library_path() {  # where the loader finds the library of that name
  /sbin/ldconfig -p | awk -v name="$1" '$1 == name && !found { print $NF; found = 1 }'
}

taken=()
add_file() {  # a file of the system, at its own place, under its own name
  install -D -m "$(stat -L -c %a "$1")" "$1" "$root$(readlink -f "$(dirname "$1")")/$(basename "$1")"
  taken+=("$1")
}
packages_of() {  # the packages' database names files by /lib or /usr/lib, as each package was built
  local file owners resolved
  mapfile -t resolved < <(readlink -f "$@")
  owners=$(dpkg-query -S "$@" "${resolved[@]}" "${resolved[@]#/usr}" 2> /dev/null || true)
  for file in "$@"; do
    grep -q "/$(basename "$(readlink -f "$file")")\$" <<< "$owners" ||
      { echo "runtime-root: $file belongs to no package" >&2; exit 1; }
  done
  sed 's/:.*//' <<< "$owners" | sort -u
}

add_libraries() {  # ldd also names the loader, by its own path
  ldd "$@" | awk '/not found/ { print "runtime-root: " $1 " is not installed" > "/dev/stderr"; bad = 1 }
    $2 == "=>" && $3 ~ /^\// { print $3 } $1 ~ /^\// && NF == 2 && !/:$/ { print $1 } END { exit bad }' | sort -u
}
starts=("$build"/cadlens "$build"/cadlens-service "$build"/cadlens-worker)
for name in "${loaded_by_name[@]}"; do
  path=$(library_path "$name")
  [ -n "$path" ] || { echo "runtime-root: $name is not installed" >&2; exit 1; }
  starts+=("$path")
  add_file "$path"
done
libraries=$(add_libraries "${starts[@]}")
for library in $libraries; do add_file "$library"; done
for font in "${fonts[@]}"; do add_file "/usr/share/fonts/truetype/$font"; done

# One file of certificates instead of a link for each. libssl's own settings: the system's.
install -m 0644 /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
install -D -m 0644 /etc/ssl/openssl.cnf "$root/etc/ssl/openssl.cnf"
mkdir -p "$root/usr/lib/ssl"
ln -s /etc/ssl/openssl.cnf "$root/usr/lib/ssl/openssl.cnf"
ln -s /etc/ssl/certs "$root/usr/lib/ssl/certs"

printf 'cadlens:x:%s:%s::/var/lib/cadlens:/nonexistent\n' $user $user > "$root/etc/passwd"
printf 'cadlens:x:%s:\n' $user > "$root/etc/group"
printf 'hosts: files dns\n' > "$root/etc/nsswitch.conf"
install -d -m 0700 "$root/var/lib/cadlens"
# Whoever puts it together without being root cannot give it away; then the image's COPY does.
[ "$(id -u)" -ne 0 ] || chown $user:$user "$root/var/lib/cadlens"
install -d "$root"/{dev,proc,sys,run,tmp}

# What scanners for known weaknesses look for, and what the licenses ask for.
packages="$(packages_of "${taken[@]}") ca-certificates openssl"
# shellcheck disable=SC2086  # names of packages are words
dpkg-query -s $packages | awk -v folder="$root/var/lib/dpkg/status.d" '
  /^Package: / { file = folder "/" $2 } { print > file }'
for package in $packages; do
  install -D -m 0644 "/usr/share/doc/$package/copyright" "$root/usr/share/doc/$package/copyright"
done
install -m 0644 "$project/LICENSE" "$root/usr/share/doc/cadlens/LICENSE"
printf 'runtime-root: %s libraries, %s, %s\n' "$(wc -w <<< "$libraries")" "$(du -sh "$root" | cut -f1)" "$root"
