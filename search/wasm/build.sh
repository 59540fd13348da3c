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
to=${1:-themes/default/static}

rustup toolchain install "$rust" --profile minimal --component rust-src --target wasm32-unknown-unknown >/dev/null 2>&1 ||
  { echo "rustup cannot install Rust $rust with rust-src"; exit 1; }
sysroot=$(rustc "+$rust" --print sysroot)
cargo_home=${CARGO_HOME:-$HOME/.cargo}
tools=${LONGHOUSE_WASM_TOOLS:-target/wasm-tools}
if ! [ -x "$tools/node_modules/.bin/wasm-opt" ]; then
  npm install --prefix "$tools" --no-save --no-audit --no-fund --loglevel=error "binaryen@$binaryen" >/dev/null
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
  # gzip of node, at its best, without a name or a time in it.
  node -e '
    const { readFileSync, writeFileSync } = require("node:fs");
    const { brotliCompressSync, gzipSync } = require("node:zlib");
    const wasm = readFileSync(process.argv[1]);
    const gzip = gzipSync(wasm, { level: 9 });
    gzip[9] = 255; // made by an unknown system
    writeFileSync(process.argv[2], gzip);
    console.log(`${process.argv[2]}: ${wasm.length} bytes, ${gzip.length} as delivered, ${brotliCompressSync(wasm).length} with brotli`);
  ' "target/wasm/$name.wasm" "$to/$name.wasm.gz"
done
