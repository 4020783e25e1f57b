#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs one libFuzzer target for a number of seconds, from its regressions and (where present) corpus
# drawings up to 64 KB. usage: tools/fuzz.sh TARGET SECONDS. A finding is left in build/fuzz/findings.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$1 seconds=$2
work=build/fuzz/corpus-$target findings=build/fuzz/findings
mkdir -p "$work" "$findings"
corpus=${CADLENS_CORPUS:-../shared/corpus}
case $target in dxf_* | scene_*)
  [ -d "$corpus/dxf" ] && find "$corpus/dxf" -type f -size -64k -exec cp -n {} "$work/" \; ;;
dwg_section_map_fuzz)
  [ -d "$corpus/dwg" ] && find "$corpus/dwg" -type f -size -64k -exec cp -n {} "$work/" \; ;;
esac
"build/fuzz/$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 \
  -artifact_prefix="$findings/$target-" -print_final_stats=1 "$work" "fuzz/regressions/$target"
