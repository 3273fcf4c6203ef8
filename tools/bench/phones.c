/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/bench/phones.h"

#include <curl/curl.h>
#include <jansson.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/bell.h"

enum { ROOM = 64 * 1024, LIMIT_MS = 30 * 1000, FIRST_ROUND_MS = 120 * 1000 };

struct phone {
  struct phones *all;
  int which;
  CURL *curl;
  struct curl_slist *headers; /* owned */
  char body[ROOM];
  size_t len;
  pthread_t thread;
  bool runs;
  struct bell rest;   /* rung at the end */
  atomic_int rounds;  /* done */
  atomic_bool failed; /* `problem` says how; its thread is over */
  int person;         /* who is next */
  struct phones_done done;
  struct problem problem; /* its thread's; empty: all is well */
};

struct phones {
  char url[128];
  pthread_rwlock_t *gate; /* borrowed */
  int from, people, pause_ms;
  atomic_bool ends;
  struct bell round; /* some phone has been round, or failed */
  struct phone phone[PHONES_MAX];
};

static size_t take(char *bytes, size_t size, size_t count, void *self) {
  struct phone *p = self;
  const size_t n = size * count;
  if (p->len + n >= sizeof p->body) return 0;
  memcpy(p->body + p->len, bytes, n);
  p->len += n;
  p->body[p->len] = '\0';
  return n;
}

/* The HTTP status; 0: none, and p->problem says why. `json`: NULL: a GET. */
static long exchange(struct phone *p, const char *path, const char *json) {
  char url[192];
  long status = 0;
  snprintf(url, sizeof url, "%s%s", p->all->url, path);
  p->len = 0;
  p->body[0] = '\0';
  curl_easy_setopt(p->curl, CURLOPT_URL, url);
  curl_easy_setopt(p->curl, json ? CURLOPT_POST : CURLOPT_HTTPGET, 1L);
  if (json) curl_easy_setopt(p->curl, CURLOPT_COPYPOSTFIELDS, json);
  const CURLcode code = curl_easy_perform(p->curl);
  p->done.requests++;
  if (code == CURLE_OK)
    curl_easy_getinfo(p->curl, CURLINFO_RESPONSE_CODE, &status);
  else
    problem_set(&p->problem, "手机 %d：%s：%s", "phone %d: %s: %s", p->which, path, curl_easy_strerror(code));
  return status;
}

/* The answer as JSON, its `result` done; NULL: the kiosk was busy, or p->problem says what is wrong. */
static json_t *ask(struct phone *p, const char *path, const char *json, struct samples *ms) {
  pthread_rwlock_rdlock(p->all->gate);
  const double start = clock_wall_ms();
  const long status = exchange(p, path, json);
  const double took = clock_wall_ms() - start;
  pthread_rwlock_unlock(p->all->gate);
  if (!status) return NULL;
  if (status == 503 || status == 504) {
    p->done.busy++;
    return NULL;
  }
  json_t *answer = json_loads(p->body, 0, NULL);
  const char *result = json_string_value(json_object_get(answer, "result"));
  if (ms) samples_add(ms, took);
  if (status == 200 && (!strcmp(path, "/api/state") || (result && !strcmp(result, "done")))) return answer;
  problem_set(&p->problem, "手机 %d：%s：%ld %.200s", "phone %d: %s: %ld %.200s", p->which, path, status, p->body);
  json_decref(answer);
  return NULL;
}

/* --- what a volunteer does; false: no further today (the kiosk is busy, or p->problem) --- */

static bool look(struct phone *p) {
  json_t *answer = ask(p, "/api/state", NULL, &p->done.state);
  const bool good = answer != NULL;
  json_decref(answer);
  return good;
}

static json_t *search(struct phone *p, const char *text) {
  char json[96];
  snprintf(json, sizeof json, "{\"q\":\"%s\"}", text);
  return ask(p, "/api/search", json, &p->done.search);
}

static bool search_many(struct phone *p, const char *text) {
  json_t *answer = search(p, text);
  const bool good = json_array_size(json_object_get(answer, "people")) > 1 ||
                    (answer && problem_set(&p->problem, "手机 %d：%s 没有找到人", "phone %d: nobody for %s", p->which, text));
  json_decref(answer);
  return good;
}

