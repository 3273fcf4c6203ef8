/* SPDX-License-Identifier: Apache-2.0
 * Connections to PostgreSQL: as many as threads ask at once, kept for the next ones. A statement's parameters and results
 * are binary. Who finds a connection broken closes the idle ones, too: a server that was killed took all of them.
 * Any thread may call; a connection belongs to one thread at a time.
 */
#ifndef YINGBIN_TOOLS_HUB_PG_H
#define YINGBIN_TOOLS_HUB_PG_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"

enum { PG_ARGS_MOST = 9 };

struct pg_setup {                /* what a connection must have, as literals */
  const char *const *always;     /* run on each new one; ends with NULL */
  const char *const *statements; /* prepared on each new one, known by their number */
  int count;
};

struct pg; /* owned by the opener */

struct pg_conn {
  PGconn *pg;
  bool raw;
  bool again;  /* what failed may be tried again: the connection broke, or the server chose another transaction */
  bool unique; /* and it was a unique key that is there already */
};

/* Opens nothing: pg_take does. `url` and `setup` are borrowed. */
struct pg *pg_new(const char *url, const struct pg_setup *setup);
void pg_free(struct pg *pg); /* when all were given back; NULL is fine */

/* NULL: the server can't be reached now, which is logged when it begins. `raw`: without the setup. */
struct pg_conn *pg_take(struct pg *pg, bool raw, struct problem *problem);
void pg_give(struct pg *pg, struct pg_conn *conn); /* rolls back what is open; closes it where it broke, or is raw */

/* Parameters in order. Texts and bytes are borrowed until the statement has run. */
struct pg_args {
  int count;
  const char *value[PG_ARGS_MOST];
  int len[PG_ARGS_MOST], binary[PG_ARGS_MOST];
  uint8_t number[PG_ARGS_MOST][8];
};
void pg_bytes(struct pg_args *args, const void *bytes, size_t len); /* of a text, too */
void pg_word(struct pg_args *args, const char *text);
void pg_number(struct pg_args *args, int64_t number); /* bigint */

/* NULL: it failed, which is logged, and conn->again says whether to try once more. PQclear the others. */
PGresult *pg_run(struct pg_conn *conn, int statement, const struct pg_args *args);
/* Some statements in one turn of the network: with all their results, to be cleared (NULL from the first that failed on);
 * or without, and with COMMIT behind them. */
struct pg_step {
  int statement;
  struct pg_args args;
};
bool pg_ask(struct pg_conn *conn, const struct pg_step *steps, int count, PGresult **results);
bool pg_commit(struct pg_conn *conn, const struct pg_step *steps, int count);
bool pg_do(struct pg_conn *conn, const char *sql);      /* without rows */
bool pg_failed(struct pg_conn *conn, PGresult *result); /* logs, clears the result; always false */

/* COPY's binary format (PostgreSQL's manual, COPY), into memory that is large enough: pg_copy_begin, for each row pg_copy_row
 * and its fields, pg_copy_end. Each returns where the next byte goes. */
enum { PG_COPY_HEAD = 19, PG_COPY_TAIL = 2, PG_COPY_ROW = 2, PG_COPY_FIELD = 4 }; /* bytes, without the fields' own */
uint8_t *pg_copy_begin(uint8_t *out);
uint8_t *pg_copy_row(uint8_t *out, int fields);
uint8_t *pg_copy_field(uint8_t *out, const void *bytes, size_t len);
uint8_t *pg_copy_number(uint8_t *out, int64_t number); /* a bigint, a field of 8 bytes */
uint8_t *pg_copy_end(uint8_t *out);
struct pg_piece { /* borrowed */
  const void *bytes;
  size_t len;
};
bool pg_copy(struct pg_conn *conn, const char *sql, const struct pg_piece *pieces, int count); /* the whole of it */

int64_t pg_int(const PGresult *result, int row, int column);                             /* of a bigint */
bool pg_take_bytes(const PGresult *result, int row, int column, void *out, size_t size); /* false: another length */

#endif
