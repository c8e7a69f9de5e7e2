# Tells how many blocks of how many bytes the volume has.
start
said=$(stat -f -c '%b %S' . 2>&1) || fail errno / "$said"
say ok "$said"
