/* SPDX-License-Identifier: Apache-2.0
 * What staff settle about the kiosk itself: the PIN, the shift, which station it serves, groups that are full, cards that
 * were lost, the time. Each leaves a record, and is so again when the kiosk was started anew.
 */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "core/day.h"
#include "desk/staff.h"
#include "desk/staff_export.h"
#include "desk/staff_phone.h"
#include "desk/tend.h"
#include "journal/rows.h"

enum { PINS = 5, PIN_WAIT_MS = 60 * 1000, SAME_MS = 60 * 1000 };
static const int64_t earliest_ms = INT64_C(1577836800000), latest_ms = INT64_C(4102444800000); /* 2020 and 2100 */
static const char operators[] = "source=operator";

static const struct catalog *catalog_of(const struct desk *d) { return pack_catalog(d->pack); }

/* --- the PIN --- */

void staff_unlock(struct desk *d, struct moment now) {
  struct staff *s = d->staff;
  struct staff_open *o = s->open;
  if (!d->pin || !d->pin[0]) {
    staff_say(d, STAFF_DENIED, STAFF_PIN_NONE);
    return;
  }
  if (now.mono_ms < s->pin_again_ms) {
    o->answer.wait_ms = s->pin_again_ms - now.mono_ms;
    staff_say(d, STAFF_DENIED, STAFF_PIN_WAIT);
    return;
  }
  if (crypto_pwhash_str_verify(d->pin, o->request.text, strnlen(o->request.text, TEXT_MAX)) == 0) {
    struct staff_request answered = {.kind = STAFF_UNLOCK, .serial = o->request.serial};
    s->wrong_pins = 0;
    staff_open_by_pin(d, now);
    o->request = answered;
    staff_say(d, STAFF_DONE, STAFF_NO_REASON);
    return;
  }
  if (++s->wrong_pins < PINS) {
    staff_say(d, STAFF_DENIED, STAFF_PIN_WRONG);
    return;
  }
  s->wrong_pins = 0;
  s->pin_again_ms = now.mono_ms + PIN_WAIT_MS;
  o->answer.wait_ms = PIN_WAIT_MS;
  if (staff_note(d, RECORD_SYSTEM, now, "PIN of the console wrong %d times", PINS)) staff_say(d, STAFF_DENIED, STAFF_PIN_WAIT);
}

/* --- the shift --- */

static void remember_shift(struct desk *d, struct moment now) {
  if (!journal_last_shift(d->journal, now, &d->staff->shift)) d->staff->shift.seq = 0;
}

static bool is_of_today(const struct desk *d, const struct journal_row *row, struct moment now) {
  const struct event *event = &catalog_of(d)->event[catalog_of(d)->station[d->station].event];
  const struct moment day = tend_day(d, now);
  if (!day.wall_ok) return row->this_boot;
  const int64_t wall_ms = row->at.wall_ok ? row->at.wall_ms : day.wall_ms - (day.mono_ms - row->at.mono_ms);
  return (row->at.wall_ok || row->this_boot) && event_day(event, wall_ms) == event_day(event, day.wall_ms);
}

void staff_shift(struct desk *d, struct moment now) {
  const struct staff_request *r = &d->staff->open->request;
  const struct desk_health *h = &d->health;
  char text[TEXT_MAX];
  staff_text(r->text, text);
  if (!staff_note(d, RECORD_SHIFT, now, "%s people=%lld today=%lld records=%lld unsent=%lld disk_mb=%lld%s%s",
                  r->index == STAFF_SHIFT_OPENING ? "opening" : "handover", (long long)h->people, (long long)h->people_today,
                  (long long)journal_records(d->journal), (long long)h->unsent, (long long)h->disk_free_mb, text[0] ? ": " : "",
                  text))
    return;
  remember_shift(d, now);
  d->health_due_ms = now.mono_ms;
  staff_say(d, STAFF_DONE, STAFF_NO_REASON);
}

/* --- station, groups, cards --- */

void staff_station(struct desk *d, struct moment now) {
  struct staff_open *o = d->staff->open;
  const int16_t to = o->request.index;
  if (to < 0 || to >= catalog_of(d)->stations) {
    staff_say(d, STAFF_REFUSED, STAFF_NOT_FOUND);
    return;
  }
  if (to != d->station &&
      !staff_note(d, RECORD_SYSTEM, now, "station %s, configured %s", catalog_of(d)->station[to].id, d->staff->configured))
    return;
  d->station = to;
  d->trusted_day = -1; /* another event has other days; the next look at the clock says which */
  d->health_due_ms = now.mono_ms;
  o->answer.index = to;
  staff_say(d, STAFF_DONE, STAFF_NO_REASON);
}

