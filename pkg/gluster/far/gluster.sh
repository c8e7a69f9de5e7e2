# Runs gluster. What comes after "run" is its own.
command -v gluster >/dev/null || fail missing gluster
say run
exec gluster "$@"
