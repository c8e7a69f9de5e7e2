# Tells by whom this is run.
number=$(id -u) || exit 1
say ok "$number" "$(id -un)"
