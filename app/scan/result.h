/* SPDX-License-Identifier: Apache-2.0
 * What each reader does with a text that it read: for the steps of the ladder and the readers behind them.
 */
#ifndef YINGBIN_SCAN_RESULT_H
#define YINGBIN_SCAN_RESULT_H

#include "scan/scan.h"

/* The new code, whose corners are still to be set. NULL: it is there already, there is no room, or no payload holds it. */
struct scan_code *scan_result_add(struct scan_result *result, int step, const void *bytes, size_t len);

int16_t scan_within(int32_t value, int32_t side); /* the nearest of 0 to side - 1 */

#endif
