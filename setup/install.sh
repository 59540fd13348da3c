#!/usr/bin/env bash
# Downloads an archive of Longhouse, verifies it, and only then takes the program out of it. The archive is right if its
# checksum is the one that was given, or else the one in checksums.txt; a version that is not there needs the attestation of
# the release workflow. There is no way around all three.
#
# Runs in the bash of Linux, macOS (version 3.2) and Git for Windows. Inputs are variables: LONGHOUSE_VERSION,
# LONGHOUSE_SHA256, LONGHOUSE_MIRROR and GH_TOKEN; all but the first may be empty, and so may that.
set -euo pipefail
# Options that somebody set for other work must not change what happens here.
unset TAR_OPTIONS UNZIP UNZIPOPT CURL_HOME

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$(dirname "$here")

main() {
  repository=$(sed -n 's/^repository = "\(https:[^"]*\)"$/\1/p' "$project/Cargo.toml")
  version=${LONGHOUSE_VERSION:-$(sed -n 's/^version = "\([^"]*\)"$/\1/p' "$project/Cargo.toml" | head -n 1)}
  given=${LONGHOUSE_SHA256:-}
  source=${LONGHOUSE_MIRROR:-$repository/releases/download}
  matches "$version" '^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z]+(\.[0-9A-Za-z]+)*)?$' ||
    fail "This is no version: $version. It looks like 0.1.0, without a v."
  [ -z "$given" ] || matches "$given" '^[0-9a-f]{64}$' ||
    fail "This is no SHA-256 checksum: $given. It has 64 digits of 0-9 and a-f."
  matches "$source" '^(https|file)://[^[:space:]]+$' ||
    fail "The mirror is no https or file address: $source"

  choose_target
  work=$(mktemp -d "$(unix "${RUNNER_TEMP:?}")/longhouse.XXXXXX")
  archive=$work/$file
  download "$source/v$version/$file"
  verify
  unpack
  said=$("$work/bin/$program" --version) || fail "The program in $file does not start here."
  case "$said" in
  "longhouse $version" | "longhouse $version "*) ;;
  *) fail "The program in $file says that it is $said." ;;
  esac
  native "$work/bin" >>"$GITHUB_PATH"
  printf 'version=%s\n' "$version" >>"$GITHUB_OUTPUT"
  printf 'Installed %s, verified by %s.\n' "$said" "$how"
}

# The whole of a text, whatever lines it has: `grep` would be content with one of them.
matches() { [[ $1 =~ $2 ]] && [ "${1//[[:cntrl:]]/}" = "$1" ]; }

# Says what is wrong, and ends. Signs that could make more of it than a message are left out.
fail() {
  local text=${1//[![:print:]]/?}
  printf '::error title=Longhouse was not installed::%s\n' "${text//'%'/%25}"
  exit 1
}

# The line of targets.tsv for this machine: sets `target`, `file` and `program`.
choose_target() {
  local row
  row=$(awk -F '\t' -v os="${RUNNER_OS:?}" -v arch="${RUNNER_ARCH:?}" '
    /^#/ { next }
    !columns { for (i = 1; i <= NF; i++) at[$i] = i; columns = 1; next }
    $at["runner_os"] == os && ("," $at["runner_arch"] ",") ~ ("," arch ",") { print $at["target"], $at["archive"]; exit }
  ' "$project/packaging/targets.tsv")
  [ -n "$row" ] || fail "There is no ready program for $RUNNER_OS on $RUNNER_ARCH. Build it: cargo install --locked longhouse"
  target=${row% *}
  stem=longhouse-$version-$target
  file=$stem.${row#* }
  program=longhouse
  if [ "$RUNNER_OS" = Windows ]; then program=longhouse.exe; fi
}

# `--disable` comes first, so that no .curlrc has a say.
download() {
  curl --disable --globoff --proto '=https,file' --proto-redir '=https' --fail --silent --show-error --location --max-redirs 5 \
    --retry 3 --connect-timeout 30 --max-time 600 --output "$archive" -- "$1" ||
    fail "$1 cannot be downloaded. Is $version a released version?"
}

verify() {
  local known
  known=$(awk -v file="$file" '$2 == file || $2 == "*" file { print $1 }' "$here/checksums.txt")
  if [ -n "$given" ]; then
    same "$given" "the given checksum"
  elif [ -n "$known" ]; then
    same "$known" "the checksum in the action"
  else
    attested
  fi
}

# Compares the checksum of the archive, and says how it was verified.
same() {
  local actual
  actual=$(sum <"$archive")
  [ "$actual" = "$1" ] || fail "$file has the checksum $actual, but $2 is $1. Nothing of it was run."
  how=$2
}

sum() {
  if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1
}

# Asks GitHub whether the release workflow made this archive from this version's tag.
attested() {
  local name=${repository#https://github.com/}
  command -v gh >/dev/null ||
    fail "checksums.txt of this action has no checksum of $file, and without gh its attestation cannot be verified. Give the checksum as sha256, or use a later commit of the action."
  GH_HOST=github.com gh attestation verify "$archive" --repo "$name" --signer-workflow "$name/.github/workflows/release.yml" \
    --source-ref "refs/tags/v$version" --deny-self-hosted-runners >/dev/null ||
    fail "$file has no attestation of the release workflow of $name for v$version. Nothing of it was run."
  how="its attestation"
}

# Only the program, by its name: whatever else is in the archive stays there.
unpack() {
  mkdir "$work/bin"
  case "$file" in
  *.zip) unzip -p "$archive" "$stem/$program" ;;
  *) tar -xzOf "$archive" "$stem/$program" ;;
  esac >"$work/bin/$program" || fail "$file has no $stem/$program."
  chmod 755 "$work/bin/$program"
  rm "$archive"
}

# A path as other programs on this system write it, and as this shell does. They differ on Windows.
native() { if command -v cygpath >/dev/null; then cygpath --windows "$1"; else printf '%s\n' "$1"; fi; }
unix() { if command -v cygpath >/dev/null; then cygpath --unix "$1"; else printf '%s\n' "$1"; fi; }

main
