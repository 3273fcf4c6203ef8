/* SPDX-License-Identifier: Apache-2.0
 * Which key each kiosk enrolled with, into the organizer's kiosks.csv: there `yingbin log merge` looks whose journals are
 * enrolled kiosks' (未登记). Any thread.
 */
#ifndef YINGBIN_TOOLS_HUB_BOUND_H
#define YINGBIN_TOOLS_HUB_BOUND_H

#include "base/problem.h"
#include "tools/hub/store.h"

/* Adds what the file lacks; where that is nothing, it isn't touched. False: it can't be read or written, or the database fails.
 */
bool bound_write(const struct store_ops *ops, void *store, const char *file, struct problem *problem);

struct bound; /* the same while kiosks enrol */

struct bound *bound_open(const struct store_ops *ops, void *store, const char *file); /* all borrowed; NULL: no memory */
/* Returns once the file has who enrolled before the call; many at a time are written together. Where it can't be written it is
 * told once, enrolling goes on, and bound_look tries again: every few seconds. */
void bound_bring(struct bound *bound); /* NULL: there is no file */
void bound_look(struct bound *bound);  /* too */
void bound_close(struct bound *bound);

#endif
