/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/staff.h"

#include <assert.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/utf8.h"
#include "desk/held.h"
#include "desk/staff_export.h"
#include "desk/staff_phone.h"
#include "desk/tend.h"
#include "journal/line.h"

enum {
  ROOM_MS = 5,             /* ui hasn't taken the last answer yet */
  IDLE_MS = 15 * 60 * 1000 /* the console closes itself long before; this is for one that can't any more */
};

static const struct {
  void (*serve)(struct desk *d, struct moment now);
  bool lead, session; /* a lead's; needs a session */
  enum { AT_CONSOLE, ANYWHERE, BY_PHONES } where;
} kinds[STAFF_KINDS] = {
    [STAFF_UNLOCK] = {staff_unlock, false, false},
    [STAFF_LOCK] = {NULL, false, false},
    [STAFF_SEARCH] = {staff_search, false, true, ANYWHERE},
    [STAFF_RECENT] = {staff_recent, false, true, ANYWHERE},
    [STAFF_TODAY] = {staff_today, false, true, ANYWHERE},
    [STAFF_ADMIT] = {staff_admit, false, true, ANYWHERE},
    [STAFF_WALKIN] = {staff_walkin, false, true, ANYWHERE},
    [STAFF_CORRECT] = {staff_correct, false, true},
    [STAFF_UNDO] = {staff_undo, false, true, ANYWHERE},
    [STAFF_SHIFT] = {staff_shift, false, true},
    [STAFF_STATION] = {staff_station, false, true},
    [STAFF_GROUP] = {staff_group, false, true},
    [STAFF_WITHDRAW] = {staff_withdraw, true, true},
    [STAFF_WITHDRAWN] = {staff_withdrawn, true, true},
    [STAFF_CLOCK] = {staff_clock, false, true},
    [STAFF_STICKS] = {staff_sticks, false, true},
    [STAFF_EXPORT] = {staff_export, true, true},
    [STAFF_SHUTDOWN] = {staff_shutdown, true, true},
    [STAFF_HUB] = {staff_hub, true, true},
    [STAFF_GRANT] = {staff_grant, false, true},
    [STAFF_PHONES] = {staff_phones, false, true},
    [STAFF_REVOKE] = {staff_revoke, false, true},
    [STAFF_REDEEM] = {staff_redeem, false, false, BY_PHONES},
    [STAFF_LEAVE] = {staff_leave, false, true, BY_PHONES},
};

bool staff_init(struct desk *d, struct moment now, struct problem *problem) {
  struct staff *s = d->staff = calloc(1, sizeof *s);
  const struct catalog *catalog = pack_catalog(d->pack);
  if (!s) return problem_set(problem, "内存不足。", "Out of memory.");
  s->open = &s->console;
  s->console.by = BY_HAND;
  s->phone.by = BY_PHONE;
  if (!staff_phones_init(d)) {
    staff_fini(d);
    return problem_set(problem, "内存不足。", "Out of memory.");
  }
  names_open(&s->names, d->data, d->identity ? d->identity->stamp_key : NULL, catalog);
  if (!withdrawn_open(&s->withdrawn, d->data, problem)) {
    staff_fini(d);
    return false;
  }
  staff_resume(d, now);
  return true;
}

/* In every place that desk has for it. */
void staff_forget(struct staff_open *o) {
  const enum by by = o->by;
  if (by == BY_HAND) pack_lock(o->session);
  if (o->arrival) sodium_memzero(o->arrival, sizeof *o->arrival * o->room);
  free(o->arrival);
  sodium_memzero(o, sizeof *o);
  o->by = by;
}

static void close_session(struct staff *s) {
  staff_forget(&s->console);
  sodium_memzero(&s->next, sizeof s->next);
}

void staff_fini(struct desk *d) {
  struct staff *s = d->staff;
  if (!s) return;
  staff_export_end(d);
  close_session(s);
  staff_forget(&s->phone);
  staff_phones_fini(d);
  sodium_memzero(s, sizeof *s);
  free(s);
  d->staff = NULL;
}

/* --- sessions --- */

static void begin(struct staff *s, struct pack_session *session, const char *name, bool lead, struct moment now,
                  struct notice *n) {
  struct staff_open *o = s->open;
  close_session(s);
  o->number = ++s->sessions ? s->sessions : ++s->sessions;
  o->session = session;
  o->lead = lead;
  o->touched_ms = now.mono_ms;
  snprintf(o->name, sizeof o->name, "%.*s", (int)utf8_cut(name, strlen(name), sizeof o->name - 1), name);
  n->kind = NOTICE_CONSOLE;
  n->card = session ? CARD_OPENS : CARD_NONE;
  n->staff = (struct notice_operator){.lead = lead, .pin = !session, .session = o->number};
  if (session) snprintf(n->staff.name, sizeof n->staff.name, "%s", name);
}

