/* SPDX-License-Identifier: Apache-2.0
 * uplink out of a file, for tests and for showing a hub that misbehaves. A line an answer:
 *
 *   [*]METHOD PATH WHAT TOOK_MS TYPE ETAG RETRY_S BODY...
 *
 * An exchange takes the first line whose method is its own and whose PATH its address contains; a line without * serves once.
 * WHAT is a status, or `reset` (no answer), `half` (it breaks off), `peer` (another server's key). TYPE, ETAG, RETRY_S: - for
 * none. Where no line fits, nobody answers. TOOK_MS pass by the kiosk's clock: a stream's clock is moved, any other one is
 * waited for. Lines that begin with # say nothing.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bell.h"
#include "base/file.h"
#include "platform/uplink.h"

enum { SCRIPT_MOST = 4 << 20, LINES_MOST = 4096, WORD = 96 };

struct said {
  bool stays, taken;
  char method[8], path[UPLINK_URL], what[WORD], type[UPLINK_TYPE], etag[UPLINK_ETAG], retry[16];
  int64_t took_ms;
  const char *body; /* in the text */
};

struct script {
  struct tick *clock;
  struct bell bell;
  atomic_bool aborted;
  char *text;
  int count;
  struct said line[LINES_MOST];
};

static const char *word_or_none(const char *word) { return strcmp(word, "-") == 0 ? "" : word; }

static bool read_line(char *line, struct said *s) {
  int body = 0;
  long long took;
  s->stays = *line == '*';
  if (sscanf(line + s->stays, "%7s %767s %95s %lld %63s %79s %15s %n", s->method, s->path, s->what, &took, s->type, s->etag,
             s->retry, &body) < 7)
    return false;
  s->took_ms = took;
  s->body = body ? line + s->stays + body : "";
  return took >= 0;
}

static bool script_open(const char *address, struct tick *clock, void **self, struct problem *problem) {
  struct script *s = calloc(1, sizeof *s);
  size_t len;
  *self = NULL;
  if (!s || !bell_init(&s->bell)) {
    free(s);
    return problem_set(problem, "内存不足", "out of memory");
  }
  s->clock = clock;
  atomic_init(&s->aborted, false);
  bool good = file_read(address, SCRIPT_MOST, &s->text, &len, problem);
  int number = 0;
  for (char *line = s->text, *next; good && *line; line = next) {
    next = line + strcspn(line, "\n");
    if (*next) *next++ = '\0';
    number++;
    if (*line == '#' || !*line) continue;
    good = s->count < LINES_MOST && read_line(line, &s->line[s->count++]);
    if (!good)
      problem_set(problem, "%s 第 %d 行：应为 方法 路径 状态 毫秒 类型 etag 秒 内容",
                  "%s line %d: expected METHOD PATH WHAT TOOK_MS TYPE ETAG RETRY_S BODY", address, number);
  }
  if (good)
    *self = s;
  else
    uplink_script_ops.close(s);
  return good;
}

static void script_close(void *self) {
  struct script *s = self;
  if (!s) return;
  free(s->text);
  bell_fini(&s->bell);
  free(s);
}

static void script_abort(void *self) {
  struct script *s = self;
  atomic_store(&s->aborted, true);
  bell_ring(&s->bell);
}

static struct said *find(struct script *s, const struct uplink_request *r) {
  for (int i = 0; i < s->count; i++) {
    struct said *line = &s->line[i];
    if (!line->taken && !strcmp(line->method, r->method) && strstr(r->url, line->path)) return line;
  }
  return NULL;
}

static void pass(struct script *s, int64_t ms) {
  const int64_t now_ms = tick_now(s->clock).mono_ms;
  tick_set(s->clock, now_ms + ms); /* a stream's */
  for (int64_t left; !atomic_load(&s->aborted) && (left = now_ms + ms - tick_now(s->clock).mono_ms) > 0;)
    bell_wait(&s->bell, left);
}

static void fail(struct uplink_answer *a, enum uplink_outcome outcome, const char *why) {
  a->outcome = outcome;
  snprintf(a->why, sizeof a->why, "%s", why);
}

/* A line of 206 has the whole file. */
static void give_file(const char *body, size_t len, const struct uplink_request *r, struct uplink_answer *a) {
  const size_t from = r->slice ? (size_t)r->from : 0;
  size_t n = from < len ? len - from : 0;
  if (r->slice && (int64_t)n > r->most) n = (size_t)r->most;
  if (r->slice) a->total = (int64_t)len;
  if ((int64_t)n > r->most)
    fail(a, UPLINK_TOO_LARGE, "too large");
  else if (write(r->fd, body + (n ? from : 0), n) != (ssize_t)n)
    fail(a, UPLINK_NOT_KEPT, "the data folder can't be written");
  a->len = n;
}

static void give(const struct said *said, const struct uplink_request *r, struct uplink_answer *a) {
  const size_t len = strlen(said->body);
  a->outcome = UPLINK_ANSWERED;
  a->status = atoi(said->what);
  a->tls = !strncmp(r->url, "https:", 6);
  a->retry_after_s = strcmp(said->retry, "-") != 0 ? atoi(said->retry) : -1;
  snprintf(a->type, sizeof a->type, "%s", word_or_none(said->type));
  snprintf(a->etag, sizeof a->etag, "%s", word_or_none(said->etag));
  if (r->fd >= 0 && a->status == (r->slice ? 206 : 200)) {
    give_file(said->body, len, r, a);
  } else if (r->slice && a->status == 200) {
  } else if (len + 1 > r->room) {
    fail(a, UPLINK_TOO_LARGE, "too large");
  } else {
    memcpy(r->into, said->body, len + 1);
    a->len = len;
  }
}

static void script_exchange(void *self, const struct uplink_request *r, struct uplink_answer *a) {
  struct script *s = self;
  struct said *said = find(s, r);
  *a = (struct uplink_answer){.retry_after_s = -1, .total = -1, .began = tick_now(s->clock)};
  if (r->room) r->into[0] = '\0';
  const int64_t took_ms = said ? said->took_ms : 0;
  pass(s, took_ms < r->limit_ms ? took_ms : r->limit_ms);
  if (said && !said->stays) said->taken = true;
  if (atomic_load(&s->aborted))
    fail(a, UPLINK_ABORTED, "the kiosk ends");
  else if (!said || !strcmp(said->what, "reset"))
    fail(a, UPLINK_FAILED, "nobody answers");
  else if (took_ms > r->limit_ms)
    fail(a, UPLINK_FAILED, "no answer in time");
  else if (!strcmp(said->what, "half"))
    fail(a, UPLINK_FAILED, "the answer breaks off");
  else if (!strcmp(said->what, "peer"))
    fail(a, UPLINK_OTHER_PEER, "the server's key is another one");
  else
    give(said, r, a);
  a->ended = tick_now(s->clock);
}

const struct uplink_ops uplink_script_ops = {
    .scheme = "script", .open = script_open, .exchange = script_exchange, .abort = script_abort, .close = script_close};
