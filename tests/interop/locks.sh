#!/usr/bin/env bash
# Installs tools from npm and PyPI exactly as the lock files in `locks/` have them, hashes
# included. To be sourced by support.sh and contract-lint.sh. To bring a tool up to date, change
# its version in package.json or at the top of the list, and lock again:
#
#   npm install --prefix tests/interop/locks/TOOL --package-lock-only --ignore-scripts
#   echo PACKAGE==VERSION | pip-compile --generate-hashes --strip-extras --allow-unsafe \
#     --no-header --no-annotate --no-emit-find-links -o tests/interop/locks/TOOL.txt -

locks=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)/locks

# npm_version TOOL: the locked version of the tool itself, the only direct dependency.
npm_version() {
  sed -n '/"dependencies"/,/}/ s/^ *"[^"]*": "\([0-9][^"]*\)".*/\1/p' "$locks/$1/package.json"
}

# python_version TOOL PACKAGE: the locked version of a package.
python_version() {
  sed -n "s/^$2==\([^ ]*\).*/\1/p" "$locks/$1.txt"
}

# install_npm DIR TOOL: does nothing when DIR holds it already. Callers ask for its status,
# which switches `set -e` off inside, hence the chain.
install_npm() {
  local dir=$1 lock=$locks/$2
  [ -e "$dir/.complete" ] && cmp -s "$lock/package-lock.json" "$dir/.complete" && return 0
  # Install scripts are not needed by any of the tools, so none is run.
  rm -rf "$dir" &&
    mkdir -p "$dir" &&
    cp "$lock/package.json" "$lock/package-lock.json" "$dir" &&
    npm ci --prefix "$dir" --no-audit --no-fund --ignore-scripts --loglevel=error &&
    cp "$lock/package-lock.json" "$dir/.complete"
}

# install_python DIR TOOL: the same in a virtual environment.
install_python() {
  local dir=$1 lock=$locks/$2.txt
  [ -e "$dir/.complete" ] && cmp -s "$lock" "$dir/.complete" && return 0
  rm -rf "$dir" &&
    python3 -m venv "$dir" &&
    "$dir/bin/python" -m pip install --quiet --require-hashes -r "$lock" &&
    cp "$lock" "$dir/.complete"
}
