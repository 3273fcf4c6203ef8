# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# A kiosk in a window, driven by touch and keys. Sourced behind lib.sh. Nothing waits by the clock, and no place is a number here:
# what is on the screen the kiosk tells itself in window.log (log = debug): places that can be tapped, then which screen it is. Only
# a kiosk that says nothing more for three minutes ends the story.
if ! command -v Xvfb >/dev/null || ! command -v xdotool >/dev/null || ! command -v convert >/dev/null; then
  skip "Xvfb, xdotool or imagemagick is missing"
fi
kiosk='' window=1280x720
start_display() {
  mkfifo display
  Xvfb -displayfd 9 -screen 0 "${window}x24" 9>display 2>/dev/null &
  read -rt 180 number <display || fail "no display"
  export DISPLAY=:$number
}

follow() { # PID: the kiosk whose window.log this is, from its beginning on
  exec 6< <(exec tail -n +1 -f --pid="$1" window.log 2>/dev/null)
  screen='' places=() coming=()
}
unfollow() { exec 6<&-; }

# The next screen that the kiosk tells of.
declare -A places coming
next_screen() {
  local line what
  while IFS= read -rt "${patience-180}" line <&6; do
    what=${line#*: debug: }
    case $what in
      "tap "*)
        what=${what#tap }
        coming[${what%% at *}]=${what##* at }
        ;;
      "screen "*)
        screen=${what#screen } places=()
        for what in "${!coming[@]}"; do places[$what]=${coming[$what]}; done
        coming=()
        return
        ;;
    esac
  done
  import -window root "png:stuck.png" || true
  fail "in vain waited for: $1. The last screen was: $screen; $(ls -1 "$PWD/stuck.png"): $(grep -v ': debug: tap' window.log | tail -n 12)"
}

on() { # PATTERN: until such a screen is there, as a glob
  # shellcheck disable=SC2053 # a pattern
  while [[ $screen != $1 ]]; do next_screen "the screen $1"; done
}

tap() { # ACTION [ARG]: as soon as the screen has it
  local place="$1 ${2-0}"
  while [ -z "${places[$place]-}" ]; do next_screen "a place for $place"; done
  xdotool mousemove "${places[$place]%,*}" "${places[$place]#*,}" click 1
  screen='' # until the next one
}

keys() { # KEY...: by name
  screen=''
  xdotool key "$@"
}

written() { # TEXT: by a keyboard, or the input method, that knows Chinese
  screen=''
  xdotool type --delay 20 "$1"
}

picture() { import -window root "png:$1.png"; } # for who looks afterwards