static void remember_card(struct staff *s, const char *name) {
  int at = 0;
  while (at < s->cards && strcmp(s->card[at], name) != 0) at++;
  if (at == STAFF_CARDS) at = 0; /* the one that was here longest ago */
  if (at < s->cards) memmove(s->card[at], s->card[at + 1], sizeof *s->card * (size_t)(s->cards-- - at - 1));
  snprintf(s->card[s->cards++], sizeof *s->card, "%s", name);
}

bool staff_card(struct desk *d, const uint8_t secret[32], struct moment now, struct notice *n) {
  struct pack_session *session = NULL;
  switch (pack_unlock(d->pack, secret, &session)) {
  case PACK_UNLOCKED: n->card = CARD_OPENS; break;
  case PACK_UNLOCK_UNKNOWN: n->card = CARD_UNKNOWN; return false;
  case PACK_UNLOCK_BROKEN: n->card = CARD_UNREADABLE; return false;
  }
  const struct pack_operator *who = pack_operator(session);
  if (withdrawn_has(&d->staff->withdrawn, who->name)) {
    pack_lock(session);
    n->card = CARD_UNKNOWN;
    return false;
  }
  remember_card(d->staff, who->name);
  begin(d->staff, session, who->name, who->lead, now, n);
  return true;
}

/* Where there are no cards there is nobody else to do what a lead does. */
void staff_open_by_pin(struct desk *d, struct moment now) {
  struct errand e = {.payload = {.by = BY_TAP, .at = now}};
  held_settle(d, now);
  begin(d->staff, NULL, "PIN", pack_facts(d->pack)->cards == 0, now, &e.notice);
  errand_tell(d, &e);
}

bool staff_is_open(const struct staff *s) { return s->console.number != 0; }

bool staff_is_lead(const struct staff *s) { return s->console.number != 0 && s->console.lead; }

/* --- answers --- */

static struct staff_answer *answer_of(struct desk *d) { return &d->staff->open->answer; }

static bool send(struct desk *d) {
  struct staff_open *o = d->staff->open;
  o->answered = !mailbox_put(o->by == BY_PHONE ? d->phone_answers : d->staff_answers, &o->answer);
  if (!o->answered && o->last) sodium_memzero(&o->answer, sizeof o->answer);
  return !o->answered;
}

static void say(struct desk *d, bool last) {
  struct staff_open *o = d->staff->open;
  o->answer.kind = o->request.kind;
  o->answer.session = o->request.session;
  o->answer.serial = o->request.serial;
  o->answered = true;
  o->last = last;
  send(d);
}

void staff_say(struct desk *d, enum staff_result result, enum staff_why why) {
  answer_of(d)->result = result;
  answer_of(d)->why = why;
  d->staff->open->job = NULL;
  say(d, true);
}

void staff_say_more(struct desk *d, struct moment now) {
  answer_of(d)->result = STAFF_DONE;
  answer_of(d)->more = -1;
  d->staff->open->told_ms = now.mono_ms;
  say(d, false);
}

bool staff_note(struct desk *d, enum record_kind kind, struct moment now, const char *format, ...) {
  struct checkin c = {.kind = kind, .at = now, .view_age_s = -1};
  const struct catalog *catalog = pack_catalog(d->pack);
  const struct station *station = &catalog->station[d->station];
  struct problem problem;
  va_list args;
  strcpy(c.event, catalog->event[station->event].id);
  strcpy(c.station, station->id);
  strcpy(c.operator_name, d->staff->open->name);
  va_start(args, format);
  vsnprintf(c.note, sizeof c.note, format, args);
  va_end(args);
  if (desk_append(d, &c, &answer_of(d)->seq, &problem)) return true;
  answer_of(d)->seq = 0;
  staff_say(d, STAFF_FAILED, STAFF_NO_REASON);
  return false;
}

bool staff_text(const char *text, char out[TEXT_MAX]) {
  size_t n = 0, len = strnlen(text, TEXT_MAX - 1);
  for (size_t i = 0, k; i < len; i += k) {
    k = utf8_char((const unsigned char *)text + i, len - i);
    if (k == 0 || (k == 1 && ((unsigned char)text[i] < 0x20 || text[i] == 0x7F))) {
      k = 1;
      continue;
    }
    if (n == 0 && text[i] == ' ') continue;
    memcpy(out + n, text + i, k);
    n += k;
  }
  while (n > 0 && out[n - 1] == ' ') n--;
  out[n] = '\0';
  return n > 0;
}

