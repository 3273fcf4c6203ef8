# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Stories with sticks that are really mounted: sourced in place of lib.sh, with the story's own arguments. The story begins anew with
# mounts of its own, so that nobody else sees these sticks; /media/stick is where one is put in.
if [ -z "${STICKS_MOUNTS:-}" ]; then
  unshare -m true 2>/dev/null || { echo "$(basename "$0" .sh): skipped: no mounts of its own (it takes root)" >&2 && exit 77; }
  STICKS_MOUNTS=1 exec unshare -m "$0" "$@"
fi
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"

mount -t tmpfs sticks /media || skip "nothing can be mounted"
mkdir /media/stick

# make_stick NAME KIB: an image with an empty file system, mounted at room/NAME, so that the kiosk doesn't see it yet.
make_stick() {
  truncate -s "$2K" "$1.img"
  mkfs.ext4 -q -m 0 -N 32 -O ^has_journal -E root_owner=0:0 "$1.img" || fail "no file system"
  mkdir -p "room/$1"
  plug_in "$1"
}
plug_in() { # NAME: as a disk that the kernel hasn't seen before
  loop=$(losetup -f --show "$1.img" 2>loop.log) || skip "no loop devices: $(cat loop.log)"
  mount "$loop" "room/$1" || skip "loop devices can't be mounted"
  losetup -d "$loop" # from now on it goes with its mount, and that with the last process here, however the test ends
}
plug_anew() { umount "room/$1" && plug_in "$1"; } # NAME: while it isn't put in
put_in() { mount --bind ${2:+-o "$2"} "room/$1" /media/stick; } # NAME [OPTIONS]
pull_out() { umount -l /media/stick; }
