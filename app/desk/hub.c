/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/hub.h"

#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "core/ticket.h"
#include "desk/staff.h"
#include "desk/tend.h"
#include "journal/rows.h"

enum {
  RETRY_MS = 5000,          /* what couldn't be kept */
  TLS_ERROR_MS = 1000,      /* a hub's own clock, beside what the way there adds: as good as any that NTP sets ... */
  PLAIN_ERROR_MS = 5000,    /* ... or as whoever answers says */
  CONFIRM_MS = 60 * 1000,   /* between the first and the second time that a lead shows a setup card */
  MOST_ERROR_MS = 60 * 1000 /* worse than what an operator would say: no evidence */
};

static const struct event *event_of(const struct desk *d) {
  const struct catalog *c = pack_catalog(d->pack);
  return &c->event[c->station[d->station].event];
}

/* --- the time --- */

static bool is_told_by_operator(const struct desk *d) {
  return !d->hub_clock && d->clock_is_told && d->clock_is_told(d->clock);
}

/* Lower than the network's time, and than what somebody says who stands before the kiosk. */
static bool trust_time(struct desk *d, int64_t wall_ms) {
  if (is_told_by_operator(d) || !d->tell_clock || !d->tell_clock(d->clock, wall_ms)) return false;
  d->hub_clock = true;
  return true;
}

/* After a start within one boot the monotonic clock carries on what the hub said. */
static void resume_time(struct desk *d, struct moment now) {
  struct journal_row told;
  if (now.wall_ok || !journal_last_clock(d->journal, "source=" hub_clock_source, now, &told)) return;
  if (told.this_boot && !told.undone) trust_time(d, told.at.wall_ms + (now.mono_ms - told.at.mono_ms));
}

/* The same as was journaled, as far as both can tell, and not much surer. */
static bool is_no_news(const struct desk *d, int64_t lead_ms, int64_t error_ms) {
  const int64_t off = lead_ms > d->hub_lead_ms ? lead_ms - d->hub_lead_ms : d->hub_lead_ms - lead_ms;
  return d->hub_error_ms > 0 && off <= d->hub_error_ms + error_ms && 2 * error_ms >= d->hub_error_ms;
}

/* ISO 8601, UTC, as in the records. */
static void write_time(int64_t wall_ms, char out[64]) {
  const time_t s = (time_t)(wall_ms / 1000);
  struct tm tm;
  char date[40] = "";
  if (wall_ms >= 0 && gmtime_r(&s, &tm)) strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &tm);
  snprintf(out, 64, "%s.%03dZ", date, (int)(wall_ms % 1000));
}

/* The evidence: the record's own time where it is the hub's, else the note says the hub's for that moment. */
static bool journal_time(struct desk *d, const struct sync_news *n, bool trusted, int64_t wall_ms, int64_t error_ms,
                         struct moment now) {
  struct problem problem;
  char said[64] = "";
  struct moment at = now;
  if (trusted)
    at.wall_ms = wall_ms, at.wall_ok = true;
  else
    write_time(wall_ms, said);
  return desk_append_note(d, RECORD_CLOCK, at, &problem, "source=%s%s%s error_ms=%lld", n->tls ? hub_clock_source : "hub",
                          trusted ? "" : " wall=", said, (long long)error_ms);
}

/* A clock that jumped, say: the hub proved who it is, and they differ by more than anybody would be out who set it. */
static bool contradicts(const struct sync_news *n, int64_t lead_ms, struct moment now) {
  const int64_t off = lead_ms + now.mono_ms - now.wall_ms;
  return n->tls && (off > MOST_ERROR_MS || off < -MOST_ERROR_MS);
}

/* A clock that the network disciplines needs no hub, and the merge shouldn't prefer one's; where they contradict, the journal
 * has both, and the merge believes the surer one. */
static bool take_time(struct desk *d, const struct sync_news *n, struct moment now) {
  const int64_t error_ms = n->error_ms + (n->tls ? TLS_ERROR_MS : PLAIN_ERROR_MS), lead_ms = n->wall_ms - n->as_of.mono_ms;
  const bool told = d->clock_is_told && d->clock_is_told(d->clock), own = now.wall_ok && !told;
  if (n->error_ms < 0 || error_ms > MOST_ERROR_MS || n->as_of.mono_ms > now.mono_ms) return true;
  if (own && !contradicts(n, lead_ms, now)) return true;
  const bool trusted = n->tls && !own && trust_time(d, lead_ms + now.mono_ms);
  if (is_no_news(d, lead_ms, error_ms)) return true;
  if (!journal_time(d, n, trusted, lead_ms + now.mono_ms, error_ms, now)) return false;
  d->hub_lead_ms = lead_ms;
  d->hub_error_ms = error_ms;
  d->health_due_ms = now.mono_ms;
  if (trusted) d->clock_told = true, d->told_source = hub_clock_source;
  return true;
}

/* --- news --- */

