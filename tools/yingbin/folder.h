/* SPDX-License-Identifier: Apache-2.0
 * An organizer's folder: pack.ini, rosters, and what is kept beside them (codes.csv, secrets.ini; both
 * 0600). folder_read brings all of it into memory, finds who is who, and issues the codes that are
 * missing, on disk before it returns: a code once issued to a person never changes and is never reused.
 * One thread; blocking file I/O; everything read is bounded. sodium_init() was called.
 */
#ifndef YINGBIN_TOOLS_FOLDER_H
#define YINGBIN_TOOLS_FOLDER_H

#include "base/problem.h"
#include "core/catalog.h"
#include "tools/yingbin/pool.h"
#include "tools/yingbin/remarks.h"
#include "tools/yingbin/roster.h"

struct codes;
struct merges;
struct secrets;

enum { ROSTERS_MAX = 64, TICKET_KEYS_MAX = 16, PICTURES_MAX = 64, PACK_PICTURE_MOST = 8 << 20 };

enum contacts { CONTACTS_LAST4, CONTACTS_FULL, CONTACTS_NONE }; /* in the search index, of phones and e-mails */

struct person {        /* texts: owned by the folder, never NULL, empty where not given */
  int roster, line;    /* index in the folder; where its row begins */
  int16_t event, type; /* indices in the catalog; type -1: none */
  uint32_t hosts;      /* bit i: catalog host i */
  const char *number;  /* ours, from codes.csv: unique in the folder, decimal, for ever */
  const char *code;    /* what the QR carries: the roster's own (foreign) code, else the issued one */
  const char *own;     /* where `code` is a signed ticket: the code that packs know; else NULL */
  const char *second;  /* another roster's code for the same person; may be empty */
  const char *issued;  /* 16 Crockford characters, also when a foreign code came later; may be empty */
  const char *name, *phone, *email, *organization, *title, *seat, *status, *attention;
  const char *ticket_number, *order; /* the sign-up platform's */
  int32_t party;                     /* at least 1 */
  bool foreign;                      /* code is the roster's own */
  bool confirmed;                    /* the status is one of status.ok */
  bool is_new;                       /* first seen by this folder_read */
  bool shared;                       /* on several rosters: what each of them says is in the folder's `seen` */
};

struct roster {
  const char *id;    /* as in pack.ini's section; its people are known under it */
  const char *file;  /* relative to the folder: pack.ini's file, else the id */
  const char *label; /* for messages about its rows: "r.xlsx [名单]" */
  int line;          /* of its section in pack.ini */
  int16_t event;
  uint32_t hosts;
  bool elsewhere_only;                 /* its tickets go into the pack as hash and event alone */
  const char *code_pattern;            /* POSIX extended regular expression with one group, or empty */
  const char *columns[ROSTER_COLUMNS]; /* the headings that pack.ini gives, or NULL */
  const char *status_ok, *status_no;   /* the lists as written, or empty; ok may be * */
  const char *sheet, *encoding;        /* or empty: found out */
  int rows;
  bool practice; /* practice.csv, see practice.h */
};

struct ticket_key {
  const char *file;
  uint8_t key[32]; /* Ed25519 */
};

struct folder {
  const char *dir;                 /* owned */
  struct catalog catalog;          /* as it goes into the pack; its build is the last one made */
  char start_date[EVENTS_MAX][11]; /* YYYY-MM-DD at the event */
  uint8_t salt[EVENTS_MAX][32];
  struct roster roster[ROSTERS_MAX];
  int rosters;
  struct person *people; /* owned, in the order of the rosters */
  int people_count;
  struct person *seen; /* owned: of who is on several rosters, each of these rows as it is, in the order of the rosters */
  int seen_count;
  struct ticket_key ticket_key[TICKET_KEYS_MAX];
  int ticket_keys;
  const char *revoked;               /* file in the folder, or empty */
  const char *picture[PICTURES_MAX]; /* files of logos, slides and voices, as in pack.ini */
  bool is_voice[PICTURES_MAX];       /* of these: a recording */
  int pictures;
  enum contacts contacts;
  const char *logo[HOSTS_MAX]; /* a host's, of these; NULL: it has none */
  bool has_seal;
  uint8_t seal[32];                  /* X25519, the organizer's */
  const char *type_match[TYPES_MAX]; /* the list of `match` as written */
  struct codes *codes;               /* codes.csv, owned */
  struct secrets *secrets;           /* secrets.ini, owned */
  struct merges *merges;             /* owned; NULL: nobody was on two rosters */
  struct remarks errors;             /* all that stops the build, in order */
  struct remarks warnings;           /* all that doesn't */
  struct pool texts;
};

/* False: the problem is the first of errors and says how many more there are; nothing was issued or
 * written. What was recognised in the rosters goes to stderr. The folder is to be freed in any case. */
bool folder_read(const char *dir, struct folder *folder, struct problem *problem);

/* The same with an encoding for all rosters that are text, whatever pack.ini says; NULL: none. Borrowed. */
bool folder_read_encoded(const char *dir, const char *encoding, struct folder *folder, struct problem *problem);

/* The same for who only looks: no code is issued, nothing is written; who is new has a code that is forgotten again. */
bool folder_look(const char *dir, const char *encoding, struct folder *folder, struct problem *problem);

/* On stderr, why a command failed: all errors of the folder, with the warnings that may say why; where it has none, the
 * problem. output: as remarks_print's. */
void folder_tell(const struct folder *folder, const struct problem *problem, const char *prefix, const char *output);

void folder_free(struct folder *folder);

/* "DIR/NAME", owned by the folder; an absolute name stays as it is. */
const char *folder_path(struct folder *folder, const char *name);

/* The build's number goes up by one, on disk, before a pack of that number is written. */
bool folder_next_build(struct folder *folder, uint32_t *build, struct problem *problem);

#endif
