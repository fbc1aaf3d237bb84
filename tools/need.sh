#!/usr/bin/env bash
# Installs Debian packages when a command is missing.
#   tools/need.sh COMMAND PACKAGE...
set -euo pipefail

command=$1
shift

give_up() {
	echo "$command is missing and could not be installed. Install it (on Debian, as root: apt-get install $*), then run make again." >&2
	exit 1
}

install() {
	local as_root=()
	if [ "$(id -u)" -ne 0 ]; then
		as_root=(sudo)
	fi
	"${as_root[@]}" apt-get update -qq &&
		"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
			apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

if command -v "$command" >/dev/null; then
	exit 0
fi
echo "$command is missing: installing $*" >&2
install "$@" || give_up "$@"
command -v "$command" >/dev/null || give_up "$@"
