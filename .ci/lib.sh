# Shared by the scripts of this folder; sourced, never run.
# shellcheck shell=bash

fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# Go commands work in a checkout that git calls someone else's, too.
GOFLAGS="$(go env GOFLAGS) -buildvcs=false"
export GOFLAGS

# postgres_bin prints the folder of the newest PostgreSQL server from 15 on.
postgres_bin() {
  local dir version best='' newest=14
  for dir in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql@*/bin \
    /usr/local/opt/postgresql@*/bin "$(dirname "$(command -v initdb || echo /nowhere/initdb)")"; do
    if ! [ -x "$dir/initdb" ] || ! [ -x "$dir/postgres" ] || ! [ -x "$dir/psql" ]; then continue; fi
    version=$("$dir/postgres" --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/')
    if [ "$version" -gt "$newest" ]; then
      newest=$version best=$dir
    fi
  done
  [ -n "$best" ] && printf '%s\n' "$best"
}

# browser prints the path of a Chromium or Chrome that starts. PASOKH_TEST_CHROMIUM decides when it is set.
browser() {
  local name path
  for name in "${PASOKH_TEST_CHROMIUM:-chromium}" chromium-browser /snap/bin/chromium google-chrome-stable google-chrome \
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome' /Applications/Chromium.app/Contents/MacOS/Chromium; do
    if path=$(command -v "$name") && "$path" --version >/dev/null 2>&1 </dev/null; then
      printf '%s\n' "$path"
      return
    fi
    [ -z "${PASOKH_TEST_CHROMIUM:-}" ] || return 1
  done
  return 1
}

# phase NAME CMD…: runs CMD to its end under a heading; phases_end then prints what each gave and took, and exits.
phases='' phases_code=0
phase() {
  local name=$1 start=$SECONDS result=ok
  shift
  printf '\n== %s\n' "$name"
  "$@" || { result=FAILED phases_code=1; }
  phases+=$(printf '%-34s %-6s %4d s' "$name" "$result" $((SECONDS - start)))$'\n'
}
phases_end() {
  printf '\n== summary\n%s' "$phases"
  printf '%-34s %-6s %4d s\n' total "$([ "$phases_code" = 0 ] && echo ok || echo FAILED)" "$SECONDS"
  exit "$phases_code"
}
