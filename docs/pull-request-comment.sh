#!/usr/bin/env bash
# Makes docs/pull-request-comment.png: what a reviewer of a pull request sees of a
# change of the contract, the one in pull-request-comment.patch.
#
#   bash docs/pull-request-comment.sh [PATCH [PICTURE]]
#
# The comment is what CI would post; it is shown by Chromium with GitHub's style sheet.
# Needs npm and Chromium (the package `chromium` of Debian, or CHROMIUM=PROGRAM).
set -euo pipefail
name=pull-request-comment
# shellcheck source=../tests/interop/support.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../tests/interop/support.sh"
patch=$(realpath "${1:-$root/docs/$name.patch}")
picture=$(realpath -m "${2:-$root/docs/$name.png}")

missing() {
  echo "$name: NO PICTURE WAS MADE: $1" >&2
  exit 2
}

chromium=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
[ -n "$chromium" ] || missing 'there is no Chromium; install it, or name one in CHROMIUM'
command -v npm >/dev/null || missing 'there is no npm'
npm_tool "$cache/tools" "$name"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cargo build --quiet --locked --manifest-path "$root/Cargo.toml" --package xtask
export XTASK=${CARGO_TARGET_DIR:-$root/target}/debug/xtask

# The change, in a repository of its own.
git clone --quiet --shared "$root" "$scratch/repository"
cd "$scratch/repository"
git checkout --quiet -B main
git checkout --quiet -b change
git apply "$patch" || missing "$patch does not fit the contract any more"
git -c user.name=nobody -c user.email=nobody@example.com -c commit.gpgsign=false \
  commit --quiet --all --message 'The change'
bash "$root/.ci/review" rehearse main change >"$scratch/comment.md"

cat >"$scratch/page.mjs" <<'JS'
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
const [tools, comment] = process.argv.slice(2);
const require = createRequire(`${tools}/`);
const { marked } = await import(require.resolve("marked"));
const style = readFileSync(require.resolve("github-markdown-css/github-markdown-light.css"));
const body = marked.parse(readFileSync(comment, "utf8"), { gfm: true });
console.log(`<!doctype html><meta charset="utf-8"><style>${style}
body { margin: 0; background: #fff; }
.markdown-body { box-sizing: border-box; width: 920px; padding: 16px 24px; }
</style><article class="markdown-body">${body}</article>
<script>document.title = String(Math.ceil(document.documentElement.getBoundingClientRect().height));</script>`);
JS
node "$scratch/page.mjs" "$cache/tools" "$scratch/comment.md" >"$scratch/page.html"

shoot() {
  "$chromium" --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
    --hide-scrollbars --user-data-dir="$scratch/profile" "$@" "file://$scratch/page.html" 2>"$scratch/chromium.log"
}
height=$(shoot --window-size=920,600 --dump-dom | sed -n 's/.*<title>\([0-9]*\)<.*/\1/p' | sed -n 1p)
[ -n "$height" ] || missing "Chromium does not show the page: $(tail -n 3 "$scratch/chromium.log")"
[ "$height" -le 16000 ] || height=16000
shoot --window-size="920,$height" --screenshot="$scratch/picture.png" >/dev/null ||
  missing "Chromium takes no picture: $(tail -n 3 "$scratch/chromium.log")"
cp "$scratch/picture.png" "$picture"
echo "written $picture (920 × $height)"
