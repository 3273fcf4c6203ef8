/* SPDX-License-Identifier: Apache-2.0
 * The roll's inside, shared by what fills it (roll.c), counts it (roll_numbers.c) and lists it (roll_people.c). All
 * under its lock. Words (names of kiosks and stations, numbers of people) are kept once and compared by address.
 */
#ifndef YINGBIN_TOOLS_HUB_ROLL_INNER_H
#define YINGBIN_TOOLS_HUB_ROLL_INNER_H

#include <pthread.h>

#include "tools/hub/roll.h"

enum { NOBODY = UINT32_MAX };

struct table { /* open addressing; a slot holds an index + 1 */
  uint32_t *slot;
  uint32_t room, count;
};

struct admission {
  uint8_t id[JOURNAL_ID];
  int64_t wall_ms;
  const char *station, *kiosk; /* words */
  uint32_t who, next;          /* index of `who`, of the same person's next one; NOBODY: none */
  int32_t count;
  bool here, undone, sure; /* here: false where only its undoing has come yet; sure: the kiosk's clock was good */
};

struct who {
  const char *word;            /* number, or '#' and the code's hash */
  const struct person *person; /* of the roster; NULL */
  uint32_t first, last, entry; /* admissions; entry: the one with which they arrived, or NOBODY */
};

struct numbers { /* as one host's people see it; made when asked for */
  int host;      /* -1: everyone */
  int64_t rev;
  json_t *json;
};

struct roll_event {
  char id[ID_MAX];
  int64_t cursor, rev;
  struct admission *admission;
  uint32_t admissions, admissions_room;
  struct who *who;
  uint32_t whos, whos_room;
  struct table by_id, by_word;
  struct numbers numbers[HOSTS_MAX + 2];
  int numbers_count;
  bool changed;
};

struct roll_kiosk {
  char name[ID_MAX];
  struct store_seen seen; /* its texts aren't kept */
  int64_t rev;
  json_t *json;
};

struct roll {
  pthread_mutex_t lock;
  const struct names *from;
  const struct merged *names; /* of these */
  uint8_t key[16];            /* of the tables' hash */
  int64_t stamp, rev;
  bool stepped;
  char **word;
  uint32_t words, words_room;
  struct table by_text;
  struct roll_event *event;
  int events;
  struct roll_kiosk *kiosk;
  int kiosks, kiosks_room;
};

const struct who *roll_who(const struct roll_event *e, const struct roll *b, const char *number); /* NULL: never seen */
struct roll_event *roll_event_of(struct roll *b, const char *id);

int roll_host(const struct roll *b, const struct user *user); /* index in the catalog; -1: everyone, HOSTS_MAX: nobody's */
bool roll_is_theirs(int host, const struct person *person);
const char *roll_type(const struct roll *b, const struct person *person); /* label, "" */
bool roll_expected(const struct roll *b, const struct roll_event *e, const struct person *person);

bool roll_is_entry(const struct roll *b, const char *station);
bool roll_is_again(const struct roll *b, const struct roll_event *e, uint32_t admission); /* in a conflict, the later one */
bool roll_conflict(const struct roll *b, const struct roll_event *e, const struct who *who, const char **station);
json_t *roll_numbers(const struct roll *b, struct roll_event *e, int host, int64_t now_ms); /* the caller's */
void roll_arrive(const struct roll *b, struct roll_event *e); /* who came in with which admission */

#endif
