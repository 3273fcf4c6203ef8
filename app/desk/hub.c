/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/hub.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "core/base45.h"

void hub_tell_work(struct desk *d) {
  const struct catalog *c = pack_catalog(d->pack);
  const struct station *station = &c->station[d->station];
  struct sync_work work = {.seq = journal_records(d->journal)};
  if (!d->work) return;
  snprintf(work.event, sizeof work.event, "%s", c->event[station->event].id);
  snprintf(work.station, sizeof work.station, "%s", station->id);
  if (work.seq == d->told_work.seq && !strcmp(work.station, d->told_work.station)) return;
  d->told_work = work;
  latest_set(d->work, &work);
}

void hub_take_news(struct desk *d) {
  struct sync_news news;
  while (d->news && mailbox_front(d->news, &news)) mailbox_pop(d->news);
  if (d->sync_health) latest_get(d->sync_health, &d->hub, &d->hub_seen);
}

bool hub_card(struct desk *d, const struct payload *payload) {
  static const char prefix[] = "YBSET1:";
  struct sync_order order = {.kind = ORDER_ENROL};
  size_t len = 0;
  if (!d->orders) return false;
  hub_take_news(d);
  const bool open = d->hub.state == SYNC_OFF || d->hub.state == SYNC_NOT_ENROLLED || d->hub.state == SYNC_REFUSED;
  const bool good = open && base45_decode((const char *)payload->bytes + sizeof prefix - 1, payload->len - (sizeof prefix - 1),
                                          (uint8_t *)order.text, sizeof order.text - 1, &len);
  if (good) {
    order.text[len] = '\0';
    log_info("a setup card was shown");
    mailbox_put(d->orders, &order);
  }
  explicit_bzero(&order, sizeof order);
  return good;
}
