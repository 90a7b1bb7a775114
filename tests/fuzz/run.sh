#!/usr/bin/env bash
# bash tests/fuzz/run.sh [SECONDS [TARGET...]]: builds the targets, plays each for so long, tells how often.
# Needs: rustup toolchain install nightly. What it finds lies in tests/fuzz/artifacts.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
targets=("${@:2}")
if [ ${#targets[@]} = 0 ]; then
    mapfile -t targets < <(sed -n 's/^    Target { name: "\([a-z_]*\)".*/\1/p' tests/support/targets.rs)
fi
(cd tests/fuzz && cargo +nightly build --release)
failed=0
for target in "${targets[@]}"; do
    seeds=tests/fuzz/corpus/$target
    found=tests/fuzz/artifacts/$target/
    mkdir -p "$seeds" "$found"
    log=$(mktemp)
    end=held
    LUOSHU_TARGET=$target LUOSHU_SEEDS=$seeds tests/fuzz/target/release/play "$seeds" -artifact_prefix="$found" \
        -max_total_time="$seconds" -max_len=4096 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 >"$log" 2>&1 || end="FAILED: $log"
    [ "$end" = held ] || failed=1
    echo "$target: $(awk '/number_of_executed_units/ { print $2 }' "$log") executions in $seconds s, $end"
done
exit $failed
