#!/usr/bin/env bash
# Debian packages that the tests run for real: git for the ledger and the simulator, chromium for the pages, bubblewrap with
# util-linux's prlimit and setpriv for the sandbox, ripgrep for the agents' search, python3 for an example agent, PostgreSQL
# for what several machines share.
# A missing one fails here, with its name, and not later as a test that quietly looked at nothing.
set -euo pipefail

declare -A package_of=(
  [git]=git [chromium]=chromium [bwrap]=bubblewrap [prlimit]=util-linux [setpriv]=util-linux [rg]=ripgrep
  [python3]=python3-minimal [postgres]=postgresql
)
# Debian keeps the server's programs off PATH, a folder for each version.
for folder in /usr/lib/postgresql/*/bin; do
  PATH="$PATH:$folder"
done

missing=()
for program in "${!package_of[@]}"; do
  command -v "$program" >/dev/null || missing+=("${package_of[$program]}")
done
if [ "${#missing[@]}" -eq 0 ]; then
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  as_root=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"

for folder in /usr/lib/postgresql/*/bin; do
  PATH="$PATH:$folder"
done
for program in "${!package_of[@]}"; do
  command -v "$program" >/dev/null || {
    echo "install-system-packages: $program is missing after installing ${package_of[$program]}" >&2
    exit 1
  }
done