void staff_group(struct desk *d, struct moment now) {
  const struct staff_request *r = &d->staff->open->request;
  if (r->index < 0 || r->index >= catalog_of(d)->hosts) {
    staff_say(d, STAFF_REFUSED, STAFF_NOT_FOUND);
    return;
  }
  const uint32_t bit = UINT32_C(1) << r->index;
  if (!staff_note(d, RECORD_SYSTEM, now, "group %s %s", catalog_of(d)->host[r->index].id, r->count ? "full" : "open")) return;
  d->health.groups_full = r->count ? d->health.groups_full | bit : d->health.groups_full & ~bit;
  d->health_due_ms = now.mono_ms;
  staff_say(d, STAFF_DONE, STAFF_NO_REASON);
}

void staff_withdraw(struct desk *d, struct moment now) {
  const struct staff_request *r = &d->staff->open->request;
  struct problem problem;
  char name[TEXT_MAX];
  if (!staff_text(r->text, name)) {
    staff_say(d, STAFF_REFUSED, STAFF_NOTHING);
    return;
  }
  const bool kept = withdrawn_set(&d->staff->withdrawn, name, r->count != 0, &problem);
  if (!kept) log_error("%s", problem.en);
  if (r->count) staff_phones_withdraw(d, name, now);
  if (!staff_note(d, RECORD_SYSTEM, now, "card %s %s", r->count ? "withdrawn:" : "valid again:", name)) return;
  staff_say(d, kept ? STAFF_DONE : STAFF_FAILED, STAFF_NO_REASON);
}

static void put_card(struct staff_answer *a, const char *name, bool valid) {
  if (a->count == STAFF_LIST_MAX) return;
  struct staff_person *p = &a->person[a->count++];
  snprintf(p->name, sizeof p->name, "%s", name);
  p->confirmed = valid;
}

/* And those that could be: a lost card's name need not be typed, which takes an input method. Not the one that opened this
 * console, which is the last. */
void staff_withdrawn(struct desk *d, struct moment now) {
  const struct staff *s = d->staff;
  struct staff_answer *a = &d->staff->open->answer;
  (void)now;
  for (int i = s->withdrawn.count; i-- > 0;) put_card(a, s->withdrawn.name[i], false);
  for (int i = s->cards - 1; i-- > 0;)
    if (!withdrawn_has(&s->withdrawn, s->card[i])) put_card(a, s->card[i], true);
  staff_say(d, STAFF_DONE, STAFF_NO_REASON);
}

/* --- the time --- */

/* What an operator said in this boot and nobody took back. */
static bool last_told(struct desk *d, struct moment now, struct journal_row *row) {
  return journal_last_clock(d->journal, operators, now, row) && row->this_boot && !row->undone;
}

/* An undo of that evidence, so that the merge doesn't believe it, either. False: not written, and answered so. */
static bool take_back(struct desk *d, const struct journal_row *told, struct moment now) {
  struct checkin c = {.kind = RECORD_UNDO, .at = now, .view_age_s = -1, .note = "the operator takes the time back"};
  struct problem problem;
  strcpy(c.operator_name, d->staff->open->name);
  memcpy(c.ref, told->id, sizeof c.ref);
  if (desk_append(d, &c, &d->staff->open->answer.seq, &problem)) return true;
  staff_say(d, STAFF_FAILED, STAFF_NO_REASON);
  return false;
}

static void forget_time(struct desk *d, struct moment now) {
  struct journal_row told;
  if (!last_told(d, now, &told)) {
    staff_say(d, STAFF_REFUSED, STAFF_NOT_FOUND);
    return;
  }
  if (!take_back(d, &told, now)) return;
  d->tell_clock(d->clock, 0);
  d->clock_told = false;
  d->trusted_day = -1;
  d->health_due_ms = now.mono_ms;
  staff_say(d, STAFF_DONE, STAFF_NO_REASON);
}

/* Somewhere else than where it would have gone by itself. */
static bool was_wrong(const struct journal_row *told, struct moment now) {
  const int64_t off = told->at.wall_ms + (now.mono_ms - told->at.mono_ms) - now.wall_ms;
  return off > SAME_MS || off < -SAME_MS;
}

