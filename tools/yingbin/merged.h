/* SPDX-License-Identifier: Apache-2.0
 * A merged log (merged.db) beside the folder of its event: what the lists, workbooks and the report are
 * made of. The log holds numbers; names come from the rosters, and those that only a kiosk learnt from its
 * sealed records. Without a folder all is there but names and labels. One thread.
 */
#ifndef YINGBIN_TOOLS_MERGED_H
#define YINGBIN_TOOLS_MERGED_H

#include <sqlite3.h>

#include "tools/yingbin/folder.h"
#include "tools/yingbin/merged_rows.h"
#include "tools/yingbin/outputs.h"

enum { MERGED_TIME = 40, MERGED_NAME = 1024 };

struct merged_meetup { /* held on the spot, without a pack: the journals say what it was */
  struct event event;
  struct station door;
};

struct merged {
  sqlite3 *db; /* owned: merged.db, read-only */
  struct merged_rows rows;
  sqlite3_stmt *named, *told;   /* owned: see merged_sealed; NULL: nobody gave a name */
  struct folder *folder;        /* borrowed; NULL: without rosters */
  const struct person **person; /* owned: the folder's people by number, practice left out */
  int people;
  const struct person **seen;   /* owned: folder's `seen` by number */
  struct merged_meetup *meetup; /* owned */
  int meetups;
  int host;                        /* index in the catalog: only its people by name, of the others only numbers; -1: everyone */
  bool has_key;                    /* sealed names can be opened: */
  uint8_t key[32], public_key[32]; /* X25519 */
  struct outputs *outputs;         /* borrowed */
};

void merged_init(struct merged *m, struct folder *folder, struct outputs *outputs); /* borrowed; folder may be NULL. Host and
                                                                                     * key are set by the caller */
/* `filled`: merged_rows has taken the log while it was written. */
bool merged_open(struct merged *m, const char *db, bool filled, struct problem *problem);
void merged_close(struct merged *m);

const struct person *merged_person(const struct merged *m, const char *number); /* NULL: not on the rosters */
bool merged_ours(const struct merged *m, const struct person *person); /* the host's; with no host, everyone; NULL isn't */

/* As the host's own roster has them: of who is on several, each partner's own type, name and organization. NULL: NULL. */
const struct person *merged_seen(const struct merged *m, const struct person *person);
const struct person *merged_seen_by(const struct merged *m, int host,
                                    const struct person *person); /* -1: all rosters at once */

bool merged_prepare(struct merged *m, const char *sql, sqlite3_stmt **s, struct problem *problem);
bool merged_done(struct merged *m, int step, struct problem *problem); /* after the last row: SQLITE_DONE */
const char *merged_text(sqlite3_stmt *s, int column);                  /* "" where there is none */
int64_t merged_number(struct merged *m, const char *sql);              /* one; 0 where there is none */

/* "2023-10-28 09:31:07" at the event; with no folder, in China. */
void merged_time(const struct merged *m, const char *event, int64_t ms, char out[MERGED_TIME]);
const struct event *merged_event(const struct merged *m, const char *event);       /* never NULL */
const struct station *merged_station(const struct merged *m, const char *station); /* NULL: not known */
const char *merged_label(const struct merged *m, const char *station);             /* 签到台; its id where it has no label */
const char *merged_by(const char *by);                                             /* 扫码, 手动, ... */
const char *merged_verdict(const char *verdict);                                   /* 已结束, ... */
const char *merged_type(const struct merged *m, int type);                         /* 观众; "": none */
void merged_hosts(const struct merged *m, uint32_t hosts, char *out, size_t size); /* 开源社、数据库社区 */
const char *merged_host(const struct merged *m, int host);

/* The name in a sealed record, made harmless; "" where there is none, or no key fits it. `who` the record is about: a
 * number that is on no roster any more was forgotten, and stays so. */
void merged_unseal(const struct merged *m, const char *who, const char *sealed, char out[MERGED_NAME]);

/* The latest name that somebody gave to the person with this number afterwards or before, and nobody took back; sealed, "":
 * none. And the one of a row: of who has no number, as it was given to that record; else what the record itself has. Both
 * hold until the next call. */
const char *merged_sealed(struct merged *m, const char *number);
const char *merged_sealed_row(struct merged *m, const struct merged_row *row);

/* --- what is made of it; each into its outputs --- */

bool merged_lists(struct merged *m, struct problem *problem);   /* attendance.csv, conflicts.csv, corrections.csv */
bool merged_rosters(struct merged *m, struct problem *problem); /* rosters/: each as it came, and when who came */
bool merged_book(struct merged *m, struct problem *problem);    /* attendance.xlsx */
bool merged_report(struct merged *m, struct problem *problem);  /* report.html */
bool merged_findings(struct merged *m, FILE *page, struct problem *problem);     /* its part on what is wrong with the log */
bool merged_tell(struct merged *m, const char *prefix, struct problem *problem); /* and what of that only all exports together
                                                                                  * show, on stderr */

#endif
