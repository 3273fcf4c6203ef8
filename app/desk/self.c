/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/self.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/utf8.h"
#include "desk/held.h"
#include "desk/tend.h"
#include "pack/phone.h"

struct self {
  pthread_t thread; /* runs while `busy` */
  bool busy;
  atomic_bool done;
  struct bell *bell; /* borrowed: desk's */
  uint8_t salt[PACK_SALT], key[PHONE_KEY];
  char digits[SELF_DIGITS_MOST + 1];
  bool good; /* the thread's; the key is there */
  int16_t event;
  uint32_t serial; /* of the question that is worked on, or was answered last */

  struct pack_phone_person person[SELF_PEOPLE_MAX]; /* of the last answer */
  int count;
  int64_t kept_until_ms;
  int64_t tried_ms[SELF_TRIES]; /* mono, a ring */
  int64_t rest_until_ms;
  int tries;
};

bool self_init(struct desk *d) {
  d->self = NULL;
  if (!d->self_requests) return true;
  d->self = calloc(1, sizeof *d->self);
  if (d->self) d->self->bell = d->self_requests->bell;
  return d->self != NULL;
}

static void forget(struct self *s) {
  explicit_bzero(s->person, sizeof s->person);
  explicit_bzero(s->key, sizeof s->key);
  explicit_bzero(s->digits, sizeof s->digits);
  s->count = 0;
}

void self_fini(struct desk *d) {
  struct self *s = d->self;
  if (!s) return;
  if (s->busy) pthread_join(s->thread, NULL);
  forget(s);
  free(s);
  d->self = NULL;
}

/* The first character, and a star for each other one, three at most; what joins characters is none. */
void self_mask_name(const char *name, char *out, size_t size) {
  const size_t len = strlen(name);
  size_t first = len > 0 ? 1 : 0, stars = 0;
  while (first < len && ((uint8_t)name[first] & 0xC0) == 0x80) first++;
  for (size_t i = first; i < len; i++) stars += ((uint8_t)name[i] & 0xC0) != 0x80;
  if (first + 3 >= size) first = 0;
  memcpy(out, name, first);
  if (stars > 3) stars = 3;
  memset(out + first, '*', stars);
  out[first + stars] = '\0';
}

static void say(struct desk *d, enum self_result result, int64_t wait_ms) {
  const struct self *s = d->self;
  struct self_answer a = {.serial = s->serial, .result = result, .wait_ms = wait_ms};
  if (result == SELF_FOUND) {
    a.count = s->count;
    for (int i = 0; i < s->count; i++) {
      self_mask_name(s->person[i].attendee.name, a.person[i].name, sizeof a.person[i].name);
      a.person[i].type = s->person[i].attendee.type;
    }
  }
  mailbox_put(d->self_answers, &a); /* full: nobody has read for long, and nobody waits */
}

/* How long until another try; 0: now, and it is counted. After five within a minute there is a minute's rest. */
static int64_t try_again_in(struct self *s, int64_t now_ms) {
  if (now_ms < s->rest_until_ms) return s->rest_until_ms - now_ms;
  s->tried_ms[s->tries++ % SELF_TRIES] = now_ms;
  const int64_t first_ms = s->tried_ms[s->tries % SELF_TRIES]; /* of the last five */
  if (s->tries >= SELF_TRIES && now_ms - first_ms < SELF_TRIES_MS) s->rest_until_ms = now_ms + SELF_TRIES_MS;
  return 0;
}

static void *work(void *self) {
  struct self *s = self;
  s->good = phone_key(s->salt, s->digits, s->key);
  atomic_store(&s->done, true);
  bell_ring(s->bell);
  return NULL;
}

/* Signals are the main thread's. */
static bool start(struct self *s) {
  sigset_t all, before;
  atomic_store(&s->done, false);
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  s->busy = pthread_create(&s->thread, NULL, work, s) == 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return s->busy;
}

