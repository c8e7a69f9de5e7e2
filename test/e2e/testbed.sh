#!/usr/bin/env bash
# A real Gluster-NFS server and real NFS clients on one Debian 12 machine, for
# the end-to-end tests and for trying things out. Needs root.
#
#   deps          install the Debian packages that are missing, which starts the
#                 services among them where there is a service manager (sshd, too);
#                 where apt knows no source of Gluster, add deb-src to the
#                 machine's apt sources, for good
#   build         compile the two objects that Debian's Gluster lacks, once
#   up            bring the bed up, without any volume; GNFS=off: with Debian's
#                 own objects, a Gluster that has no NFS server
#   volume V      make the volume V and start it
#   glusterd      start glusterd where it is not running, wait until it answers
#   sshd          start an sshd where none is running, wait until it answers; its
#                 users, keys and password are in /var/tmp/gds-NAME/ssh
#   run CMD       run CMD on the server
#   on V CMD      run CMD in the root of volume V, over a mount that only CMD sees
#   mount V DIR   mount volume V on the server, where all see it
#   client N CMD  run CMD on client N
#   down          end what runs here, remove what was made; also after a crash
#   all           deps, build and up
#
# GDS_INSTANCE   names the bed; beds of different names can be up at once (main)
# GDS_CACHE      where the two objects are kept (~/.cache/glusterd-shares/gnfs-10.3)
#
# Server: 10.0.0.254 and 10.0.1.254. Clients: 10.0.0.1, 10.0.0.2, 10.0.1.3 and
# 10.0.0.129. All of them are network namespaces. The server has a mount
# namespace as well, with a /run, /var/lib/glusterd and /var/log/glusterfs of
# its own: the machine's Gluster, if there is one, is not touched.
set -euo pipefail

version=10.3
instance=${GDS_INSTANCE:-main}
cache=${GDS_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/glusterd-shares/gnfs-$version}
state=/var/tmp/gds-$instance
server=gds-$instance-srv
address=10.0.0.254
clients=(10.0.0.1 10.0.0.2 10.0.1.3 10.0.0.129)

packages=(
	build-essential autotools-dev pkg-config flex bison python3 dpkg-dev
	libtirpc-dev liburcu-dev uuid-dev libssl-dev libxml2-dev libacl1-dev
	libaio-dev libreadline-dev zlib1g-dev
	glusterfs-server rpcbind libnfs-utils nfs-common attr fuse3 iproute2 util-linux e2fsprogs procps
	openssh-server sudo csh tcsh fish # the shells for pkg/gluster/remote
)

log() { echo "testbed $instance: $*" >&2; }
die() { log "$*"; exit 1; }
[[ $instance =~ ^[a-z0-9]{1,20}$ ]] || die "GDS_INSTANCE: \"$instance\" is not 1 to 20 lower-case letters and digits"
client_ns() { echo "gds-$instance-c$1"; }
netns_exists() { [ -e "/run/netns/$1" ]; }
libdir() { echo "/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)"; }

# until_ok SECONDS CMD...: CMD until it succeeds.
until_ok() {
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep .05
	done
}

# alive FILE prints the pid in FILE where that runs. A pid that was given to another
# process since then is not in the server's network.
alive() {
	local pid
	pid=$(cat "$1" 2>/dev/null) && [ -n "$pid" ] || return 1
	[ "$(ip netns identify "$pid" 2>/dev/null)" = "$server" ] && echo "$pid"
}

# holder prints the pid of the process that keeps the server's namespaces.
holder() { alive "$state/holder.pid"; }

# run CMD...: CMD on the server. With replace=yes it takes the place of this shell.
run() {
	local pid
	pid=$(holder) || die "not up; bring it up with: $0 up"
	${replace:+exec} nsenter -t "$pid" -m -n -u -- "$@"
}

# ---- deps and build