static bool search_one(struct phone *p) {
  char digits[16], number[16];
  size_t i;
  json_t *one, *answer;
  snprintf(digits, sizeof digits, "%04d", p->person % 10000); /* of the phone number */
  snprintf(number, sizeof number, "%d", p->person);
  answer = search(p, digits);
  if (!answer) return false;
  bool found = false;
  json_array_foreach(json_object_get(answer, "people"), i, one) {
    const char *is = json_string_value(json_object_get(one, "number"));
    found = found || (is && !strcmp(is, number));
  }
  json_decref(answer);
  return found || problem_set(&p->problem, "手机 %d：没有找到 %s", "phone %d: %s isn't found", p->which, number);
}

static bool let_in(struct phone *p) {
  char json[96];
  snprintf(json, sizeof json, "{\"number\":\"%d\",\"event\":0,\"count\":0}", p->person);
  json_t *answer = ask(p, "/api/admit", json, NULL);
  if (!answer) return false;
  json_decref(answer);
  p->done.admitted++;
  return true;
}

/* What this phone has just done, by the list of its records. */
static bool undo(struct phone *p) {
  char json[160] = "", number[16];
  size_t i;
  json_t *one, *answer = ask(p, "/api/recent", NULL, NULL);
  if (!answer) return false;
  snprintf(number, sizeof number, "%d", p->person);
  json_array_foreach(json_object_get(answer, "records"), i, one) {
    const char *is = json_string_value(json_object_get(one, "number")), *id = json_string_value(json_object_get(one, "id"));
    if (!json[0] && is && id && !strcmp(is, number)) snprintf(json, sizeof json, "{\"id\":\"%s\",\"reason\":\"bench\"}", id);
  }
  json_decref(answer);
  if (!json[0]) return true; /* others' records have pushed it out of the list */
  answer = ask(p, "/api/undo", json, NULL);
  json_decref(answer);
  if (answer) p->done.undone++;
  return answer != NULL;
}

static bool rest(struct phone *p) {
  const int most = 2 * p->all->pause_ms;
  if (most > 0) bell_wait(&p->rest, randombytes_uniform((uint32_t)most));
  return !atomic_load(&p->all->ends);
}

static void go_round(struct phone *p) {
  if (!look(p) || !rest(p) || !search_many(p, "欧") || !rest(p) || !search_many(p, "oyx") || !rest(p) || !search_one(p) ||
      !rest(p) || !let_in(p) || !rest(p) || !undo(p))
    return;
  atomic_fetch_add(&p->rounds, 1);
  bell_ring(&p->all->round);
}

static void *live(void *self) {
  struct phone *p = self;
  struct phones *all = p->all;
  while (rest(p) && !p->problem.en[0]) {
    go_round(p);
    p->person += PHONES_MAX;
    if (p->person > all->people) p->person = all->from + p->which;
  }
  atomic_store(&p->failed, p->problem.en[0] != '\0');
  bell_ring(&all->round);
  return NULL;
}

/* --- all of them --- */

