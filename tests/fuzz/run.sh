#!/usr/bin/env bash
# bash tests/fuzz/run.sh [SECONDS [TARGET...]]: builds the targets, plays each for so long, tells how often.
# Needs: rustup toolchain install nightly; cargo install cargo-fuzz. What it finds lies in tests/fuzz/artifacts.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
targets=("${@:2}")
fuzz() { cargo +nightly fuzz "$@"; }
flags=(--fuzz-dir tests/fuzz --sanitizer none)
if [ ${#targets[@]} = 0 ]; then
    mapfile -t targets < <(fuzz list --fuzz-dir tests/fuzz)
fi
fuzz build "${flags[@]}"
for target in "${targets[@]}"; do
    mkdir -p "tests/fuzz/corpus/$target"
    log=$(mktemp)
    end=held
    LUOSHU_SEEDS=tests/fuzz/corpus/$target fuzz run "${flags[@]}" "$target" -- \
        -max_total_time="$seconds" -max_len=16384 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 >"$log" 2>&1 || end="FAILED: $log"
    echo "$target: $(awk '/number_of_executed_units/ { print $2 }' "$log") executions in $seconds s, $end"
done
