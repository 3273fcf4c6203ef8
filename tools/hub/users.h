/* SPDX-License-Identifier: Apache-2.0
 * Who may look at the dashboard, and the sessions of who is signed in; both in the store, for all its hubs. A password is
 * kept as argon2id, a session as the hash of its token. Any thread; one password is worked on at a time, so that
 * guessing takes one core and 64 MB at most.
 */
#ifndef YINGBIN_TOOLS_HUB_USERS_H
#define YINGBIN_TOOLS_HUB_USERS_H

#include <stdio.h>

#include "tools/hub/store.h"

enum role { ROLE_VOLUNTEER /* sees */, ROLE_ORGANIZER /* exports, too */, ROLES };

enum {
  USER_PASSWORD_LEAST = 8,
  USER_PASSWORD_MOST = 1024,
  SESSION_TOKEN = 44,                /* with its NUL */
  SESSION_IDLE_MS = 2 * 3600 * 1000, /* nothing asked for so long: signed out */
  SESSION_MOST_MS = 14 * 3600 * 1000 /* and in any case */
};

struct user {
  char name[ID_MAX];
  enum role role;
  char host[ID_MAX]; /* sees that host's people only; "": everyone's */
};

const char *role_name(enum role role);
bool role_read(const char *text, enum role *role);

/* In place of one of that name, whose sessions end. False where the store fails, or what is given can't be used. */
bool user_add(const struct store_ops *store, void *db, const struct user *user, const char *password, struct problem *problem);
bool user_remove(const struct store_ops *store, void *db, const char *name, struct problem *problem);
bool user_list(const struct store_ops *store, void *db, FILE *out, struct problem *problem); /* a line of JSON each */

/* NONE: no such user, or another password; takes as long. `token` is told once. */
enum store_result session_begin(const struct store_ops *store, void *db, const char *name, const char *password, int64_t now_ms,
                                struct user *user, char token[SESSION_TOKEN]);
/* NONE: it ended, or never was. `used`: somebody asked for something, so that it isn't idle. */
enum store_result session_user(const struct store_ops *store, void *db, const char *token, int64_t now_ms, bool used,
                               struct user *user);
enum store_result session_end(const struct store_ops *store, void *db, const char *token);

#endif
