#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures what the speed promises speak of, on drawings of 100,000 and 1,000,000 entities made by the
# deterministic generator. Every comparison is made in this one run, because machines differ.
#   bench/run.sh [--peers]     --peers: also npm dxf-parser and Debian's ezdxf on the same file
set -euo pipefail
cd "$(dirname "$0")/.."
generator=${CADLENS_BIG_DXF_GENERATOR:-../shared/bench/gen_big_dxf.py}
[ -f "$generator" ] || { echo "SKIPPED: benchmarks (no generator at $generator)"; exit 0; }
data=build/bench
mkdir -p "$data"
for n in 100000 1000000; do
  [ -f "$data/$n.dxf" ] || /usr/bin/python3 "$generator" "$n" "$data/$n.dxf" > /dev/null
done
cadlens=build/release/cadlens

measured() {  # measured LABEL COMMAND...: wall, CPU and peak memory of one run
  local label=$1; shift
  /usr/bin/time -f "$label: %e s wall, %U s user, %M KB peak" "$@" 2>&1 > /dev/null | tail -1
}

echo "== DXF -> model against a plain mmap-split-from_chars loop (one core)"
for n in 100000 1000000; do taskset -c 0 build/release/dxf_model_bench "$data/$n.dxf" 2>/dev/null | grep -vE "^(Run|CPU|  L|Load|20)"; done

echo "== DXF -> JSON file, end to end (one core)"
for n in 100000 1000000; do
  bytes=$(stat -L -c %s "$data/$n.dxf")
  echo "input $((bytes / 1000000)) MB; 4x is $((bytes / 256)) KB"
  measured "parse $n" taskset -c 0 "$cadlens" parse "$data/$n.dxf" -o "$data/out.json"
done

echo "== 2048 px PNG of 100,000 entities"
rm -rf "$data/png"
hyperfine -N --warmup 1 --runs 5 "$cadlens parse $data/100000.dxf --summary -o $data/out.json" \
  "$cadlens parse $data/100000.dxf --summary --png $data/png -o $data/out.json" 2>/dev/null | grep -E 'Time|Benchmark'

echo "== encryption at rest (one core): the envelope, and whole objects through the store"
taskset -c 0 build/release/envelope_bench 2>/dev/null | grep -E "^(seal|open|store)"

echo "== worker start and exit"
build/release/worker_start_bench 200

echo "== through the service: upload to COMPLETED of a 200 KB drawing"
bench/service_latency.py

if [ "${1:-}" = --peers ]; then
  echo "== peers on the 1,000,000 entity file (DXF -> model)"
  mkdir -p "$data/peers"
  [ -d "$data/peers/node_modules/dxf-parser" ] || npm --prefix "$data/peers" install dxf-parser > /dev/null 2>&1
  measured "npm dxf-parser" node --max-old-space-size=8000 -e "
    const P = require('./$data/peers/node_modules/dxf-parser'); const C = P.default || P;
    new C().parseSync(require('fs').readFileSync('$data/1000000.dxf', 'utf8'))"
  measured "ezdxf" /usr/bin/python3 -c "import ezdxf; ezdxf.readfile('$data/1000000.dxf')"
  measured "cadlens (model only)" build/release/dxf_model_bench "$data/1000000.dxf" --once
fi
