#!/usr/bin/env bash
# Shows the main job on a real Gluster, with real NFS clients: plan, apply, who
# gets in and who doesn't, drift by hand, repair.      demo.sh PROGRAM
set -euo pipefail
program=$(realpath "$1")
bed=$(dirname "$0")/testbed.sh
export GDS_INSTANCE=demo
state=$(mktemp --suffix .yaml)
trap 'rm -f "$state"; "$bed" down' EXIT
"$bed" all
"$bed" volume gv0

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
	"$bed" run "$program" "$@" | sed "s#$state#state.yaml#g"
}
# knock CLIENT...: which shares does each client get into?
knock() {
	local n share
	for n; do
		for share in alpha archive; do
			if "$bed" client "$n" nfs-ls "nfs://10.0.0.254/gv0/$share" >/dev/null 2>&1; then
				echo "client $n mounts /gv0/$share"
			else
				echo "client $n may not mount /gv0/$share"
			fi
		done
	done
}
# by_hand CMD...: what somebody does on the server.
by_hand() {
	printf '$ testbed.sh %s\n' "$*"
	"$bed" "$@" >/dev/null
}

say "The state file. Clients 1 and 2 are 10.0.0.1 and 10.0.0.2, client 3 is 10.0.1.3."
cat "$state"

say "What would happen. Nothing is changed."
run plan -f "$state"

say "Make it so."
run apply -f "$state"

say "Who gets in?"
knock 1 2 3

say "A second run finds nothing to do, and writes nothing."
run apply -f "$state"

say "Somebody changes things by hand: an export without clients (the gate lets all three in), a mode."
by_hand run gluster --mode=script volume set gv0 nfs.export-dir /alpha
by_hand on gv0 chmod 0777 alpha
knock 1 2 3
run plan -f "$state"

say "Repair."
run apply -f "$state"
knock 1 2 3

say "And it holds: plan --detailed-exitcode would exit with 2 if anything were pending."
run plan -f "$state" --detailed-exitcode
