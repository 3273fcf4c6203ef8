/* SPDX-License-Identifier: Apache-2.0
 * What the dashboard shows, folded from the store in memory: kiosks, who is in, numbers. One thread steps it; any thread
 * reads it. It goes on from the last cursor, so each record is read once, whichever of several hubs took it. Names come
 * from the organizer's folder (names.h): they are in no database of the hub.
 *
 * Roles: a volunteer is told masked names; a user of a host is told of that host's people, and of all others only how many.
 */
#ifndef YINGBIN_TOOLS_HUB_ROLL_H
#define YINGBIN_TOOLS_HUB_ROLL_H

#include <jansson.h>

#include "tools/hub/names.h"
#include "tools/hub/users.h"

struct roll; /* owned */

struct roll *roll_new(const struct names *names);               /* borrowed. NULL: out of memory */
void roll_rename(struct roll *roll, const struct names *names); /* from now on these, and nothing of the ones before */
void roll_free(struct roll *roll);

/* Reads what the store has since the last step. True: there is something new to show. */
bool roll_step(struct roll *roll, const struct store_ops *store, void *db);

/* Whether lists of that event are whole. */
enum roll_ready { ROLL_NOT_READ /* yet */, ROLL_NO_EVENT, ROLL_READY };
enum roll_ready roll_ready(struct roll *roll, const char *event);

/* What changed for that user behind *since (0: all of it), which goes on: {"kiosks":[...],"events":[...]}. NULL: nothing. */
json_t *roll_changes(struct roll *roll, const struct user *user, int64_t *since, int64_t now_ms);

enum roll_list { ROLL_ALL, ROLL_IN, ROLL_OUT /* on the roster, and not here */ };

struct roll_ask {
  const struct user *user;
  const char *event, *search; /* what match.h takes; "": everyone */
  bool number_only;           /* `search` is a number, and finds nobody by anything else */
  enum roll_list list;
  int64_t after; /* people[] to leave out: the last answer's `more` */
  int most;
};

/* {"people":[{"name","type","number","phone","organization","arrived","in":[{"station","kiosk","at","sure"}],"conflict"}],"more"};
 * `at`: at the event; conflict: only where it is one; more: 0 at the end. */
json_t *roll_people(struct roll *roll, const struct roll_ask *ask);

/* {"conflicts":[{"name","number","station","in":[...]}]}: let in more often than the station allows, by several kiosks. */
json_t *roll_conflicts(struct roll *roll, const struct user *user, const char *event);

#endif
