/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/phones.h"

#include <errno.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "pack/phone.h"
#include "tools/yingbin/build.h"

enum { KEPT_MOST = 256 << 20, THREADS_MOST = 16, CHECK = 16, TELL_FROM = 20 };

struct number { /* one phone of one event; those of one number stand together */
  int16_t event;
  char digits[SELF_DIGITS_MOST + 1];
  int person;
  bool made; /* `key` is there */
  uint8_t key[PHONE_KEY];
};

struct phones {
  struct folder *f;
  struct number *number; /* owned, by event and digits */
  int count;
  atomic_int next, failed;
};

/* --- whose numbers --- */

static bool wanted(const struct folder *f, const struct person *p, char digits[SELF_DIGITS_MOST + 1]) {
  const struct roster *r = &f->roster[p->roster];
  return f->catalog.event[p->event].self_lookup == SELF_LOOKUP_PHONE && !r->elsewhere_only && !r->practice &&
         phone_digits(p->phone, digits);
}

static int by_number(const void *a, const void *b) {
  const struct number *x = a, *y = b;
  const int order = x->event != y->event ? x->event - y->event : strcmp(x->digits, y->digits);
  return order ? order : x->person - y->person;
}

static bool same(const struct number *a, const struct number *b) {
  return a->event == b->event && !strcmp(a->digits, b->digits);
}

static void gather(struct phones *p) {
  struct number one = {.made = false};
  p->number = grow(NULL, (size_t)p->f->people_count + 1, sizeof *p->number);
  for (int i = 0; i < p->f->people_count; i++) {
    if (!wanted(p->f, &p->f->people[i], one.digits)) continue;
    one.event = p->f->people[i].event;
    one.person = i;
    p->number[p->count++] = one;
  }
  qsort(p->number, (size_t)p->count, sizeof *p->number, by_number);
}

static void warn_event(struct folder *f, int event, int64_t numbers, int most) {
  const char *id = f->catalog.event[event].id;
  if (!numbers)
    remarks_say(&f->warnings, "活动 %1$s：self_lookup = phone，可名单里没有手机号，谁也查不到",
                "event %1$s: self_lookup = phone, and its rosters have no phone numbers: nobody will be found", id);
  else
    remarks_say(
        &f->warnings,
        "活动 %1$s：self_lookup = phone：有人偷走签到机，就能把这 %2$lld "
        "个手机号试出来（每秒每核约十个；知道前七位就只要几分钟），连同姓名、单位。请像保管报名表一样保管签到机，活动后清除",
        "event %1$s: self_lookup = phone: who steals a kiosk can find out these %2$lld phone numbers by trying (some ten a "
        "second and core: minutes, if the first seven digits are known), with names and organizations. Guard the "
        "kiosk like the roster, and clear it afterwards",
        id, (long long)numbers);
  if (most > SELF_PEOPLE_MAX)
    remarks_say(&f->warnings, "活动 %1$s：有一个手机号登记了 %2$d 人，自助查找只会列出前 %3$d 人",
                "event %1$s: a phone number stands for %2$d people; the look-up lists the first %3$d", id, most,
                SELF_PEOPLE_MAX);
}

int64_t phones_count(struct folder *f) {
  struct phones p = {.f = f};
  int64_t all = 0;
  gather(&p);
  for (int e = 0; e < f->catalog.events; e++) {
    int64_t numbers = 0;
    int most = 0, run = 0;
    if (f->catalog.event[e].self_lookup != SELF_LOOKUP_PHONE) continue;
    for (int i = 0; i < p.count; i++) {
      if (p.number[i].event != e) continue;
      run = i > 0 && same(&p.number[i], &p.number[i - 1]) ? run + 1 : 1;
      numbers += run == 1;
      if (run > most) most = run;
    }
    warn_event(f, e, numbers, most);
    all += numbers;
  }
  free(p.number);
  return all;
}

/* --- keys that were made before --- */

/* Of a key with another salt, or one that somebody wrote in by hand, this is wrong. */
static void check_of(const uint8_t salt[32], const struct number *n, const uint8_t key[PHONE_KEY], uint8_t out[CHECK]) {
  crypto_generichash_state state;
  crypto_generichash_init(&state, salt, 32, CHECK);
  crypto_generichash_update(&state, (const uint8_t *)n->digits, sizeof n->digits);
  crypto_generichash_update(&state, key, PHONE_KEY);
  crypto_generichash_final(&state, out, CHECK);
}

