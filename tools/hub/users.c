/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/hub/users.h"

#include <jansson.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "tools/hub/hub.h"

enum { SEEN_EVERY_MS = 60 * 1000 /* how exactly "idle" is known */, ENDED_MOST = 64 };

static const char *const role_names[ROLES] = {[ROLE_VOLUNTEER] = "volunteer", [ROLE_ORGANIZER] = "organizer"};
static const char users[] = "user", sessions[] = "session";

const char *role_name(enum role role) { return role_names[role]; }

bool role_read(const char *text, enum role *role) {
  for (int i = 0; i < ROLES; i++) {
    if (strcmp(text, role_names[i]) != 0) continue;
    *role = (enum role)i;
    return true;
  }
  return false;
}

/* --- users --- */

struct account {
  struct user user;
  char hash[crypto_pwhash_STRBYTES];
  int64_t made; /* tells it from an earlier account of that name */
};

static bool is_name(const char *name) {
  const size_t len = strlen(name);
  for (const char *c = name; *c; c++)
    if ((unsigned char)*c <= ' ' || *c == 0x7f) return false;
  return len > 0 && len < ID_MAX && utf8_valid(name, len);
}

static bool copy(const json_t *o, const char *key, char *out, size_t size) {
  const json_t *value = json_object_get(o, key);
  return json_is_string(value) && (size_t)snprintf(out, size, "%s", json_string_value(value)) < size;
}

static bool account_read(const char *name, const char *value, struct account *a) {
  char role[16];
  json_t *o = json_loads(value, 0, NULL);
  a->made = json_integer_value(json_object_get(o, "made"));
  const bool good = copy(o, "role", role, sizeof role) && role_read(role, &a->user.role) &&
                    copy(o, "host", a->user.host, sizeof a->user.host) && copy(o, "hash", a->hash, sizeof a->hash) &&
                    (size_t)snprintf(a->user.name, sizeof a->user.name, "%s", name) < sizeof a->user.name;
  json_decref(o);
  return good;
}

static enum store_result account_find(const struct store_ops *store, void *db, const char *name, struct account *a) {
  char value[STORE_KEPT_MOST];
  if (!is_name(name)) return STORE_NONE;
  const enum store_result result = store->kept(db, users, name, value, sizeof value);
  return result == STORE_DONE && !account_read(name, value, a) ? STORE_NONE : result;
}