static void find(struct desk *d, const struct self_request *r, struct moment now) {
  struct self *s = d->self;
  char digits[SELF_DIGITS_MOST + 1];
  forget(s);
  s->serial = r->serial;
  s->event = pack_catalog(d->pack)->station[d->station].event;
  if (d->pack_bad || !pack_phone_salt(d->pack, s->event, s->salt)) {
    say(d, d->pack_bad ? SELF_FAILED : SELF_OFF, 0);
    return;
  }
  if (!phone_digits(r->digits, digits)) { /* no number at all: costs nothing, tells nothing */
    say(d, SELF_NOBODY, 0);
    return;
  }
  const int64_t wait_ms = try_again_in(s, now.mono_ms);
  if (wait_ms > 0) {
    log_warn("look-up by phone: too many tries");
    say(d, SELF_WAIT, wait_ms);
  } else {
    strcpy(s->digits, digits);
    if (!start(s)) say(d, SELF_FAILED, 0);
  }
  explicit_bzero(digits, sizeof digits);
}

static void found(struct desk *d, struct moment now) {
  struct self *s = d->self;
  pthread_join(s->thread, NULL);
  s->busy = false;
  const int count = s->good ? pack_phone_find(d->pack, s->event, s->key, s->person) : -1;
  explicit_bzero(s->key, sizeof s->key);
  explicit_bzero(s->digits, sizeof s->digits);
  s->count = count > 0 ? count : 0;
  s->kept_until_ms = now.mono_ms + SELF_KEPT_MS;
  say(d, count < 0 ? SELF_FAILED : count == 0 ? SELF_NOBODY : SELF_FOUND, 0);
}

/* Whoever knows the number isn't proven to be them: they see what leads them on, and no more. */
void self_mask(struct attendee *who) {
  char masked[SELF_NAME_MAX];
  self_mask_name(who->name, masked, sizeof masked);
  strcpy(who->name, masked);
  who->organization[0] = who->title[0] = '\0';
}

static void admit(struct desk *d, const struct self_request *r, struct moment now) {
  struct self *s = d->self;
  struct errand e = {.payload = {.by = BY_TAP, .at = r->at}, .notice = {.kind = NOTICE_VERDICT}, .masked = true};
  if (r->serial != s->serial || r->index < 0 || r->index >= s->count || now.mono_ms >= s->kept_until_ms) {
    s->serial = r->serial;
    say(d, SELF_NOBODY, 0);
    return;
  }
  const struct pack_phone_person *who = &s->person[r->index];
  e.question = (struct question){
      .catalog = pack_catalog(d->pack), .station = d->station, .now = r->at, .lookup = who->lookup, .attendee = who->attendee};
  e.question.ticket.kind = TICKET_CODE;
  strcpy(e.checkin.code, who->code);
  held_settle(d, now);
  held_give(d, &e, now);
  forget(s);
  explicit_bzero(&e, sizeof e);
}

static void serve(struct desk *d, const struct self_request *r, struct moment now) {
  switch (r->kind) {
  case SELF_FIND: find(d, r, now); break;
  case SELF_ADMIT: admit(d, r, now); break;
  case SELF_DROP: forget(d->self); break;
  }
}

int64_t self_step(struct desk *d, struct moment now) {
  struct self *s = d->self;
  struct self_request r;
  if (!s) return INT64_MAX;
  if (s->busy && atomic_load(&s->done)) found(d, now);
  if (s->count > 0 && now.mono_ms >= s->kept_until_ms) forget(s);
  if (!s->busy && mailbox_front(d->self_requests, &r)) { /* one at a time: the next one waits for the thread's ring */
    serve(d, &r, now);
    explicit_bzero(&r, sizeof r);
    mailbox_pop(d->self_requests);
    return s->busy ? INT64_MAX : now.mono_ms;
  }
  return s->count > 0 ? s->kept_until_ms : INT64_MAX;
}
