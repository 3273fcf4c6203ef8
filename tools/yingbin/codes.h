/* SPDX-License-Identifier: Apache-2.0
 * codes.csv: every person that a folder has known, with number, code and all the keys by which they
 * were known; and the ids of ticket types. Rows are only added: a number or code is never reused.
 */
#ifndef YINGBIN_TOOLS_CODES_H
#define YINGBIN_TOOLS_CODES_H

#include "core/types.h"
#include "tools/yingbin/pool.h"
#include "tools/yingbin/remarks.h"

struct known { /* one set of keys of one person, as a roster once gave them; texts owned by the folder */
  int record;
  const char *roster, *name, *phone, *email, *ticket_number, *order;
};

struct record {
  uint64_t number;
  const char *event; /* its id */
  const char *code;  /* issued; "" where the roster has always had its own */
};

struct type_id {
  const char *key;
  int id;
};

/* From the most specific key to the least: ticket number; order and name; phone and name; e-mail and
 * name; the name alone, where nothing else contradicts. */
enum { KEY_LEVELS = 5 };

struct codes {
  struct record *record; /* all owned */
  int records;
  struct known *known;
  int knowns;
  struct type_id type[256];
  int types;
  uint64_t last_number;
  bool changed;
  struct codes_index *index;
};

bool codes_read(const char *file, struct pool *texts, struct codes *codes, struct remarks *errors); /* no such file: empty */
bool codes_write(const char *file, const struct codes *codes, struct problem *problem);
void codes_free(struct codes *codes);

int codes_add(struct codes *codes, const char *event);           /* a new record, its number issued */
void codes_know(struct codes *codes, const struct known *known); /* adds the keys, unless they are known */
int codes_type(struct codes *codes, const char *key);            /* its id, issued where new; -1: all are used up */

/* Finding needs an index, made as keys are added; a million people's is let go while it isn't needed, and made again. */
void codes_unindex(struct codes *codes);
void codes_reindex(struct codes *codes);

/* Calls `each` for every record of the event that has the key of that level; false: `keys` has no such key. */
bool codes_find(const struct codes *codes, int level, const char *event, const struct known *keys,
                void (*each)(void *self, int record), void *self);

#endif
