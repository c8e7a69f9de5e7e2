#!/usr/bin/env bash
# Shows the main job on a real Gluster, with real NFS clients: plan, apply, who
# gets in and who doesn't, drift by hand, repair.      demo.sh PROGRAM
set -euo pipefail
program=$(realpath "$1")
. "$(dirname "$0")/alone.sh"
alone_on demo
state=$(mktemp --suffix .yaml)
trap 'rm -f "$state"; bed down' EXIT
bed down
bed all
bed volume gv0

cat >"$state" <<END
version: 1
host_groups:
  web: [10.0.0.1, 10.0.0.2]
volumes:
  - target: 10.0.0.254:/gv0
    shares:
      - name: alpha
        group: games
        mode: "2770"
        access: [web]
      - name: archive
        access: [10.0.1.3]
END

say() { printf '\n# %s\n' "$*"; }
run() {
	printf '$ glusterd-shares %s\n' "${*//$state/state.yaml}"
	bed run "$program" "$@" | sed "s#$state#state.yaml#g"
}
# knock CLIENT:SHARE...: which shares does each client get into? It has to be
# these.
knock() {
	local n share said got=()
	for n in 1 2 3; do
		for share in alpha archive; do
			if said=$(bed client "$n" nfs-ls "nfs://10.0.0.254/gv0/$share" 2>&1); then
				echo "client $n mounts /gv0/$share"
				got+=("$n:$share")
			elif [[ $said == *MNT3ERR_* ]]; then
				echo "client $n may not mount /gv0/$share"
			else
				wrong "client $n had no answer about /gv0/$share: $said"
			fi
		done
	done
	[ "${got[*]}" = "$*" ] || wrong "it should be: $*"
}
wrong() {
	echo "demo: $*" >&2
	exit 1
}
# by_hand CMD...: what somebody does on the server.
by_hand() {
	printf '$ testbed.sh %s\n' "$*"
	bed "$@" >/dev/null
}

say "The state file. Clients 1 and 2 are 10.0.0.1 and 10.0.0.2, client 3 is 10.0.1.3."
cat "$state"

say "What would happen. Nothing is changed."
run plan -f "$state"

say "Make it so."
run apply -f "$state"

say "Who gets in?"
knock 1:alpha 2:alpha 3:archive

say "A second run finds nothing to do, and writes nothing."
run apply -f "$state"

say "Somebody changes things by hand: an export without clients (the gate lets all three in), a mode."
by_hand run gluster --mode=script volume set gv0 nfs.export-dir /alpha
by_hand on gv0 chmod 0777 alpha
knock 1:alpha 2:alpha 3:alpha
run plan -f "$state"

say "Repair."
run apply -f "$state"
knock 1:alpha 2:alpha 3:archive

say "And it holds: plan --detailed-exitcode would exit with 2 if anything were pending."
run plan -f "$state" --detailed-exitcode
