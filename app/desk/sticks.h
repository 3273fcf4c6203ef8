/* SPDX-License-Identifier: Apache-2.0
 * The log onto a stick by itself: whoever puts one in that has a folder `yingbin-export` gets an export there, each time that
 * it is put in. Desk only reads the kernel's lists of mounts and disks, once a second; the stick itself is touched by the
 * thread of the export (staff_export.h), as a bad one may take forever. Private to desk.
 */
#ifndef YINGBIN_DESK_STICKS_H
#define YINGBIN_DESK_STICKS_H

#include "core/notice.h"
#include "core/staff.h"

struct desk;

#define STICKS_FOLDER "yingbin-export"

struct stick_place {
  char path[TEXT_MAX], device[TEXT_MAX]; /* another device at the same path is another stick */
  int64_t inserted;                      /* another number: it was out meanwhile, however shortly; 0: not known */
  bool read_only;
};

struct sticks {
  struct stick_place seen[STAFF_PLACES_MAX]; /* there when it was looked last, and dealt with */
  int count;
  uint32_t changes; /* so often one came or went */
  struct stick_place told; /* what `state` is about */
  enum stick_state state;
};

/* What is mounted under /media or /run/media, of a text like /proc/self/mounts. How many, at most STAFF_PLACES_MAX. */
int sticks_of(const char *mounts, struct stick_place place[STAFF_PLACES_MAX]);
int sticks_find(struct stick_place place[STAFF_PLACES_MAX]); /* of this machine, now */

void sticks_look(struct desk *d, struct moment now); /* begins an export where a new one is there */
void sticks_tell(struct desk *d, const struct stick_place *place, enum stick_state state); /* what came of it */

#endif