static bool open_one(struct phones *all, int which) {
  struct phone *p = &all->phone[which];
  char from[32];
  p->all = all, p->which = which, p->person = all->from + which;
  p->curl = curl_easy_init();
  p->headers = curl_slist_append(NULL, "Content-Type: application/json");
  if (!bell_init(&p->rest) || !p->curl || !p->headers) return false;
  snprintf(from, sizeof from, "host!127.0.1.%d", 1 + which); /* a phone has an address of its own */
  curl_easy_setopt(p->curl, CURLOPT_INTERFACE, from);
  curl_easy_setopt(p->curl, CURLOPT_SSL_VERIFYPEER, 0L); /* its volunteer has compared the fingerprint */
  curl_easy_setopt(p->curl, CURLOPT_SSL_VERIFYHOST, 0L);
  curl_easy_setopt(p->curl, CURLOPT_COOKIEFILE, "");
  curl_easy_setopt(p->curl, CURLOPT_HTTPHEADER, p->headers);
  curl_easy_setopt(p->curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(p->curl, CURLOPT_TIMEOUT_MS, (long)LIMIT_MS);
  curl_easy_setopt(p->curl, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(p->curl, CURLOPT_WRITEDATA, p);
  return true;
}

bool phones_open(const char *url, int from, int people, pthread_rwlock_t *gate, struct phones **phones,
                 struct problem *problem) {
  struct phones *all = *phones = calloc(1, sizeof *all);
  bool good = all && bell_init(&all->round) && curl_global_init(CURL_GLOBAL_DEFAULT) == 0;
  if (good) snprintf(all->url, sizeof all->url, "%s", url), all->from = from, all->people = people, all->gate = gate;
  for (int i = 0; good && i < PHONES_MAX; i++) good = open_one(all, i);
  return good || problem_set(problem, "内存不足", "out of memory");
}

bool phones_sign_in(struct phones *all, int which, const char *token, struct problem *problem) {
  struct phone *p = &all->phone[which];
  char json[96];
  snprintf(json, sizeof json, "{\"token\":\"%s\"}", token);
  json_t *answer = ask(p, "/api/session", json, NULL);
  const bool good = answer != NULL;
  json_decref(answer);
  if (!good) *problem = p->problem;
  return good;
}

static bool all_round(const struct phones *all) {
  for (int i = 0; i < PHONES_MAX; i++)
    if (!atomic_load(&all->phone[i].rounds)) return false;
  return true;
}

static bool all_well(const struct phones *all, struct problem *problem) {
  for (int i = 0; i < PHONES_MAX; i++) {
    if (!atomic_load(&all->phone[i].failed)) continue;
    *problem = all->phone[i].problem;
    return false;
  }
  return true;
}

bool phones_start(struct phones *all, int pause_ms, struct problem *problem) {
  const double until = clock_wall_ms() + FIRST_ROUND_MS;
  all->pause_ms = pause_ms;
  atomic_store(&all->ends, false);
  for (int i = 0; i < PHONES_MAX; i++) {
    struct phone *p = &all->phone[i];
    atomic_store(&p->rounds, 0);
    p->runs = pthread_create(&p->thread, NULL, live, p) == 0;
    if (!p->runs) return problem_set(problem, "无法启动线程", "a thread can't be started");
  }
  while (!all_round(all)) {
    const double left = until - clock_wall_ms();
    if (!all_well(all, problem)) return false;
    if (left <= 0) return problem_set(problem, "手机没有走完一轮", "the phones haven't been round once");
    bell_wait(&all->round, (int64_t)left + 1);
  }
  return true;
}

static void join(struct phones *all) {
  atomic_store(&all->ends, true);
  for (int i = 0; i < PHONES_MAX; i++)
    if (all->phone[i].runs) bell_ring(&all->phone[i].rest);
  for (int i = 0; i < PHONES_MAX; i++) {
    struct phone *p = &all->phone[i];
    if (p->runs) pthread_join(p->thread, NULL);
    p->runs = false;
  }
}

static void move(struct samples *from, struct samples *to) {
  for (int i = 0; i < from->count; i++) samples_add(to, from->at[i]);
  samples_free(from);
}

bool phones_stop(struct phones *all, struct phones_done *done, struct problem *problem) {
  *done = (struct phones_done){0};
  join(all);
  for (int i = 0; i < PHONES_MAX; i++) {
    struct phones_done *of = &all->phone[i].done;
    move(&of->search, &done->search);
    move(&of->state, &done->state);
    done->requests += of->requests, done->admitted += of->admitted;
    done->undone += of->undone, done->busy += of->busy;
    *of = (struct phones_done){0};
  }
  return all_well(all, problem);
}

void phones_close(struct phones *all) {
  if (!all) return;
  join(all);
  for (int i = 0; i < PHONES_MAX; i++) {
    struct phone *p = &all->phone[i];
    samples_free(&p->done.search);
    samples_free(&p->done.state);
    if (p->curl) curl_easy_cleanup(p->curl);
    curl_slist_free_all(p->headers);
    if (p->all) bell_fini(&p->rest);
  }
  bell_fini(&all->round);
  curl_global_cleanup();
  free(all);
}
