#!/usr/bin/env bash
# Has systemd's own tool check the unit: it must be understood to the last word, and
# leave the service no more than it left it before (0 to 100, the less the better).
set -euo pipefail
cd "$(dirname "$0")/.."
exposure=31

command -v systemd-analyze >/dev/null || {
	echo "packaging: there is no systemd-analyze here; install systemd" >&2
	exit 1
}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
unit=$dir/glusterd-shares.service
# The program need not be installed where the unit has it.
sed 's|^ExecStart=/usr/local/bin/glusterd-shares |ExecStart=/bin/true |' packaging/systemd/glusterd-shares.service >"$unit"
grep -q '^ExecStart=/bin/true ' "$unit"

said=$(systemd-analyze verify --man=no "$unit" 2>&1) || { echo "$said"; exit 1; }
[ -z "$said" ] || { echo "$said"; exit 1; }
systemd-analyze security --offline=true --no-pager --threshold=$exposure "$unit" >"$dir/security" ||
	{ cat "$dir/security"; echo "packaging: the unit leaves the service more than before (threshold $exposure)"; exit 1; }
tail -n 1 "$dir/security"
