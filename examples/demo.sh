#!/usr/bin/env bash
# Shows the main job in the embedded sandbox: plan, apply, nothing to do, drift
# by hand, repair.      demo.sh PROGRAM
set -euo pipefail
program=$1
state=$(dirname "$0")/state.yaml
sandbox=$(mktemp -d)
trap 'rm -rf "$sandbox"' EXIT
volume=$sandbox/gluster1.example.com/gv0

say() { printf '\n# %s\n' "$*"; }
run() {
	printf '$ glusterd-shares %s\n' "$*" | sed "s#$sandbox#SANDBOX#g"
	"$program" "$@" --sandbox "$sandbox" | sed "s#$sandbox#SANDBOX#g"
}

say "What would happen. Nothing is changed."
run plan -f "$state"

say "Make it so."
run apply -f "$state"

say "A second run finds nothing to do, and writes nothing."
run apply -f "$state"

say "Somebody changes things by hand: an export without clients (open to everybody), a mode, a directory gone."
sed -i 's#^nfs.export-dir: .*#nfs.export-dir: /alpha#' "$volume/options"
chmod 0777 "$volume/brick/alpha"
rmdir "$volume/brick/archive"
run plan -f "$state"

say "Repair."
run apply -f "$state"

say "And it holds: plan --detailed-exitcode would exit with 2 if anything were pending."
run plan -f "$state" --detailed-exitcode
