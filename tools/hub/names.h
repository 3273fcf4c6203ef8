/* SPDX-License-Identifier: Apache-2.0
 * The organizer's folder as the dashboard has it: people, what they are found by (as on the kiosks: pinyin, initials, parts,
 * the last four digits), and whether its files have changed since they were read. All of it is in memory alone. Read-only once
 * it is open.
 */
#ifndef YINGBIN_TOOLS_HUB_NAMES_H
#define YINGBIN_TOOLS_HUB_NAMES_H

#include "pack/match.h"
#include "tools/yingbin/merged.h"

struct names_form;

struct names {
  struct merged merged; /* its folder is NULL without a roster */
  struct folder folder;
  struct names_form *form; /* owned; one for each of the folder's people */
  uint64_t stamp;          /* of the files */
};

/* dir: the event's folder as `yingbin` has it, "": none. False: what is wrong with it was told, and nothing is to be closed. */
bool names_open(const char *dir, struct names **names, struct problem *problem);
void names_close(struct names *names); /* NULL is fine */

bool names_changed(struct names *names, const char *dir); /* since it was opened, or since the last call that said so */
bool names_fit(const struct names *names, const struct person *person, const struct match_query *query);

#endif
