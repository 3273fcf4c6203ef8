/* SPDX-License-Identifier: Apache-2.0
 * Many indices in the order of whole numbers (times, places of texts): by their digits, so that it takes as many passes as
 * the numbers differ in digits of 2048, and no comparison.
 */
#ifndef YINGBIN_BASE_ORDER_H
#define YINGBIN_BASE_ORDER_H

#include <stdbool.h>
#include <stdint.h>

/* Ascending; those of one key stay as they stood. `key` is asked several times. False: no memory, and nothing was moved. */
bool order_by(uint32_t *index, uint32_t count, int64_t (*key)(const void *self, uint32_t index), const void *self);

#endif
