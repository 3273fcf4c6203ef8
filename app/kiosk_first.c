/* SPDX-License-Identifier: Apache-2.0 */
#include "kiosk_first.h"

#include <sodium.h>
#include <string.h>

#include "base/log.h"
#include "core/ticket.h"

/* One that has joined and still doesn't know of a pack takes a card that names one. */
static bool may_enrol(const struct sync_health *h, const char *text) {
  struct wire_setup card;
  const bool none = h->state == SYNC_OFF || h->state == SYNC_NOT_ENROLLED || h->state == SYNC_REFUSED;
  const bool names = !none && !h->pack[0] && wire_setup(text, &card, NULL) && card.pub[0] && card.pack[0];
  sodium_memzero(&card, sizeof card);
  return none || names;
}

void kiosk_first_take(struct mailbox *payloads, struct kiosk_sync *s) {
  struct payload payload;
  struct sync_order order = {.kind = ORDER_ENROL};
  latest_get(&s->health, &s->seen_health, &s->health_seen);
  while (mailbox_front(payloads, &payload)) {
    mailbox_pop(payloads);
    if (mailbox_empty(&s->orders) && ticket_setup_text(payload.bytes, payload.len, order.text) &&
        may_enrol(&s->seen_health, order.text)) {
      log_info("a setup card was shown");
      mailbox_put(&s->orders, &order);
    }
    sodium_memzero(&payload, sizeof payload);
    sodium_memzero(order.text, sizeof order.text);
  }
}

/* It is connected. */
static void say_pack(const struct sync_health *h, struct problem *problem) {
  if (h->pack_total > 0)
    problem_set(problem, "正在取活动包 %1$s：%2$d%%", "fetching the pack %1$s: %2$d%%", h->pack,
                (int)(h->pack_have * 100 / h->pack_total));
  else if (h->pack_why[0])
    problem_set(problem, "汇总站的活动包 %1$s 不能用，请告诉组织者：%2$s",
                "the hub's pack %1$s can't be used, tell the organizer: %2$s", h->pack, h->pack_why);
  else if (h->pack_missing)
    problem_set(problem, "已登记到汇总站，它还没有活动包 %s：放上去后会自动取来",
                "joined the hub, which has no pack %s yet: it comes by itself once it is there", h->pack);
  else
    problem_set(problem, "已登记到汇总站，正在取活动包 %s", "joined the hub, fetching the pack %s", h->pack);
}

bool kiosk_first_words(const struct sync_health *h, struct problem *problem) {
  const bool joins = h->state == SYNC_CONNECTING || h->state == SYNC_GOOD;
  if (joins && !h->pack[0]) {
    problem_set(problem, "这张设置卡没有写明活动包：请用 yingbin card setup --pub 公钥 --stations 签到点 做一张来出示",
                "this setup card names no pack: make one with yingbin card setup --pub KEY --stations EVENT/ID, and show it");
    return true;
  }
  switch (h->state) {
  case SYNC_OFF:
  case SYNC_NOT_ENROLLED: return false;
  case SYNC_CONNECTING:
    problem_set(problem, "已读到设置卡，正在连接汇总站 %s", "the setup card was read, connecting to the hub %s", h->hub);
    break;
  case SYNC_GOOD: say_pack(h, problem); break;
  case SYNC_WAITING:
    problem_set(problem, "现在连不上汇总站 %1$s，会一直重试：%2$s", "the hub %1$s can't be reached now, trying again: %2$s",
                h->hub, h->why);
    break;
  case SYNC_REFUSED:
    problem_set(problem, "汇总站不接受这张设置卡，请出示另一张：%s",
                "the hub doesn't take this setup card, show another one: %s", h->why);
    break;
  case SYNC_OTHER_HUB:
    problem_set(problem, "%1$s 不是设置卡写的那个汇总站，请告诉组织者：%2$s",
                "%1$s isn't the hub that the setup card names, tell the organizer: %2$s", h->hub, h->why);
    break;
  }
  return true;
}

bool kiosk_first_look(struct kiosk_sync *s, struct problem *problem) {
  struct sync_news news;
  struct problem now;
  while (mailbox_front(&s->news, &news)) mailbox_pop(&s->news);
  latest_get(&s->health, &s->seen_health, &s->health_seen);
  if (!kiosk_first_words(&s->seen_health, &now) || !strcmp(now.en, problem->en)) return false;
  *problem = now;
  return true;
}