const char *staff_seal(struct desk *d, const char *name, char sealed[1024]) {
  enum { PLAIN_MAX = 2 * TEXT_MAX + 16 };
  uint8_t key[32], box[PLAIN_MAX + crypto_box_SEALBYTES];
  struct line line;
  if (!pack_seal_key(d->pack, key)) return NULL;
  line_begin(&line);
  line_text(&line, "name", name);
  if (!line_end(&line) || line.len > PLAIN_MAX) return NULL;
  crypto_box_seal(box, (const uint8_t *)line.bytes, line.len, key);
  sodium_bin2base64(sealed, 1024, box, line.len + crypto_box_SEALBYTES, sodium_base64_VARIANT_ORIGINAL);
  sodium_memzero(&line, sizeof line);
  return sealed;
}

void staff_rename(const struct staff *s, const char *event, struct attendee *who) {
  const char *name = names_find(&s->names, event, who->number);
  if (name) snprintf(who->name, sizeof who->name, "%s", name);
}

/* --- turns --- */

static void serve(struct desk *d, struct moment now) {
  struct staff_open *o = d->staff->open;
  const struct staff_request *r = &o->request;
  o->job = NULL;
  sodium_memzero(&o->answer, sizeof o->answer);
  const bool phone = o->by == BY_PHONE;
  if ((unsigned)r->kind >= STAFF_KINDS || !kinds[r->kind].serve) return;
  if (phone) staff_phones_load(d, r->session);
  if (kinds[r->kind].where != ANYWHERE && phone != (kinds[r->kind].where == BY_PHONES)) {
    staff_say(d, STAFF_DENIED, STAFF_NO_REASON);
    return;
  }
  if (kinds[r->kind].session && (o->number == 0 || r->session != o->number)) {
    staff_say(d, STAFF_LOCKED, STAFF_NO_REASON);
    return;
  }
  o->touched_ms = now.mono_ms;
  if (kinds[r->kind].lead && !o->lead) {
    staff_say(d, STAFF_DENIED, STAFF_FOR_LEAD);
    return;
  }
  kinds[r->kind].serve(d, now);
}

/* What is at work is finished first, but for a search that nobody waits for any more, and for the end of all. */
static bool is_next(const struct staff *s) {
  const enum staff_kind kind = s->next.kind;
  return !s->open->job || kind == STAFF_LOCK || (kind == STAFF_SEARCH && s->open->request.kind == STAFF_SEARCH);
}

static struct mailbox *requests_of(const struct desk *d) {
  return d->staff->open->by == BY_PHONE ? d->phone_requests : d->staff_requests;
}

static void take(struct desk *d, struct moment now) {
  struct staff *s = d->staff;
  mailbox_pop(requests_of(d));
  if (s->next.kind == STAFF_LOCK) {
    if (s->next.session == s->open->number) close_session(s);
  } else {
    s->open->request = s->next;
    serve(d, now);
  }
}

static int64_t step(struct desk *d, struct moment now) {
  struct staff *s = d->staff;
  struct staff_open *o = s->open;
  bool any = mailbox_front(requests_of(d), &s->next), warming = false;
  if (any && s->next.kind == STAFF_LOCK) {
    take(d, now);
  } else if (o->answered && !send(d)) {
    return now.mono_ms + ROOM_MS;
  } else if (o == &s->console && staff_export_ended(d)) {
    staff_export_tell(d, now);
  } else if (any && is_next(s)) {
    take(d, now);
  } else if (o->job) {
    if (!o->job(d, now)) o->job = NULL;
  } else {
    warming = o == &s->console && o->session && pack_warm(o->session, 1); /* the first character finds all made ready */
  }
  sodium_memzero(&s->next, sizeof s->next);
  return o->job || o->answered || warming || !mailbox_empty(requests_of(d)) ? now.mono_ms : INT64_MAX;
}

/* A phone's turn comes when the console has nothing to do. */
int64_t staff_step(struct desk *d, struct moment now) {
  struct staff *s = d->staff;
  struct staff_open *o = &s->console;
  int64_t due = INT64_MAX, phones = INT64_MAX;
  if (d->staff_requests) {
    if (o->number && now.mono_ms - o->touched_ms >= IDLE_MS) close_session(s);
    due = step(d, now);
    if (due == INT64_MAX && o->number) due = o->touched_ms + IDLE_MS;
  }
  if (d->phone_requests && due > now.mono_ms) {
    s->open = &s->phone;
    phones = step(d, now);
    s->open = &s->console;
    const int64_t ends = staff_phones_tend(d, now);
    if (ends < phones) phones = ends;
  }
  return phones < due ? phones : due;
}
