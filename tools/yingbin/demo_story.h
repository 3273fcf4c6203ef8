/* SPDX-License-Identifier: Apache-2.0
 * Who comes to the sample events, with what, and what the kiosk has to say to each: the script of
 * `yingbin demo`, as tables.
 */
#ifndef YINGBIN_TOOLS_DEMO_STORY_H
#define YINGBIN_TOOLS_DEMO_STORY_H

#include "core/verdict.h"
#include "tools/yingbin/demo_people.h"
#include "tools/yingbin/folder.h"

struct story_guest {
  const char *who; /* a name on the roster: shows that ticket. NULL: shows `text` */
  int nth;         /* of those with that name, from 0 */
  const char *text;
  enum people_shows shows;
  enum verdict_kind expect;
  bool together;       /* comes at the same time as the one before */
  double pause_s;      /* nobody comes for so long before */
  const char *zh, *en; /* what is special; may be NULL */
};

struct story {
  const char *event, *station;
  int hour, minute, second; /* at the event, when the queue begins */
  double light;             /* of the room */
  const char *prefix;       /* stands before the roster's own codes on its tickets; may be NULL */
  const struct story_guest *guest;
  int guests;
};

enum { STORIES = 4 };
extern const struct story stories[STORIES];

/* The second door of stories[STORIES - 1], whose kiosk is without a network and with a wrong clock at first, and joins the hub
 * after the first door's queue: who comes there before and after. They show their tickets one by one; .hour and .minute: when.
 */
enum { SECOND_ALONE, SECOND_JOINED, SECONDS };
extern const struct story second_door[SECONDS];

/* The roster's row of a guest who shows a ticket; NULL: there is none of that name. */
const struct person *story_person(const struct story_guest *guest, const struct folder *folder);

/* The scene before the camera, and the texts that it shows (kept in `texts` until people_open). Guests
 * come one after the other; the seed decides how each holds the phone. */
bool story_scene(const struct story *story, const struct folder *folder, struct pool *texts, struct people_scene *scene,
                 struct problem *problem);

#endif
