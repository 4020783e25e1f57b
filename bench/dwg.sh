#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures reading DWG on the corpus' drawings.
#   bench/dwg.sh [--peers]    --peers: also npm @mlightcad/libredwg-web under Node, one process a file
#                             on both sides, in this one run
set -euo pipefail
cd "$(dirname "$0")/.."
corpus=${CADLENS_CORPUS:-../shared/corpus}/dwg
[ -d "$corpus" ] || { echo "SKIPPED: DWG benchmarks (no corpus at $corpus)"; exit 0; }
mapfile -t files < <(find "$corpus" -name '*.dwg' | sort)
cadlens=build/release/cadlens
data=build/bench
mkdir -p "$data"

echo "== DWG -> model (one core)"
taskset -c 0 build/release/dwg_model_bench "${files[@]}"

echo "== peak memory of DWG -> JSON against the input's bytes"
peak_of() { /usr/bin/time -f %M "$cadlens" parse "$1" -o "$data/out.json" 2>&1 > /dev/null | tail -1; }
printf '0\nSECTION\n2\nENTITIES\n0\nENDSEC\n0\nEOF\n' > "$data/empty.dxf"
empty=$(peak_of "$data/empty.dxf")
for file in "${files[@]}"; do echo "$(peak_of "$file") $(stat -c %s "$file") $file"; done |
  awk -v empty="$empty" '
    $2 > 500000 { beyond = ($1 - empty) * 1024 / $2; if (beyond > most) { most = beyond; at = $3 } }
    $2 > 1000000 && $1 * 1024 / $2 > large { large = $1 * 1024 / $2 }
    $1 - empty > growth { growth = $1 - empty }
    END { printf "an empty drawing: %d KB (the program and its libraries); any drawing: at most %d KB more\n" \
                 "files over 500 KB: beyond the empty drawing at most %.1fx the input (%s)\n" \
                 "files over 1 MB: all of it at most %.1fx the input\n", empty, growth, most, at, large }'

cpu_of() {  # CPU seconds of a command run once for each file
  /usr/bin/time -f '%U %S' bash -c 'for f in "${@:2}"; do $1 "$f" > /dev/null 2>&1 || true; done' - "$@" 2>&1 |
    tail -1 | awk '{print $1 + $2}'
}
echo "== DWG -> JSON of all ${#files[@]} drawings, one process a file"
ours=$(cpu_of "$cadlens parse -o $data/out.json" "${files[@]}")
echo "cadlens: $ours s of CPU"
if [ "${1:-}" = --peers ]; then
  modules=$PWD/$data/peers/node_modules
  [ -d "$modules/@mlightcad/libredwg-web" ] ||
    npm --prefix "$data/peers" install @mlightcad/libredwg-web > /dev/null 2>&1
  theirs=$(cpu_of "node bench/libredwg_web.mjs $modules" "${files[@]}")
  echo "libredwg-web: $theirs s of CPU, $(awk "BEGIN{printf \"%.1f\", $theirs / $ours}") times ours"
fi

echo "== through the service: upload to COMPLETED of a DWG of 1 MB"
bench/service_latency.py --runs 30 "$corpus/acadsharp/samples__sample_AC1021.dwg"
