#!/usr/bin/env bash
# Puts promtool into bin/ when it is missing, out of Debian's package of
# Prometheus. Installing that package would start a server. Where it cannot be
# had, the test that wants it says so and the rules are read by ours alone.
set -euo pipefail

update() {
	local as_root=()
	if [ "$(id -u)" -ne 0 ]; then
		as_root=(sudo)
	fi
	"${as_root[@]}" apt-get update -qq
}

fetch() { (cd "$1" && apt-get download -qq prometheus 2>/dev/null && dpkg -x prometheus_*.deb .); }

if command -v promtool >/dev/null || [ -x bin/promtool ]; then
	exit 0
fi
echo "promtool is missing: taking it out of the package prometheus" >&2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if ! fetch "$scratch" && ! { update && fetch "$scratch"; }; then
	echo "promtool is missing and could not be fetched. It is part of Prometheus; put it into the PATH to have it judge the alert rules." >&2
	exit 0
fi
mkdir -p bin
install -m 755 "$scratch/usr/bin/promtool" bin/promtool