static int event_of(const struct folder *f, const char *id) {
  for (int i = 0; i < f->catalog.events; i++)
    if (!strcmp(f->catalog.event[i].id, id)) return i;
  return -1;
}

/* EVENT,DIGITS,KEY,CHECK; a line that isn't one of ours is no key of ours. */
static void take_line(struct phones *p, char *line) {
  char *field[4] = {line, NULL, NULL, NULL}, *at = line;
  struct number asked = {.person = -1};
  uint8_t key[PHONE_KEY], check[CHECK], right[CHECK];
  for (int i = 1; i < 4; i++) {
    if (!(at = strchr(at, ','))) return;
    *at++ = '\0';
    field[i] = at;
  }
  const int event = event_of(p->f, field[0]);
  if (event < 0 || strlen(field[1]) > SELF_DIGITS_MOST) return;
  if (sodium_hex2bin(key, sizeof key, field[2], strlen(field[2]), NULL, NULL, NULL) ||
      sodium_hex2bin(check, sizeof check, field[3], strlen(field[3]), NULL, NULL, NULL))
    return;
  asked.event = (int16_t)event;
  strcpy(asked.digits, field[1]);
  check_of(p->f->salt[event], &asked, key, right);
  if (sodium_memcmp(check, right, CHECK) != 0) return;
  int low = 0, high = p->count;
  while (low < high) { /* the first that isn't before it */
    const int middle = (low + high) / 2;
    if (by_number(&p->number[middle], &asked) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == p->count || !same(&p->number[low], &asked)) return;
  memcpy(p->number[low].key, key, PHONE_KEY);
  p->number[low].made = true;
}

static void read_kept(struct phones *p, const char *file) {
  struct problem ignored;
  char *bytes, *next;
  size_t len;
  if (access(file, F_OK) || !file_read(file, KEPT_MOST, &bytes, &len, &ignored)) return;
  for (char *line = bytes; line; line = next) {
    if ((next = strchr(line, '\n'))) *next++ = '\0';
    take_line(p, line);
  }
  sodium_memzero(bytes, len);
  free(bytes);
}

static bool write_kept(const struct phones *p, const char *file, struct problem *problem) {
  char *bytes = NULL, key[2 * PHONE_KEY + 1], check[2 * CHECK + 1];
  uint8_t right[CHECK];
  size_t len = 0;
  FILE *out = open_memstream(&bytes, &len);
  if (!out) return problem_set(problem, "内存不足", "out of memory");
  fputs("event,phone,key,check\n", out);
  for (int i = 0; i < p->count; i++) {
    const struct number *n = &p->number[i];
    if (i > 0 && same(n, n - 1)) continue;
    check_of(p->f->salt[n->event], n, n->key, right);
    fprintf(out, "%s,%s,%s,%s\n", p->f->catalog.event[n->event].id, n->digits,
            sodium_bin2hex(key, sizeof key, n->key, PHONE_KEY), sodium_bin2hex(check, sizeof check, right, CHECK));
  }
  bool good = !fclose(out) && file_write(file, bytes, len, 0600, problem);
  if (bytes) sodium_memzero(bytes, len);
  free(bytes);
  return good;
}

/* --- new keys --- */

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct progress {
  int all, done; /* done: by whoever tells; the others keep up with it */
  double began;
};

static void tell(struct progress *t, int threads) {
  if (!t || !isatty(STDERR_FILENO)) return;
  t->done++;
  const int done = t->done * threads < t->all ? t->done * threads : t->all;
  const double left = (seconds() - t->began) / done * (t->all - done);
  fprintf(stderr, "\r手机号 / phone numbers: %d / %d, %d:%02d 后完成 / left   ", done, t->all, (int)left / 60, (int)left % 60);
}

struct worker {
  struct phones *phones;
  struct progress *progress; /* NULL: another one tells */
  int threads;
};

static void *make_keys(void *self) {
  struct worker *w = self;
  struct phones *p = w->phones;
  for (int i; (i = atomic_fetch_add(&p->next, 1)) < p->count;) {
    struct number *n = &p->number[i];
    if (n->made || (i > 0 && same(n, n - 1))) continue;
    if (!phone_key(p->f->salt[n->event], n->digits, n->key)) {
      atomic_store(&p->failed, 1);
      return NULL;
    }
    n->made = true;
    tell(w->progress, w->threads);
  }
  return NULL;
}

static int missing(const struct phones *p) {
  int n = 0;
  for (int i = 0; i < p->count; i++) n += !p->number[i].made && (i == 0 || !same(&p->number[i], &p->number[i - 1]));
  return n;
}

static bool make_missing(struct phones *p, int all, struct problem *problem) {
  pthread_t thread[THREADS_MOST];
  struct progress progress = {.all = all, .began = seconds()};
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  int threads = processors < 1 ? 1 : processors > THREADS_MOST ? THREADS_MOST : (int)processors, started = 0;
  struct worker other = {.phones = p, .threads = threads}, self = {.phones = p, .progress = &progress, .threads = threads};
  if (all >= TELL_FROM)
    fprintf(stderr,
            "yingbin: 手机号自助查找：%1$d 个新号码，每个要算十分之一秒以上；算过的记在 phones.csv / phone look-up: %1$d new "
            "numbers, over "
            "a tenth of a second each; phones.csv keeps them\n",
            all);
  while (started < threads - 1 && pthread_create(&thread[started], NULL, make_keys, &other) == 0) started++;
  make_keys(&self);
  for (int i = 0; i < started; i++) pthread_join(thread[i], NULL);
  if (progress.done && isatty(STDERR_FILENO)) fprintf(stderr, "\r%*s\r", 72, "");
  return !atomic_load(&p->failed) || problem_set(problem, "内存不足：每个处理器核要 16 MB 来计算手机号索引",
                                                 "out of memory: the index by phone number takes 16 MB a processor core");
}

bool phones_open(struct folder *f, struct phones **phones, struct problem *problem) {
  struct phones *p = grow(NULL, 1, sizeof *p);
  *p = (struct phones){.f = f};
  *phones = p;
  gather(p);
  if (!p->count) return true;
  const char *file = folder_path(f, "phones.csv");
  read_kept(p, file);
  const int all = missing(p);
  if (all && !make_missing(p, all, problem)) return false;
  for (int i = 1; i < p->count; i++)
    if (same(&p->number[i], &p->number[i - 1])) memcpy(p->number[i].key, p->number[i - 1].key, PHONE_KEY);
  return write_kept(p, file, problem);
}

void phones_close(struct phones *p) {
  if (!p) return;
  if (p->number) sodium_memzero(p->number, (size_t)p->count * sizeof *p->number);
  free(p->number);
  free(p);
}

bool phones_any(const struct phones *p) { return p->count > 0; }

/* --- the pack --- */

static bool write_one(const struct phones *p, sqlite3_stmt *insert, const struct number *n, int nth) {
  uint8_t hash[PACK_HASH], code[PACK_HASH], sealed[PHONE_SEALED_MAX];
  const struct person *who = &p->f->people[n->person];
  struct attendee a;
  build_attendee(who, &a);
  pack_hash(p->f->salt[n->event], n->key, PHONE_KEY, hash);
  pack_hash(p->f->salt[n->event], (const uint8_t *)who->code, strlen(who->code), code);
  const size_t len = phone_seal(p->f->salt[n->event], n->key, code, &a, sealed);
  sqlite3_bind_int(insert, 1, n->event);
  sqlite3_bind_blob(insert, 2, hash, sizeof hash, SQLITE_STATIC);
  sqlite3_bind_int(insert, 3, nth);
  sqlite3_bind_blob(insert, 4, sealed, (int)len, SQLITE_STATIC);
  bool good = len && sqlite3_step(insert) == SQLITE_DONE;
  return sqlite3_reset(insert) == SQLITE_OK && good;
}

bool phones_write(const struct phones *p, sqlite3 *db) {
  sqlite3_stmt *insert = NULL;
  bool good = sqlite3_prepare_v2(db, "INSERT INTO phone VALUES(?,?,?,?)", -1, &insert, NULL) == SQLITE_OK;
  for (int i = 0, nth = 0; good && i < p->count; i++) {
    nth = i > 0 && same(&p->number[i], &p->number[i - 1]) ? nth + 1 : 0;
    if (nth < SELF_PEOPLE_MAX) good = write_one(p, insert, &p->number[i], nth);
  }
  sqlite3_finalize(insert);
  return good;
}
