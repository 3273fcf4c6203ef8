/* SPDX-License-Identifier: Apache-2.0
 * A sample event's folder, copied so that the event takes place today: all dates in pack.ini are moved
 * by the same number of days, and the conference's roster is filled up to its full size.
 */
#ifndef YINGBIN_TOOLS_DEMO_FOLDER_H
#define YINGBIN_TOOLS_DEMO_FOLDER_H

#include <stdint.h>

#include "base/problem.h"

enum { DEMO_EAST_S = 8 * 3600, DEMO_ROSTER = 3000 }; /* all samples are in China */

/* Local days since 1970-01-01 there. */
int32_t demo_day(int64_t wall_ms);

/* Moves each YYYY-MM-DD outside of comments by `days`. The block is the caller's to free; NULL: no memory. */
char *demo_move_dates(const char *ini, int32_t days);

/* Empties OUT of what an earlier demo left. Anything else there is a problem: nothing of others is removed. */
bool demo_folder_clear(const char *out, struct problem *problem);

/* assets/sample/EVENT to `to`, taking place on local day `today`. */
bool demo_folder_copy(const char *event, const char *to, int32_t today, struct problem *problem);

#endif