void staff_clock(struct desk *d, struct moment now) {
  struct staff_open *o = d->staff->open;
  const struct moment at = o->request.at;
  struct journal_row told;
  if (now.wall_ok && !o->lead) {
    staff_say(d, STAFF_DENIED, STAFF_FOR_LEAD);
    return;
  }
  if (d->tell_clock && at.wall_ms == 0) {
    forget_time(d, now);
    return;
  }
  const int64_t since = at.mono_ms > 0 && at.mono_ms < now.mono_ms ? now.mono_ms - at.mono_ms : 0;
  now.wall_ms = at.wall_ms + since;
  if (now.wall_ms < earliest_ms || now.wall_ms > latest_ms) {
    staff_say(d, STAFF_REFUSED, STAFF_NOTHING);
    return;
  }
  if (!d->tell_clock || !d->tell_clock(d->clock, now.wall_ms)) {
    staff_say(d, STAFF_REFUSED, STAFF_CLOCK_IS_SET);
    return;
  }
  now.wall_ok = true;
  d->hub_clock = false;
  d->clock_told = false; /* where it can't be written now it will be told when it can */
  if (last_told(d, now, &told) && was_wrong(&told, now) && !take_back(d, &told, now)) return;
  if (!staff_note(d, RECORD_CLOCK, now, "%s", operators)) return;
  d->clock_told = true;
  d->told_source = "operator";
  d->health_due_ms = now.mono_ms;
  staff_say(d, STAFF_DONE, STAFF_NO_REASON);
}

/* --- after a start --- */

static void resume_station(struct desk *d) {
  char note[NOTE_MAX], id[ID_MAX * 2], configured[ID_MAX * 2];
  struct staff *s = d->staff;
  strcpy(s->configured, catalog_of(d)->station[d->station].id);
  if (!journal_last_system(d->journal, "station ", note)) return;
  if (sscanf(note, "station %127[^,], configured %127s", id, configured) != 2 || strcmp(configured, s->configured) != 0) return;
  for (int16_t i = 0; i < catalog_of(d)->stations; i++)
    if (!strcmp(catalog_of(d)->station[i].id, id)) d->station = i;
}

static void resume_groups(struct desk *d) {
  char note[NOTE_MAX], prefix[ID_MAX + 16];
  for (int i = 0; i < catalog_of(d)->hosts; i++) {
    const int n = snprintf(prefix, sizeof prefix, "group %s ", catalog_of(d)->host[i].id);
    if (journal_last_system(d->journal, prefix, note) && !strcmp(note + n, "full")) d->health.groups_full |= UINT32_C(1) << i;
  }
}

/* Within one boot the monotonic clock carries on what the operator said. */
static void resume_clock(struct desk *d, struct moment now) {
  struct journal_row told;
  if (!now.wall_ok && d->tell_clock && last_told(d, now, &told))
    d->tell_clock(d->clock, told.at.wall_ms + (now.mono_ms - told.at.mono_ms));
}

void staff_resume(struct desk *d, struct moment now) {
  char note[NOTE_MAX];
  long long records;
  resume_station(d);
  resume_groups(d);
  resume_clock(d, now);
  remember_shift(d, now);
  if (journal_last_system(d->journal, "exported ", note) && sscanf(note, "exported %lld records", &records) == 1)
    d->staff->exported = records;
}

/* When the record came; 0: nobody knows. Asked for each guest: what can't change any more is kept. */
static int64_t oldest_ms(struct desk *d, int64_t seq, struct moment now) {
  struct journal_row row;
  struct staff *s = d->staff;
  if (s->oldest_seq == seq) return s->oldest_ms;
  if (journal_rows(d->journal, seq, 1, tend_day(d, now), &row) != 1 || row.wall_ms == INT64_MIN) return 0;
  if (row.at.wall_ok) s->oldest_seq = seq, s->oldest_ms = row.wall_ms;
  return row.wall_ms;
}

void staff_health(struct desk *d, struct moment now) {
  struct desk_health *h = &d->health;
  struct staff *s = d->staff;
  const int64_t records = journal_records(d->journal), acked = d->others ? others_acked(d->others) : 0;
  if (!s) return;
  const int64_t safe = s->exported > acked ? s->exported : acked; /* somewhere else, too */
  h->unsent = records > safe ? records - safe : 0;
  h->oldest_unsent_ms = h->unsent > 0 ? oldest_ms(d, safe + 1, now) : 0;
  h->phones = staff_phones_count(d);
  h->stick = staff_export_writes_stick(d) ? STICK_WRITING : s->sticks.state;
  h->stick_changes = s->sticks.changes;
  h->opened = s->shift.seq > 0 && is_of_today(d, &s->shift, now);
}

/* Sync starts it (its mark), as the settings do; desk only says who wanted it. */
void staff_hub(struct desk *d, struct moment now) {
  const bool here = d->staff->open->request.count != 0;
  const struct sync_order order = {.kind = here ? ORDER_CARRY : ORDER_CARRY_NOT};
  if (!d->orders || (here && !d->hub.may_carry))
    staff_say(d, STAFF_REFUSED, STAFF_NO_HUB_KEY);
  else if (!mailbox_empty(d->orders))
    staff_say(d, STAFF_REFUSED, STAFF_BUSY);
  else if (staff_note(d, RECORD_SYSTEM, now, here ? "the hub is to run here" : "no hub is to run here") &&
           mailbox_put(d->orders, &order))
    staff_say(d, STAFF_DONE, STAFF_NO_REASON);
}
