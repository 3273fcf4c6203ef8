#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The layers, as far as the linker can't see them: who includes what, who calls what, who reads a clock,
# and that every source has its licence on top. Then breaks each rule in a copy and expects to be told.
set -euo pipefail
source_dir=$(realpath "$2") scratch=$3

# What a file may include with quotes; the longest row that its path begins with counts, and a folder
# without a row is a mistake. An include without a slash is a neighbour.
export INCLUDES='
app/base/     base/
app/core/     core/ base/moment.h base/utf8.h
app/pack/     pack/ core/ base/
app/journal/  journal/ core/ base/
app/wire/     wire/ core/ base/
app/scan/     scan/ core/types.h
app/watch/    watch/ scan/ platform/ core/ base/
app/desk/     desk/ pack/ journal/ core/ base/
app/sync/     sync/ wire/ pack/ journal/ platform/ core/ base/
app/tls/      tls/ base/
app/httpd/    httpd/ base/
app/monitor/  monitor/ httpd/ tls/ core/ base/
app/ui/       ui/ platform/ core/ base/
app/kiosk     ui/ watch/ desk/ sync/ monitor/ pack/ journal/ platform/ core/ base/
app/console_pin  base/
app/main.c    ui/ watch/ desk/ sync/ monitor/ wire/ pack/ journal/ platform/ core/ base/
platform/     platform/ base/ core/types.h core/machine.h
tools/        tools/ tls/ httpd/ pack/ journal/ scan/ ui/ platform/ core/ base/
tools/bench/  tools/ kiosk_sync.h ui/ watch/ desk/ sync/ pack/ journal/ scan/ platform/ core/ base/
tests/        *
'

# Libraries with owners among app/ and platform/; tests and tools use what they like.
export LIBRARIES='
SDL           app/ui/ app/kiosk app/main.c
zbar.h        app/scan/
seccomp.h     app/scan/
sqlite3.h     app/pack/ app/journal/
qrencode.h    app/ui/
microhttpd.h  app/httpd/ app/monitor/ tools/hub/
gnutls/       app/tls/
avahi-        platform/linux/finder_avahi.c platform/linux/announce_avahi.c
curl/         platform/linux/uplink_http.c
linux/        platform/linux/ app/scan/decoder_main.c
'

# What a folder may not call: pure stays pure, libraries have no threads, and below kiosk.c time is an argument.
clocks='clock_gettime gettimeofday timespec_get time clock SDL_GetTicks SDL_GetTicks64 SDL_GetPerformanceCounter tick_now'
threads='pthread_create pthread_mutex_lock thread_start'
export CALLS="
app/core/     malloc calloc realloc strdup free fopen open read write printf fprintf $threads $clocks
app/pack/     $threads $clocks
app/journal/  $threads $clocks
app/wire/     $threads $clocks
app/sync/     $clocks
app/scan/     $threads $clocks
app/tls/      $threads $clocks
app/httpd/    pthread_create thread_start $clocks
app/monitor/  $clocks
app/watch/    $clocks
app/desk/     $clocks
app/ui/       $clocks
"

# Where a moment handed down can't tell: the CPU time of a job; the stream's clock, read back by who moved it;
# how long ago the window system saw a key; how long a welcome took. An exception that isn't needed any more is
# a mistake, too.
export EXCEPTIONS='
app/scan/decoder_main.c  clock_gettime
app/watch/watch.c        tick_now
app/ui/ui_input.c        SDL_GetTicks
app/ui/ui_report.c       clock_gettime
'

violations() ( # TREE
  cd "$1"
  find app platform tools tests -type f \( -name '*.[ch]' -o -name CMakeLists.txt -o -perm -u+x \) -print0 | sort -z |
    xargs -0 awk -f "$source_dir/tests/unit/layers.awk"
)

found=$(violations "$source_dir")
if [ -n "$found" ]; then
  echo "$found"
  exit 1
fi

# breaks FILE LINE COMPLAINT: with this line at its end, the file is complained about
breaks() {
  local file=$scratch/tree/$1 told
  mkdir -p "$(dirname "$file")"
  if [ -e "$file" ]; then cp "$file" "$scratch/before"; else rm -f "$scratch/before"; fi
  printf '%s\n' "$2" >>"$file"
  told=$(violations "$scratch/tree")
  if [ -e "$scratch/before" ]; then cp "$scratch/before" "$file"; else rm "$file"; fi
  case $told in
    "$1:"*"$3"*) ;;
    *) echo "not caught: '$2' in $1; told: ${told:-nothing}" && exit 1 ;;
  esac
}

rm -rf "$scratch"
mkdir -p "$scratch/tree"
(cd "$source_dir" && cp -r app platform tools tests "$scratch/tree")

breaks app/core/verdict.h '#include "pack/pack.h"' 'pack/pack.h is not for app/core/'
breaks app/core/verdict.h '#include "base/log.h"' 'base/log.h is not for app/core/'
breaks app/base/log.h '#include "core/types.h"' 'core/types.h is not for app/base/'
breaks app/pack/pack.h '#include "journal/journal.h"' 'journal/journal.h is not for app/pack/'
breaks app/watch/watch.h '#include "ui/ui.h"' 'ui/ui.h is not for app/watch/'
breaks app/ui/ui.h '#include "desk/desk.h"' 'desk/desk.h is not for app/ui/'
breaks app/desk/desk.h '#include "platform/tick.h"' 'platform/tick.h is not for app/desk/'
breaks platform/camera.h '#include "watch/watch.h"' 'watch/watch.h is not for platform/'
breaks platform/camera.h '#include "core/verdict.h"' 'core/verdict.h is not for platform/'
breaks tools/yingbin/folder.h '  #  include "desk/desk.h"' 'desk/desk.h is not for tools/'
breaks app/desk/desk.h '#include <SDL2/SDL.h>' '<SDL2/SDL.h> is for app/ui/'
breaks app/watch/watch.h '#include <zbar.h>' '<zbar.h> is for app/scan/'
breaks app/desk/desk.h '#include <sqlite3.h>' '<sqlite3.h> is for app/pack/'
breaks app/ui/ui.h 'static int64_t now(void) { return time(NULL); }' 'time() is not for app/ui/'
breaks app/desk/desk.h '/* now: */ x = tick_now (t); // late' 'tick_now() is not for app/desk/'
breaks app/scan/decoder_main.c 'y = gettimeofday(&t, NULL);' 'gettimeofday() is not for app/scan/'
breaks app/core/types.h 'static void *more(size_t n) { return malloc(n); }' 'malloc() is not for app/core/'
breaks app/journal/journal.h 'x = pthread_create(&id, NULL, f, NULL);' 'pthread_create() is not for app/journal/'
breaks app/fresh/new.h '/* SPDX-License-Identifier: Apache-2.0 */' 'no row says'
breaks app/ui/fresh.c 'int x;' 'no SPDX line on top'

# and what only looks like one is left alone
printf '%s\n' '/* the time (of' ' * day) */ // clock()' 'x("time()"); run_time(); w.time(x); c = '\''"'\''; /* free( */' >>"$scratch/tree/app/core/types.h"
told=$(violations "$scratch/tree")
[ -z "$told" ] || { echo "wrongly caught: $told" && exit 1; }
echo "the layers hold"
