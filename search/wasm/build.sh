#!/usr/bin/env bash
# Builds what browsers run, and puts it into the default theme: the engine of the search, and the markdown of the page on
# which people write.
#
#   search/wasm/build.sh [FOLDER [NAME]]      default: themes/default/static, and both of search-engine and preview
#
# The same sources give the same bytes, in whatever folder: `.ci/run` compares. It needs rustup, node and npm.
set -euo pipefail
cd "$(dirname "$0")/../.."

rust=1.95.0
binaryen=132.0.0
zopfli=0.8.4
to=${1:-themes/default/static}

rustup toolchain install "$rust" --profile minimal --component rust-src --target wasm32-unknown-unknown >/dev/null 2>&1 ||
  { echo "rustup cannot install Rust $rust with rust-src"; exit 1; }
sysroot=$(rustc "+$rust" --print sysroot)
cargo_home=${CARGO_HOME:-$HOME/.cargo}
tools=${LONGHOUSE_WASM_TOOLS:-target/wasm-tools}
if ! [ -x "$tools/node_modules/.bin/wasm-opt" ]; then
  npm install --prefix "$tools" --no-save --no-audit --no-fund --loglevel=error "binaryen@$binaryen" >/dev/null
fi
if ! [ -x "$tools/bin/zopfli" ]; then
  cargo "+$rust" install zopfli --version "$zopfli" --locked --quiet --root "$tools"
fi

# The standard library is built anew, for size and without the machinery of panics. Paths of this machine
# must not be in it.
flags=(
  -Zunstable-options -Cpanic=immediate-abort
  --cfg 'getrandom_backend="custom"'
  -Clink-arg=-zstack-size=262144
  --remap-path-prefix="$PWD=."
  --remap-path-prefix="$cargo_home=cargo"
  --remap-path-prefix="$sysroot=rust"
)
export CARGO_ENCODED_RUSTFLAGS
CARGO_ENCODED_RUSTFLAGS=$(IFS=$'\x1f'; printf '%s' "${flags[*]}")
# What is built: its package, and the name of the file.
for made in longhouse-search-wasm:search-engine longhouse-preview:preview; do
  package=${made%:*} name=${made#*:}
  [ "${2:-$name}" = "$name" ] || continue
  RUSTC_BOOTSTRAP=1 cargo "+$rust" build --locked --quiet --profile wasm --package "$package" --lib \
    --target wasm32-unknown-unknown --target-dir target/wasm \
    -Zbuild-std=std,panic_abort -Zbuild-std-features=optimize_for_size
  "$tools/node_modules/.bin/wasm-opt" -Oz --enable-bulk-memory --enable-sign-ext --enable-nontrapping-float-to-int \
    --enable-mutable-globals --enable-reference-types --enable-multivalue --strip-debug --strip-producers \
    --strip-target-features --converge -o "target/wasm/$name.wasm" \
    "target/wasm/wasm32-unknown-unknown/wasm/${package//-/_}.wasm"
  # A browser waits for these bytes, so time is spent on them here: 7 % fewer than the best of zlib.
  "$tools/bin/zopfli" "target/wasm/$name.wasm"
  mv "target/wasm/$name.wasm.gz" "$to/$name.wasm.gz"
  echo "$to/$name.wasm.gz: $(stat -c %s "target/wasm/$name.wasm") bytes, $(stat -c %s "$to/$name.wasm.gz") as delivered"
done
