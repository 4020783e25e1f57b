#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The web app: once for all build trees, and not again before something of it has changed.
#   tools/web.sh npm ARGUMENT...          npm in web/, with what the lock file names
#   tools/web.sh pack OUT DEPFILE TARGET  builds it and puts what src/web compiles in into OUT; DEPFILE
#                                         says that TARGET was made of each file and folder of it
# One at a time does so; the others wait, and find it done.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
usage() { sed -n '4,6s/^# \{0,1\}//p' "$0" >&2; exit 2; }

shared=build/web
mkdir -p "$shared"
exec 9> "$shared/lock"
flock 9

logged() {  # logged WHAT COMMAND...: its output is shown when it fails
  local what=$1 log=$shared/log
  shift
  "$@" > "$log" 2>&1 || { tail -40 "$log" >&2; echo "web: $what failed; the whole log is in $log" >&2; exit 1; }
}

install() {  # install FOLDER: what its lock file names, unless that is there
  local folder=$1 wanted stamp=$1/node_modules/.cadlens-installed
  wanted=$(sha256sum < "$folder/package-lock.json")
  [ "$(cat "$stamp" 2> /dev/null)" = "$wanted" ] && return
  logged "installing what $folder names" npm --prefix "$folder" ci --ignore-scripts --no-audit --no-fund
  echo "$wanted" > "$stamp"
}

# Whatever Node.js there is, the one of web/node does the rest: with an older one npm leaves out the
# parts of Vite that are compiled. NODE_PATH: where the modules of Debian's npm are.
prepare() {
  local folder
  install web/node
  for folder in "$PWD"/web/node/node_modules/node-linux-*/bin; do
    [ ! -x "$folder/node" ] || export PATH=$folder:$PATH NODE_PATH=/usr/share/nodejs
  done
  install web
}

# Not what is made of them, and not the tests, but for those beside the sources: the compiler reads them.
inputs() {  # inputs TYPE: f or d
  find web \( -path web/node_modules -o -path web/node/node_modules -o -path web/dist -o -path web/tests \) -prune -o -type "$1" \
    ! -path web/src/api/schema.d.ts -print
}
files() { inputs f; printf '%s\n' schema/openapi.yaml src/web/pack.mjs; }

build() {
  local now
  now=$(files | LC_ALL=C sort | tr '\n' '\0' | xargs -0 sha256sum | sha256sum)
  [ "$(cat "$shared/made-of" 2> /dev/null)" = "$now" ] && return
  rm -f "$shared/made-of"
  logged "building the web app" npm --prefix web run build
  logged "packing the web app" node src/web/pack.mjs web/dist "$shared/parts"
  echo "$now" > "$shared/made-of"
}

case "${1:-}" in
  npm)
    prepare
    exec 9>&-
    shift
    exec npm --prefix web "$@"
    ;;
  pack)
    [ $# -eq 4 ] || usage
    prepare
    build
    mkdir -p "$2"
    for part in "$shared"/parts/*; do
      cmp -s "$part" "$2/${part##*/}" || cp "$part" "$2/"
    done
    { printf "%s: " "$4"; { files; inputs d; } | sed "s|^|$PWD/|; s/ /\\\\ /g" | tr '\n' ' ' | sed 's/ $//'; echo; } > "$3"
    ;;
  *) usage ;;
esac