deps() {
	local missing=() p
	for p in "${packages[@]}"; do
		dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p")
	done
	if [ ${#missing[@]} -gt 0 ]; then
		apt-get update -q
		DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 \
			install -y -q --no-install-recommends "${missing[@]}"
	fi
	have_source || enable_source
}

have_source() { apt-get source --print-uris --tar-only glusterfs 2>/dev/null | grep -q "glusterfs_$version"; }

enable_source() {
	sed -i 's/^Types: deb$/Types: deb deb-src/' /etc/apt/sources.list.d/*.sources 2>/dev/null || true
	sed -n 's/^deb /deb-src /p' /etc/apt/sources.list 2>/dev/null |
		grep -vxFf /etc/apt/sources.list >/etc/apt/sources.list.d/glusterd-shares-src.list || true
	apt-get update -q
	have_source || die "apt-get offers no source of glusterfs $version; add deb-src lines to the apt sources"
}

# A Gluster built with and without --enable-gnfs differs in two objects:
# glusterd.so, which knows how to start the NFS server, and nfs/server.so. They
# are compiled alone, against the libraries of Debian's package, by one build at a
# time.
build() {
	is_built && return
	mkdir -p "$cache"
	{
		flock 8
		is_built || build_objects
	} 8>"$cache/lock"
}

is_built() { [ -f "$cache/server.so" ]; }

build_objects() {
	dpkg-query -W -f '${Version}' glusterfs-server 2>/dev/null | grep -q "^$version-" ||
		die "this needs Debian's glusterfs-server $version; install it with: $0 deps"
	local work=$cache/work
	rm -rf "$work"
	mkdir -p "$work"
	log "compiling Gluster-NFS $version, about a minute; what the tools say goes to $work/log"
	(cd "$work" && fetch_source && configure && compile && link) >"$work/log" 2>&1 ||
		die "the build stopped: $(tail -n 1 "$work/log"); see $work/log"
	mv "$work/glusterd.so" "$cache/glusterd.so"
	mv "$work/server.so" "$cache/server.so"
	rm -rf "$work"
}

# Only the upstream tarball is wanted: Debian's patches touch nothing of this.
fetch_source() {
	apt-get source -q --tar-only glusterfs &&
		tar xf "glusterfs_$version.orig.tar.gz" --strip-components=1
}

configure() {
	# The tarball of 10.3 has stubs of these two, with which configure writes
	# broken Makefiles and succeeds.
	cp /usr/share/misc/config.guess /usr/share/misc/config.sub . || return
	# Debian's build has Gluster's own memory pools. A server.so built with
	# tcmalloc has none and dies of a segmentation fault at its first lookup.
	./configure --prefix=/usr --libdir="$(libdir)" --sysconfdir=/etc --localstatedir=/var \
		--enable-gnfs --without-tcmalloc --disable-georeplication --disable-events \
		--disable-linux-io_uring --disable-lto --without-ocf --disable-dependency-tracking \
		--disable-static --enable-silent-rules CFLAGS='-O1 -g0 -pipe'
}

# The objects are all that is wanted. libtool's own link steps miss the other
# libraries of the tree and fail: link is what tells whether all is there.
compile() {
	local headers
	make -s -C libglusterfs/src eventtypes.h
	mapfile -t headers < <(cd rpc/xdr/src && printf '%s\n' ./*.x | sed 's/\.x$/.h/')
	make -s -k -j"$(nproc)" -C rpc/xdr/src "${headers[@]}" || true
	make -s -k -j"$(nproc)" -C rpc/xdr/src || true
	make -s -k -j"$(nproc)" -C xlators/mgmt/glusterd/src || true
	make -s -k -j"$(nproc)" -C xlators/nfs/server/src || true
}

link() {
	local lib libs xdr=rpc/xdr/src/.libs
	lib=$(libdir)
	libs=("$lib"/lib{glusterfs,gfrpc,gfxdr,glusterd,gfapi}.so.0)
	gcc -shared -o glusterd.so xlators/mgmt/glusterd/src/.libs/*.o "${libs[@]}" \
		-ltirpc -lxml2 -lcrypto -luuid -lurcu-bp -lurcu-cds -ldl -Wl,--no-undefined -lc || return
	# Debian's libgfxdr has no NFS in it: those objects go into server.so.
	gcc -shared -o server.so xlators/nfs/server/src/.libs/*.o \
		$xdr/*nfs*.o $xdr/*acl3*.o $xdr/*nlm*.o $xdr/*nsm*.o $xdr/*xdr-generic.o $xdr/*mount3udp.o \
		"${libs[@]}" -ltirpc -lpthread -Wl,-z,now || return
	! ldd -r server.so glusterd.so 2>&1 | grep 'undefined symbol'
}

# ---- up and down

up() {
	[ "$(id -u)" = 0 ] || die "this needs root"
	[ "${GNFS:-on}" = off ] || is_built || die "Gluster-NFS is not built; build it with: $0 build"
	mkdir "$state" 2>/dev/null || die "$state is there: up already, or left by a crash; end it with: $0 down"
	trap 'log "did not come up"; down' EXIT
	network
	hold
	run sh -c 'rpcbind -w </dev/null >/dev/null 2>&1'
	glusterd
	trap - EXIT
	log "up: server $address, clients ${clients[*]}"
}

network() {
	local i name ip
	ip netns add "$server"
	ip -n "$server" link set lo up
	ip -n "$server" link add br0 type bridge
	ip -n "$server" addr add "$address/24" dev br0
	ip -n "$server" addr add 10.0.1.254/24 dev br0
	ip -n "$server" link set br0 up
	for i in "${!clients[@]}"; do
		name=$(client_ns $((i + 1))) ip=${clients[i]}
		ip netns add "$name"
		ip -n "$server" link add "v$i" type veth peer name eth0 netns "$name"
		ip -n "$server" link set "v$i" master br0
		ip -n "$server" link set "v$i" up
		ip -n "$name" addr add "$ip/24" dev eth0
		ip -n "$name" link set lo up
		ip -n "$name" link set eth0 up
		ip -n "$name" route add default via "${ip%.*}.254"
	done
}

# hold starts the process that keeps the server's namespaces. It sits in a
# session of its own, so that no key pressed at a terminal ends the bed.
hold() {
	local i xlators
	xlators=$(libdir)/glusterfs/$version/xlator
	mkdir "$state/brick" "$state/log" "$state/log/bricks" "$state/mnt"
	{
		cat /etc/hosts
		echo "$address gsrv"
		for i in "${!clients[@]}"; do echo "${clients[i]} c$((i + 1)) c$((i + 1)).test"; done
	} >"$state/hosts"
	GNFS=${GNFS:-on} setsid ip netns exec "$server" unshare -m -u --propagation private \
		bash -euc "$(declare -f private); private \"\$@\"; echo \$\$ >$state/holder.pid; exec sleep infinity" \
		hold "$state" "$cache" "$xlators" </dev/null >"$state/log/hold" 2>&1 &
	until_ok 10 holder || die "the namespaces were not made: $(cat "$state/log/hold")"
}

# private STATE CACHE XLATORS makes what the server must not share with the
# machine. Whatever its configuration, glusterd has its sockets in /run/gluster.
private() {
	hostname gsrv
	mount -t tmpfs tmpfs /run
	mkdir -p /run/rpcbind /run/lock /run/gluster
	chown _rpc /run/rpcbind
	mount -t tmpfs tmpfs /var/lib/nfs
	mkdir /var/lib/nfs/sm /var/lib/nfs/sm.bak
	mount -t tmpfs tmpfs /var/lib/glusterd
	mount --bind "$1/log" /var/log/glusterfs
	mount --bind "$1/hosts" /etc/hosts
	[ "$GNFS" != off ] || return 0
	mkdir -p /run/overlay/upper/mgmt /run/overlay/upper/nfs /run/overlay/work
	cp "$2/glusterd.so" /run/overlay/upper/mgmt/
	cp "$2/server.so" /run/overlay/upper/nfs/
	mount -t overlay overlay -o "lowerdir=$3,upperdir=/run/overlay/upper,workdir=/run/overlay/work" "$3"
}

glusterd() {
	run gluster --mode=script volume list >/dev/null 2>&1 ||
		run sh -c "glusterd -p $state/glusterd.pid </dev/null >/dev/null 2>&1"
	until_ok 60 run gluster --mode=script volume list ||
		die "glusterd does not answer; see $state/log/glusterd.log"
}

# sshd lets in root by password and admin by key, who has sudo without one. The
# server gets an /etc of its own for them. What is in /run/front goes before the
# programs of the system in what they run.
sshd() {
	[ -d "$state/ssh" ] || logins
	alive "$state/ssh/pid" >/dev/null || run /usr/sbin/sshd -E "$state/log/sshd" -f "$state/ssh/config"
	# It writes its pid once it listens.
	until_ok 20 alive "$state/ssh/pid" || die "sshd does not run; see $state/log/sshd"
}

logins() {
	mkdir "$state/etc" "$state/ssh.new"
	(
		cd "$state/ssh.new"
		ssh-keygen -q -t ed25519 -N '' -C '' -f host
		ssh-keygen -q -t ed25519 -N '' -C '' -f key
		echo "$address $(cat host.pub)" >known_hosts
		echo s3cret-password >password
		chmod 600 password
		cat >config <<-END
			HostKey $state/ssh/host
			PidFile $state/ssh/pid
			AuthorizedKeysFile /run/logins/%u.keys
			PermitRootLogin yes
			UsePAM no
			LogLevel VERBOSE
			SetEnv PATH=/run/front:/usr/local/bin:/usr/bin:/bin
		END
	)
	run bash -euc "$(declare -f users); users \"\$@\"" users "$state/etc" "$state/ssh.new"
	mv "$state/ssh.new" "$state/ssh"
}

# users ETC SSH makes the server's /etc in ETC, with users who log in with the key
# and the password of SSH.
users() {
	mkdir -p /run/sshd /run/logins /run/front
	cp -a /etc/. "$1"
	mount --bind "$1" /etc
	useradd --password '*' --no-create-home --home-dir /run/logins --shell /bin/sh admin
	cp "$2/key.pub" /run/logins/admin.keys
	sed -i 's#^\(root:.*\):/root:#\1:/run/logins:#' /etc/passwd
	echo "root:$(cat "$2/password")" | chpasswd
	cat >/etc/sudoers.d/gds <<-END
		admin ALL=(root) NOPASSWD: ALL
		Defaults secure_path="/run/front:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
	END
	chmod 440 /etc/sudoers.d/gds
}

# All that runs in these networks was started by this bed, or by its glusterd.
pids() {
	local i
	for i in 1 2 3 4; do ! netns_exists "$(client_ns $i)" || ip netns pids "$(client_ns $i)"; done
	! netns_exists "$server" || ip netns pids "$server"
}

end_all() {
	local all
	mapfile -t all < <(pids)
	[ ${#all[@]} -gt 0 ] || return 0
	kill -9 "${all[@]}" 2>/dev/null
	return 1
}

down() {
	local i
	until_ok 20 end_all || die "these processes do not end: $(pids | tr '\n' ' ')"
	for i in 1 2 3 4; do ! netns_exists "$(client_ns $i)" || ip netns del "$(client_ns $i)"; done
	! netns_exists "$server" || ip netns del "$server"
	rm -rf --one-file-system "$state"
}

# ---- use

volume() {
	mkdir -p "$state/brick/$1"
	run gluster --mode=script volume create "$1" "$address:$state/brick/$1" force >&2
	run gluster --mode=script volume start "$1" >&2
}

mount_volume() {
	run glusterfs --process-name fuse --volfile-server="$address" --volfile-id="/$1" "$2"
}

on() {
	local volume=$1
	shift
	# shellcheck disable=SC2016 # expanded by the inner shell
	run unshare -m --propagation private bash -c '
		glusterfs --process-name fuse --volfile-server="$1" --volfile-id="/$2" "$3" || exit 125
		(cd "$3" && shift 3 && "$@"); code=$?
		umount -l "$3"; exit $code' on "$address" "$volume" "$state/mnt" "$@"
}

case ${1:-} in
	deps | build | up | down | glusterd | sshd) [ $# = 1 ] || die "$1 takes nothing more"; "$1" ;;
	all) deps; build; up ;;
	run) replace=yes "$@" ;;
	on) "$@" ;;
	volume) volume "${2:?the name of a volume}" ;;
	mount) mount_volume "${2:?the name of a volume}" "${3:?a directory}" ;;
	client) n=${2:?the number of a client}; shift 2; exec ip netns exec "$(client_ns "$n")" "$@" ;;
	*) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 2 ;;
esac
