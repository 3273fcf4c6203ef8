/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/staff_phone.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "desk/tend.h"

enum {
  GRANT_MS = 5 * 60 * 1000, /* a stranger's certificate takes its time to be believed */
  SECRET = 20               /* random bytes of a token: 27 characters */
};

struct signed_in {
  struct pack_session *session; /* owned */
  struct phone_session is;
};

struct staff_phones {
  struct signed_in phone[PHONES_MAX];
  struct signed_in grant; /* the token that nobody has brought yet: session NULL: none */
};

bool staff_phones_init(struct desk *d) {
  d->staff->phones = calloc(1, sizeof *d->staff->phones);
  return d->staff->phones != NULL;
}

static void hash_of(const char *secret, uint8_t hash[PHONE_HASH]) {
  crypto_generichash(hash, PHONE_HASH, (const uint8_t *)secret, strnlen(secret, PHONE_TOKEN), NULL, 0);
}

static void make_secret(char token[PHONE_TOKEN], uint8_t hash[PHONE_HASH]) {
  uint8_t bytes[SECRET];
  randombytes_buf(bytes, sizeof bytes);
  sodium_bin2base64(token, PHONE_TOKEN, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  sodium_memzero(bytes, sizeof bytes);
  hash_of(token, hash);
}

/* What it is about to be told in the midst of its work is that it is locked. */
static void end(struct desk *d, struct signed_in *p) {
  struct staff *s = d->staff;
  struct staff_open *before = s->open;
  if (p->is.number && p->is.number == s->phone.number) {
    s->open = &s->phone;
    sodium_memzero(&s->phone.answer, sizeof s->phone.answer);
    if (s->phone.job) staff_say(d, STAFF_LOCKED, STAFF_NO_REASON);
    s->open = before;
    staff_forget(&s->phone);
  }
  pack_lock(p->session);
  sodium_memzero(p, sizeof *p);
}

void staff_phones_fini(struct desk *d) {
  struct staff_phones *all = d->staff->phones;
  if (!all) return;
  for (int i = 0; i < PHONES_MAX; i++) end(d, &all->phone[i]);
  end(d, &all->grant);
  free(all);
  d->staff->phones = NULL;
}

int16_t staff_phones_count(const struct desk *d) {
  int16_t n = 0;
  for (int i = 0; i < PHONES_MAX; i++) n += d->staff->phones->phone[i].session != NULL;
  return n;
}

void staff_phones_tell(struct desk *d, struct moment now) {
  struct board board = {.at = now, .station = d->station, .health = d->health};
  if (!d->board) return;
  for (int i = 0; i < PHONES_MAX; i++) board.phone[i] = d->staff->phones->phone[i].is;
  latest_set(d->board, &board);
  sodium_memzero(&board, sizeof board);
}

int64_t staff_phones_tend(struct desk *d, struct moment now) {
  struct staff_phones *all = d->staff->phones;
  int64_t due = INT64_MAX;
  bool any = false;
  for (int i = 0; i <= PHONES_MAX; i++) {
    struct signed_in *p = i < PHONES_MAX ? &all->phone[i] : &all->grant;
    const int64_t until = p->is.until_mono_ms;
    if (!p->session) continue;
    if (until <= now.mono_ms) {
      end(d, p);
      any = true;
    } else if (until < due) {
      due = until;
    }
  }
  if (any) staff_phones_tell(d, now);
  return due;
}

void staff_phones_load(struct desk *d, uint32_t session) {
  struct staff_open *o = d->staff->open;
  const struct staff_request asked = o->request;
  if (o->number == session && session) return;
  staff_forget(o);
  o->request = asked;
  for (int i = 0; session && i < PHONES_MAX; i++) {
    const struct signed_in *p = &d->staff->phones->phone[i];
    if (p->is.number != session) continue;
    o->number = session;
    o->session = p->session;
    o->lead = p->is.lead;
    memcpy(o->name, p->is.name, sizeof o->name);
  }
}

void staff_phones_withdraw(struct desk *d, const char *name, struct moment now) {
  struct staff_phones *all = d->staff->phones;
  for (int i = 0; i <= PHONES_MAX; i++) {
    struct signed_in *p = i < PHONES_MAX ? &all->phone[i] : &all->grant;
    if (p->session && !strcmp(pack_operator(p->session)->name, name)) end(d, p);
  }
  staff_phones_tell(d, now);
}

/* --- at the console --- */

static void list(struct desk *d, struct moment now) {
  struct staff_answer *a = &d->staff->open->answer;
  const struct signed_in *grant = &d->staff->phones->grant;
  a->count = 0;
  a->wait_ms = grant->session && grant->is.until_mono_ms > now.mono_ms ? grant->is.until_mono_ms - now.mono_ms : 0;
  for (int i = 0; i < PHONES_MAX; i++) {
    const struct phone_session *p = &d->staff->phones->phone[i].is;
    if (!p->number) continue;
    struct staff_phone *to = &a->phone[a->count++];
    to->session = p->number;
    to->left_ms = p->until_mono_ms - now.mono_ms;
    memcpy(to->name, p->name, sizeof to->name);
  }
}

void staff_phones(struct desk *d, struct moment now) {
  list(d, now);
  staff_say(d, STAFF_DONE, STAFF_NO_REASON);
}

static struct signed_in *free_place(struct staff_phones *all) {
  for (int i = 0; i < PHONES_MAX; i++)
    if (!all->phone[i].session) return &all->phone[i];
  return NULL;
}

void staff_grant(struct desk *d, struct moment now) {
  struct staff_open *o = d->staff->open;
  struct staff_phones *all = d->staff->phones;
  if (!o->session) {
    staff_say(d, STAFF_DENIED, STAFF_NO_SEARCH);
    return;
  }
  list(d, now);
  if (!free_place(all)) {
    staff_say(d, STAFF_REFUSED, STAFF_PHONES_FULL);
    return;
  }
  struct signed_in *g = &all->grant;
  end(d, g); /* one code on the screen, one token */
  g->session = pack_session_copy(o->session);
  if (!g->session) {
    staff_say(d, STAFF_FAILED, STAFF_NO_REASON);
    return;
  }
  make_secret(o->answer.token, g->is.hash);
  memcpy(g->is.name, o->name, sizeof g->is.name);
  g->is.lead = o->lead;
  g->is.until_mono_ms = now.mono_ms + GRANT_MS;
  o->answer.wait_ms = GRANT_MS;
  staff_say(d, STAFF_DONE, STAFF_NO_REASON);
}

/* One session, or all that this card may end: its own, a lead's everybody's. */
void staff_revoke(struct desk *d, struct moment now) {
  const struct staff_open *o = d->staff->open;
  struct staff_phones *all = d->staff->phones;
  const uint32_t which = (uint32_t)o->request.count;
  bool found = which == 0, denied = false;
  for (int i = 0; i < PHONES_MAX; i++) {
    struct signed_in *p = &all->phone[i];
    const bool own = !strcmp(p->is.name, o->name);
    if (!p->session || (which && p->is.number != which)) continue;
    found = true;
    denied = !own && !o->lead;
    if (denied) continue;
    if (!staff_note(d, RECORD_SYSTEM, now, "phone of %s revoked", p->is.name)) return;
    end(d, p);
  }
  if (which == 0 && (o->lead || !strcmp(all->grant.is.name, o->name))) end(d, &all->grant);
  list(d, now);
  staff_phones_tell(d, now);
  if (which && denied)
    staff_say(d, STAFF_DENIED, STAFF_FOR_LEAD);
  else
    staff_say(d, found ? STAFF_DONE : STAFF_REFUSED, found ? STAFF_NO_REASON : STAFF_NOT_FOUND);
}

/* --- from a phone --- */

void staff_redeem(struct desk *d, struct moment now) {
  struct staff_open *o = d->staff->open;
  struct staff_phones *all = d->staff->phones;
  struct signed_in *p = free_place(all), *g = &all->grant;
  uint8_t hash[PHONE_HASH];
  hash_of(o->request.text, hash);
  const bool known = g->session && now.mono_ms < g->is.until_mono_ms && sodium_memcmp(hash, g->is.hash, sizeof hash) == 0;
  if (!known || !p) {
    staff_say(d, STAFF_DENIED, known ? STAFF_PHONES_FULL : STAFF_GRANT_GONE);
    return;
  }
  memcpy(o->name, g->is.name, sizeof o->name); /* for the record */
  if (!staff_note(d, RECORD_SYSTEM, now, "phone of %s signed in", g->is.name)) return;
  *p = *g;
  sodium_memzero(g, sizeof *g);
  struct staff *s = d->staff;
  p->is.number = ++s->sessions ? s->sessions : ++s->sessions;
  p->is.until_mono_ms = now.mono_ms + PHONE_MS;
  make_secret(o->answer.token, p->is.hash);
  staff_phones_tell(d, now);
  o->request.session = p->is.number;
  staff_say(d, STAFF_DONE, STAFF_NO_REASON);
  memset(o->name, 0, sizeof o->name);
}

void staff_leave(struct desk *d, struct moment now) {
  const uint32_t number = d->staff->open->number;
  if (!staff_note(d, RECORD_SYSTEM, now, "phone of %s signed out", d->staff->open->name)) return;
  staff_say(d, STAFF_DONE, STAFF_NO_REASON);
  for (int i = 0; i < PHONES_MAX; i++)
    if (d->staff->phones->phone[i].is.number == number) end(d, &d->staff->phones->phone[i]);
  staff_phones_tell(d, now);
}
