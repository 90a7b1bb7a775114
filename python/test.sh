#!/usr/bin/env bash
# Builds the wheel and runs its tests; needs cargo, python3 from 3.9 on, and for a first run a package registry.
#   bash python/test.sh             a wheel for tests, quickly built
#   bash python/test.sh --release   the wheel as it is given away: its size is tested too
#   bash python/test.sh --prepare   only brings what the tests need; fails where it cannot be had
#   bash python/test.sh --built F   only the tests, with the library F that is built already
# LUOSHU_SPARK=1 brings Spark (which needs Java) and Ray as well; without them their tests say that they are skipped.
set -euo pipefail
cd "$(dirname "$0")"
sources=$PWD
mkdir -p ../target/python
out=$(cd ../target/python && pwd)
bin=$out/venv/bin
wanted=tests/requirements.txt
[ -z "${LUOSHU_SPARK:-}" ] || wanted=tests/requirements-spark.txt

prepare() {
    [ "$(cat "$out/brought" 2>/dev/null)" != "$(cat tests/*.txt; echo $wanted)" ] || return 0
    if ! { python3 -m venv "$out/venv" && "$bin/python" -m pip install --quiet --disable-pip-version-check -r "$wanted"; } > "$out/pip.log" 2>&1; then
        tail -3 "$out/pip.log"
        echo "SKIPPED: the Python package is not tested, since $wanted could not be installed"
        return 1
    fi
    { cat tests/*.txt; echo $wanted; } > "$out/brought"
}

pip() { "$bin/python" -m pip "$@" --quiet --disable-pip-version-check; }

# A wheel, installed.
build() {
    cargo clippy --package luoshu-python --all-targets --quiet -- -D warnings
    rm -rf "$out/wheels"
    # So the crates that the Rust tests have built are mostly not built again.
    CARGO_PROFILE_DEV_OPT_LEVEL=1 "$bin/maturin" build --quiet --profile "$1" --interpreter "$bin/python" --out "$out/wheels"
    pip install --no-deps --force-reinstall "$out"/wheels/luoshu-*.whl
    LUOSHU_WHEEL=$(echo "$out"/wheels/luoshu-*.whl)
    export LUOSHU_WHEEL LUOSHU_PROFILE=$1
}

# The package as a wheel would lay it out, with a library that is built already.
lay_out() {
    pip uninstall --yes luoshu
    rm -rf "$out/package"
    mkdir -p "$out/package"
    cp -r luoshu "$out/package/"
    cp "$1" "$out/package/luoshu/_luoshu.abi3.so"
    export PYTHONPATH=$out/package
}

run_tests() {
    "$bin/mypy" --no-error-summary
    # From another folder, so that what is tested is not the sources beside the tests.
    cd "$out"
    "$bin/pytest" -q -rs -p no:cacheprovider -c "$sources/pyproject.toml" "$sources/tests"
}

case "${1:-}" in
    --prepare) prepare ;;
    --built)
        lay_out "$(cd "$OLDPWD" && realpath "$2")"
        run_tests
        ;;
    *)
        prepare || exit 0
        if [ "${1:-}" = --release ]; then build release; else build dev; fi
        run_tests
        ;;
esac
