/* SPDX-License-Identifier: Apache-2.0
 * One sample event, played: its queue as a recording, the kiosk's settings, the shipped kiosk on both,
 * each verdict that it printed compared with the script, and its journal exported and verified.
 */
#ifndef YINGBIN_TOOLS_DEMO_RUN_H
#define YINGBIN_TOOLS_DEMO_RUN_H

#include "tools/yingbin/demo_story.h"

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

/* OUT/EVENT/queue.y4m and kiosk.conf; the pack is there already. */
bool demo_prepare(const struct demo *demo, const struct story *story, const struct folder *folder, struct problem *problem);

/* Runs the kiosk. A row for each verdict goes to stderr. False: it didn't run to its end. */
bool demo_run(const struct demo *demo, const struct story *story, const struct folder *folder, struct demo_count *count,
              struct problem *problem);

/* OUT/EVENT/EVENT.jsonl, verified. */
bool demo_export(const struct demo *demo, const struct story *story, int64_t *records, struct problem *problem);

#endif
