#!/usr/bin/env bash
# Finds what the tests start besides Python, installs it with apt where that is possible, and says what is missing.
set -u
need=()
command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || command -v chromium-browser >/dev/null ||
  need+=(chromium)
command -v redis-server >/dev/null || need+=(redis-server)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || need+=(postgresql)
for name in nginx strace gcc; do command -v $name >/dev/null || need+=($name); done
[[ " ${need[*]} " == *" gcc "* ]] && need+=(libc6-dev)
[ ${#need[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing ${need[*]} with apt-get"
  apt-get update -qq
  # the same engine without windows, where it is packaged: a quarter less to run
  apt-cache show chromium-headless-shell >/dev/null 2>&1 && need=("${need[@]/%chromium/chromium-headless-shell}")
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${need[@]}" >/dev/null && exit 0
fi
echo "missing: ${need[*]}. Install with: apt-get install ${need[*]}" >&2
[ "${CI:-}" = true ] && exit 1
exit 0
