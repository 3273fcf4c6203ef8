/* SPDX-License-Identifier: Apache-2.0
 * One sample event, played: its queue as a recording, the kiosk's settings, the shipped kiosk on both,
 * each verdict that it printed compared with the script, and its journal exported and verified.
 */
#ifndef YINGBIN_TOOLS_DEMO_RUN_H
#define YINGBIN_TOOLS_DEMO_RUN_H

#include <limits.h>

#include "tools/yingbin/demo_story.h"

enum { DEMO_SETTINGS = 6 };

struct demo {
  const char *out;       /* borrowed: the demo's folder, absolute; each event's is OUT/EVENT */
  bool headless;         /* SDL's dummy driver, as fast as it goes; else a window, in real time */
  bool insecure_decoder; /* for builds with sanitizers */
  int32_t today;         /* local day on which the events take place */
};

struct demo_count {
  int admitted, again, refused;
  int differences; /* between script and kiosk, told on stderr */
};

/* When the story's queue begins, UTC ms. */
int64_t demo_begins_ms(const struct demo *demo, const struct story *story);

/* OUT/EVENT/NAME. */
bool demo_path(const struct demo *demo, const struct story *story, const char *name, char path[PATH_MAX],
               struct problem *problem);

/* OUT/EVENT/queue.y4m and kiosk.conf; the pack is there already. */
bool demo_prepare(const struct demo *demo, const struct story *story, const struct folder *folder, struct problem *problem);

struct demo_turn { /* one run of a kiosk of the event; names of files in the event's folder */
  const char *conf, *data, *log;
  const char *set[DEMO_SETTINGS]; /* key=value, beside those of conf; up to the first NULL */
};

/* Runs the kiosk. A row for each verdict goes to stderr. False: it didn't run to its end. */
bool demo_run(const struct demo *demo, const struct story *story, const struct demo_turn *turn, const struct folder *folder,
              struct demo_count *count, struct problem *problem);

/* The journal of OUT/EVENT/DATA as OUT/EVENT/NAME, verified. */
bool demo_export(const struct demo *demo, const struct story *story, const char *data, const char *name, int64_t *records,
                 struct problem *problem);

#endif
