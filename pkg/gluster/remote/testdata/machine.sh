#!/bin/sh
# Makes a machine for a real sshd, in the mount namespace that it is run in: an /etc
# with users, and with homes and a /run, of its own. The outer machine sees nothing of
# it. It says "ready", and lasts until its stdin ends.
#
#   machine.sh DIR    DIR/NAME.pub is the public key of each user NAME
set -eu
dir=$1
mkdir "$dir/etc"
cp -a /etc/. "$dir/etc"
mount --bind "$dir/etc" /etc
mount -t tmpfs -o mode=755 tmpfs /home
mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs -o mode=700 tmpfs /root
mkdir /run/sshd /root/.ssh
cp "$dir/key.pub" /root/.ssh/authorized_keys
echo 'root:s3cret-password' | chpasswd
echo 127.0.1.1 "$(uname -n)" >>/etc/hosts # or sudo warns

# user NAME SHELL: a user who logs in with the key.
user() {
	useradd -m -s "$2" "$1"
	mkdir "/home/$1/.ssh"
	cp "$dir/key.pub" "/home/$1/.ssh/authorized_keys"
	chown -R "$1:" "/home/$1"
	printf '%s:s3cret-password\n' "$1" | chpasswd
}

noise='echo Welcome; printf "no new line"'
user ann /bin/bash
echo "$noise" >/home/ann/.bashrc
user dash /bin/dash
user csh /bin/csh
echo "$noise" >/home/csh/.cshrc
user tcsh /bin/tcsh
echo "$noise" >/home/tcsh/.tcshrc
user fish /usr/bin/fish
mkdir -p /home/fish/.config/fish
echo "$noise" >/home/fish/.config/fish/config.fish
user rbash /bin/rbash
user nologin /usr/sbin/nologin

user admin /bin/sh
user typist /bin/sh
user clerk /bin/sh
user ttyonly /bin/sh
cat >/etc/sudoers.d/remote <<'END'
admin ALL=(root) NOPASSWD: ALL
typist ALL=(root) ALL
clerk ALL=(root) NOPASSWD: /usr/bin/true
ttyonly ALL=(root) NOPASSWD: ALL
Defaults:ttyonly requiretty
END
chmod 440 /etc/sudoers.d/remote
echo ready
exec cat
