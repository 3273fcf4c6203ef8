/* SPDX-License-Identifier: Apache-2.0
 * What waits for desk: a short queue, of which desk has one request at most, whatever the phones do.
 */
#include <string.h>

#include "monitor/inner.h"

enum {
  WAITING_MOST = 16,
  OF_ONE = 2,           /* of one phone; of those who aren't signed in together */
  WAIT_MS = 8 * 1000,   /* then the phone is told to try again */
  SILENT_MS = 60 * 1000 /* so long desk has been given time for its answer: it must have lost the request */
};

bool desk_ask(struct monitor *m, struct asked *r) {
  struct monitor_inner *s = m->state;
  int own = 0;
  for (const struct asked *w = s->first; w; w = w->next) own += w->who.number == r->who.number;
  if (s->waiting == WAITING_MOST || own == OF_ONE) return false;
  r->waits = true;
  r->since_ms = s->now.mono_ms;
  r->request.session = r->who.number;
  r->next = NULL;
  if (s->last) s->last->next = r;
  s->last = r;
  if (!s->first) s->first = r;
  s->waiting++;
  return true;
}

/* Out of the queue; where desk has its request, nobody waits for the answer any more. */
void desk_forget(struct monitor *m, const struct asked *r) {
  struct monitor_inner *s = m->state;
  struct asked *before = NULL;
  for (struct asked *w = s->first; w; before = w, w = w->next) {
    if (w != r) continue;
    if (before)
      before->next = w->next;
    else
      s->first = w->next;
    if (s->last == w) s->last = before;
    s->waiting--;
    return;
  }
}

static void resume(struct monitor *m, struct asked *r) {
  desk_forget(m, r);
  r->waits = false;
  MHD_resume_connection(r->connection);
}

static void take_answers(struct monitor *m) {
  struct monitor_inner *s = m->state;
  struct staff_answer *a = &s->told;
  for (; mailbox_front(m->answers, a); mailbox_pop(m->answers)) {
    struct asked *r = s->first;
    if (a->serial != s->serial || a->more < 0) continue; /* of another one, or there is more to come */
    s->serial = 0;
    if (!r || r->request.serial != a->serial) continue;
    r->route->tell(m, r, a);
    resume(m, r);
  }
  explicit_bzero(a, sizeof *a);
}

static void give_up(struct monitor *m) {
  struct monitor_inner *s = m->state;
  for (struct asked *r = s->first, *next; r; r = next) {
    next = r->next;
    if (s->now.mono_ms - r->since_ms < WAIT_MS) continue;
    answer_problem(r, 504, "签到机没有及时回答；请看最近记录再试一次",
                   "the kiosk didn't answer in time: look at the last records, then try again");
    resume(m, r);
  }
  if (s->serial && s->now.mono_ms - s->sent_ms >= SILENT_MS) s->serial = 0;
}

static void send_next(struct monitor *m) {
  struct monitor_inner *s = m->state;
  struct asked *r = s->first;
  if (s->serial || !r) return;
  r->request.serial = ++s->serials ? s->serials : ++s->serials;
  if (!mailbox_put(m->requests, &r->request)) return; /* the end */
  s->serial = r->request.serial;
  s->sent_ms = s->now.mono_ms;
  explicit_bzero(r->request.text, sizeof r->request.text);
}

void desk_turn(struct monitor *m) {
  take_answers(m);
  give_up(m);
  send_next(m);
}

int64_t desk_due(const struct monitor *m) { return m->state->first ? m->state->first->since_ms + WAIT_MS : INT64_MAX; }

void desk_drop_all(struct monitor *m) {
  while (m->state->first) {
    struct asked *r = m->state->first;
    answer_problem(r, 503, "签到机正在重新启动，请再试一次", "the kiosk is starting again; try once more");
    resume(m, r);
  }
}