static bool hash_password(const char *password, char hash[crypto_pwhash_STRBYTES], struct problem *problem) {
  return crypto_pwhash_str(hash, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                           crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0 ||
         problem_set(problem, "内存不足", "out of memory");
}

static bool failed(struct problem *problem) {
  return problem_set(problem, "数据库用不了，原因见上面的日志", "the database can't be used; the log above says why");
}

bool user_add(const struct store_ops *store, void *db, const struct user *user, const char *password, struct problem *problem) {
  char hash[crypto_pwhash_STRBYTES];
  int64_t made;
  if (!is_name(user->name) || (user->host[0] && !is_name(user->host)))
    return problem_set(problem, "用户名和主办方不能为空、不能有空格，最多 %d 字节",
                       "a user's and a host's name have no blanks and at most %d bytes", ID_MAX - 1);
  if (strlen(password) < USER_PASSWORD_LEAST)
    return problem_set(problem, "密码至少 %d 个字节", "a password has at least %d bytes", USER_PASSWORD_LEAST);
  if (!hash_password(password, hash, problem)) return false;
  randombytes_buf(&made, sizeof made);
  json_t *o = json_pack("{s:s, s:s, s:s, s:I}", "role", role_name(user->role), "host", user->host, "hash", hash, "made",
                        (json_int_t)(made & INT64_MAX));
  char *value = o ? json_dumps(o, JSON_COMPACT) : NULL;
  json_decref(o);
  const bool good = value && store->keep(db, users, user->name, value) == STORE_DONE;
  free(value);
  return good || failed(problem);
}

bool user_remove(const struct store_ops *store, void *db, const char *name, struct problem *problem) {
  struct account a;
  const enum store_result found = account_find(store, db, name, &a);
  if (found == STORE_NONE)
    return problem_set(problem, "没有用户“%s”（yingbin-hub user list 列出全部）",
                       "there is no user “%s” (yingbin-hub user list lists them)", name);
  return (found == STORE_DONE && store->drop(db, users, name) == STORE_DONE) || failed(problem);
}

static bool print_user(void *self, const char *name, const char *value) {
  struct account a;
  if (!account_read(name, value, &a)) return true;
  json_t *o = json_pack("{s:s, s:s, s:s}", "user", name, "role", role_name(a.user.role), "host", a.user.host);
  json_dumpf(o, self, JSON_COMPACT);
  fputc('\n', self);
  json_decref(o);
  return true;
}

bool user_list(const struct store_ops *store, void *db, FILE *out, struct problem *problem) {
  return store->each_kept(db, users, print_user, out) == STORE_DONE || failed(problem);
}

/* --- sessions --- */

struct login {
  char user[ID_MAX];
  int64_t made, begun_ms, seen_ms; /* made: the account's */
};

static bool session_read(const char *value, struct login *s) {
  json_t *o = json_loads(value, 0, NULL);
  const bool good = copy(o, "user", s->user, sizeof s->user);
  s->made = json_integer_value(json_object_get(o, "made"));
  s->begun_ms = json_integer_value(json_object_get(o, "begun"));
  s->seen_ms = json_integer_value(json_object_get(o, "seen"));
  json_decref(o);
  return good;
}

static bool session_is_over(const struct login *s, int64_t now_ms) {
  return now_ms - s->seen_ms > SESSION_IDLE_MS || now_ms - s->begun_ms > SESSION_MOST_MS;
}

static void session_name(const char *token, char name[2 * STORE_HASH + 1]) {
  uint8_t hash[STORE_HASH];
  hub_hash(token, strlen(token), hash);
  sodium_bin2hex(name, 2 * STORE_HASH + 1, hash, sizeof hash);
}

static enum store_result session_write(const struct store_ops *store, void *db, const char *token, const struct login *s) {
  char name[2 * STORE_HASH + 1];
  session_name(token, name);
  json_t *o = json_pack("{s:s, s:I, s:I, s:I}", "user", s->user, "made", (json_int_t)s->made, "begun", (json_int_t)s->begun_ms,
                        "seen", (json_int_t)s->seen_ms);
  char *value = o ? json_dumps(o, JSON_COMPACT) : NULL;
  json_decref(o);
  const enum store_result result = value ? store->keep(db, sessions, name, value) : STORE_FAILED;
  free(value);
  return result;
}

struct ended {
  int64_t now_ms;
  int count;
  char name[ENDED_MOST][2 * STORE_HASH + 1];
};

static bool note_ended(void *self, const char *name, const char *value) {
  struct ended *e = self;
  struct login s;
  if (session_read(value, &s) && !session_is_over(&s, e->now_ms)) return true;
  snprintf(e->name[e->count++], sizeof *e->name, "%s", name);
  return e->count < ENDED_MOST;
}

static void sweep(const struct store_ops *store, void *db, int64_t now_ms) {
  struct ended ended = {.now_ms = now_ms};
  store->each_kept(db, sessions, note_ended, &ended);
  for (int i = 0; i < ended.count; i++) store->drop(db, sessions, ended.name[i]);
}

/* As long for who isn't there as for a wrong password. */
static bool fits(const struct account *a, const char *password) {
  static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
  static char nobody[crypto_pwhash_STRBYTES];
  struct problem problem;
  pthread_mutex_lock(&one);
  if (!nobody[0]) hash_password("", nobody, &problem);
  const bool good = crypto_pwhash_str_verify(a ? a->hash : nobody, password, strlen(password)) == 0 && a;
  pthread_mutex_unlock(&one);
  return good;
}

enum store_result session_begin(const struct store_ops *store, void *db, const char *name, const char *password, int64_t now_ms,
                                struct user *user, char token[SESSION_TOKEN]) {
  struct account a;
  uint8_t raw[32];
  enum store_result result = account_find(store, db, name, &a);
  if (result == STORE_FAILED) return result;
  if (!fits(result == STORE_DONE ? &a : NULL, password)) return STORE_NONE;
  sweep(store, db, now_ms);
  randombytes_buf(raw, sizeof raw);
  sodium_bin2base64(token, SESSION_TOKEN, raw, sizeof raw, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  sodium_memzero(raw, sizeof raw);
  struct login s = {.made = a.made, .begun_ms = now_ms, .seen_ms = now_ms};
  snprintf(s.user, sizeof s.user, "%s", a.user.name);
  *user = a.user;
  return session_write(store, db, token, &s);
}

enum store_result session_user(const struct store_ops *store, void *db, const char *token, int64_t now_ms, bool used,
                               struct user *user) {
  char name[2 * STORE_HASH + 1], value[STORE_KEPT_MOST];
  struct login s;
  struct account a;
  if (!token[0]) return STORE_NONE;
  session_name(token, name);
  enum store_result result = store->kept(db, sessions, name, value, sizeof value);
  if (result != STORE_DONE) return result;
  if (!session_read(value, &s) || session_is_over(&s, now_ms)) return STORE_NONE;
  result = account_find(store, db, s.user, &a);
  if (result != STORE_DONE) return result;
  if (a.made != s.made) return STORE_NONE;
  *user = a.user;
  if (!used || now_ms - s.seen_ms < SEEN_EVERY_MS) return STORE_DONE;
  s.seen_ms = now_ms;
  return session_write(store, db, token, &s);
}

enum store_result session_end(const struct store_ops *store, void *db, const char *token) {
  char name[2 * STORE_HASH + 1];
  session_name(token, name);
  return store->drop(db, sessions, name);
}