void hub_open(struct desk *d, struct moment now) {
  char path[PATH_MAX];
  struct problem problem;
  snprintf(path, sizeof path, "%s/others.db", d->data);
  if (!d->news && access(path, F_OK)) return; /* there is no hub, and there never was one */
  if (!others_open(d->data, d->journal, &d->others, &problem)) log_error("%s", problem.en);
  resume_time(d, now);
}

void hub_close(struct desk *d) {
  others_close(d->others);
  d->others = NULL;
}

void hub_tell_work(struct desk *d) {
  const struct catalog *c = pack_catalog(d->pack);
  struct sync_work work = {.seq = journal_records(d->journal), .refill = d->others ? others_refill(d->others) : 0};
  if (!d->work) return;
  snprintf(work.event, sizeof work.event, "%s", event_of(d)->id);
  snprintf(work.station, sizeof work.station, "%s", c->station[d->station].id);
  if (work.seq == d->told_work.seq && work.refill == d->told_work.refill && !strcmp(work.station, d->told_work.station)) return;
  d->told_work = work;
  latest_set(d->work, &work);
}

/* Past the day until which the pack lets people's data be kept, others' aren't fetched again. */
static bool may_keep_people(const struct desk *d, struct moment now) {
  const int64_t until_ms = pack_catalog(d->pack)->retain_until_ms;
  return until_ms == 0 || !now.wall_ok || now.wall_ms < until_ms;
}

static bool take(struct desk *d, const struct sync_news *n, struct moment now) {
  struct problem problem;
  switch (n->kind) {
  case NEWS_FEED: return !d->others || !may_keep_people(d, now) || others_take(d->others, n);
  case NEWS_ACKED: return !d->others || others_take(d->others, n);
  case NEWS_CLOCK: return take_time(d, n, now);
  case NEWS_ENROLLED:
    return desk_append_note(d, RECORD_SYSTEM, now, &problem, "enrolled with %s", d->hub.hub[0] ? d->hub.hub : "the hub");
  }
  return true;
}

/* Staff are told at once when it changes. */
static void look(struct desk *d, struct moment now) {
  if (!d->sync_health || !latest_get(d->sync_health, &d->hub, &d->hub_seen)) return;
  if (d->health.hub != d->hub.state || d->health.hub_here != d->hub.carries) d->health_due_ms = now.mono_ms;
  d->health.hub = d->hub.state;
  d->health.hub_here = d->hub.carries;
  d->health.hub_good_ms = d->hub.good.wall_ok ? d->hub.good.wall_ms : 0;
}

int64_t hub_step(struct desk *d, struct moment now) {
  struct sync_news news;
  look(d, now);
  if (d->others) others_mend(d->others);
  if (!d->news || now.mono_ms < d->news_due_ms || !mailbox_front(d->news, &news)) return INT64_MAX;
  if (take(d, &news, now)) {
    mailbox_pop(d->news);
  } else {
    d->news_due_ms = now.mono_ms + RETRY_MS;
  }
  return mailbox_empty(d->news) ? INT64_MAX : d->news_due_ms > now.mono_ms ? d->news_due_ms : now.mono_ms;
}

/* --- the setup card --- */

static bool is_free(const struct desk *d) {
  return d->hub.state == SYNC_OFF || d->hub.state == SYNC_NOT_ENROLLED || d->hub.state == SYNC_REFUSED;
}

/* The second time within the time, and only a lead's. */
static enum notice_card confirm(struct desk *d, const struct payload *p) {
  uint8_t digest[CARD_DIGEST];
  if (!staff_is_lead(d->staff)) return CARD_ASKS_LEAD;
  crypto_generichash(digest, sizeof digest, p->bytes, p->len, NULL, 0);
  const bool again = !memcmp(digest, d->card_shown, sizeof digest) && p->at.mono_ms - d->card_shown_ms <= CONFIRM_MS;
  memcpy(d->card_shown, digest, sizeof digest);
  d->card_shown_ms = again ? INT64_MIN / 2 : p->at.mono_ms;
  return again ? CARD_ENROLS : CARD_ASKS_AGAIN;
}

enum notice_card hub_card(struct desk *d, const struct payload *payload) {
  struct sync_order order = {.kind = ORDER_ENROL};
  if (!d->orders) return CARD_NONE;
  if (d->sync_health) latest_get(d->sync_health, &d->hub, &d->hub_seen);
  enum notice_card card = CARD_NONE; /* but ticket_parse gives no other ones */
  if (ticket_setup_text(payload->bytes, payload->len, order.text)) card = is_free(d) ? CARD_ENROLS : confirm(d, payload);
  if (card == CARD_ENROLS) log_info("a setup card was shown");
  if (card == CARD_ENROLS && !mailbox_put(d->orders, &order)) card = CARD_NONE; /* sync is busy with the one before */
  explicit_bzero(&order, sizeof order);
  return card;
}
