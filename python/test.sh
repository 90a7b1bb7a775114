#!/usr/bin/env bash
# Builds the wheel and runs its tests; needs cargo, python3 from 3.9 on, and for a first run a package registry.
#   bash python/test.sh             a wheel for tests, quickly built
#   bash python/test.sh --release   the wheel as it is given away: its size and speed are tested too
# LUOSHU_SPARK=1 brings Spark (which needs Java) and Ray as well; without them their tests say that they are skipped.
set -euo pipefail
cd "$(dirname "$0")"
out=../target/python
venv=$out/venv
profile=dev
[ "${1:-}" != --release ] || profile=release
wanted=tests/requirements.txt
[ -z "${LUOSHU_SPARK:-}" ] || wanted=tests/requirements-spark.txt
bring() { python3 -m venv "$venv" && "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$wanted"; }
mkdir -p "$out"
if ! bring > "$out/pip.log" 2>&1; then
    tail -3 "$out/pip.log"
    echo "SKIPPED: the Python package is not tested, since $wanted could not be installed"
    exit 0
fi
cargo clippy --package luoshu-python --all-targets --quiet -- -D warnings
rm -rf "$out/wheels"
# With this, the crates that the Rust tests have built are not built again.
CARGO_PROFILE_DEV_OPT_LEVEL=1 "$venv/bin/maturin" build --quiet --profile $profile --interpreter "$venv/bin/python" --out "$out/wheels"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall "$out"/wheels/luoshu-*.whl
"$venv/bin/mypy" --no-error-summary
# From another folder, so that the wheel is tested and not the sources beside it.
python=$PWD
cd "$out"
LUOSHU_WHEEL=$(echo "$PWD"/wheels/luoshu-*.whl) LUOSHU_PROFILE=$profile "$PWD/venv/bin/pytest" -q -rs -p no:cacheprovider -c "$python/pyproject.toml" "$python/tests"
