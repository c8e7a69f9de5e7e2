# Tells what this machine is called, its addresses as the kernel lists them, and
# those of the host $1.
said=$(getent ahosts "$1")
say ok "$?" "$said" "$(uname -n)" "$(cat /proc/net/fib_trie)" "$(cat /proc/net/if_inet6 2>/dev/null)"
