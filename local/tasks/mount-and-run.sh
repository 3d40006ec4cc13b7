#!/bin/sh
# Shows folders at the paths where a container has its volumes, to one command and to nobody else.
#
#   unshare --mount --propagation private sh mount-and-run.sh STAGE CWD [SOURCE TARGET rw|ro]... -- COMMAND...
#
# STAGE is an empty directory. A target that this machine does not have is made in memory: the directory above it is
# covered with one that has the same entries and the new one. Nothing is written to the disk, and all of it is gone with
# the last process of the namespace.
set -eu

stage=$1
cwd=$2
shift 2
root=
layers=0

# Makes $layer, which has the same entries as the directory $1 and takes new ones.
cover() {
  layers=$((layers + 1))
  layer=$stage/$layers
  mkdir "$layer"
  mount -t tmpfs -o mode=755 tmpfs "$layer"
  for entry in "${1%/}"/* "${1%/}"/.[!.]*; do
    name=${entry##*/}
    if [ -L "$entry" ]; then
      cp -P "$entry" "$layer/$name"
    elif [ -d "$entry" ]; then
      mkdir "$layer/$name"
      mount --rbind "$entry" "$layer/$name"
    elif [ -e "$entry" ]; then
      : >"$layer/$name"
      mount --bind "$entry" "$layer/$name"
    fi
  done
}

# Makes the directory $1, in memory.
provide() {
  [ -e "$root$1" ] && return
  above=${1%/*}
  while [ -n "$above" ] && [ ! -d "$root$above" ]; do above=${above%/*}; done
  if [ -n "$above" ]; then
    cover "$root$above"
    mount --rbind "$layer" "$root$above"
  elif [ -z "$root" ]; then
    cover /
    root=$layer
  fi
  mkdir -p "$root$1"
}

while [ "$1" != -- ]; do
  provide "$2"
  mount --bind "$1" "$root$2"
  [ "$3" = rw ] || mount -o remount,bind,ro "$root$2"
  shift 3
done
shift

if [ -n "$root" ]; then
  # the file systems that show the machine itself stay what they are
  exec chroot "$root" /bin/sh -c 'cd "$1" && shift && exec "$@"' sh "$cwd" "$@"
fi
cd "$cwd"
exec "$@"
