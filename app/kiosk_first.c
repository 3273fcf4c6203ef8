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

/* What the way to the hub says goes into its log, in English; here for who reads Chinese. */
static const struct reason {
  const char *part, *zh;
} reasons[] = {{"esolve host", "找不到这个网址，请检查网址和网络"},
               {"onnection refused", "那里没有汇总站应答，请确认它已启动、网址没错"},
               {"t connect", "连不到那台电脑，请检查网络，并确认汇总站已启动"},
               {"timed out", "等不到应答，请检查网络"},
               {"Empty reply", "连接断了"},
               {"Recv failure", "连接断了"},
               {"Send failure", "连接断了"},
               {"key does not match", "它的密钥不是设置卡写的那一把"},
               {"ertificate", "它的证书不可信"},
               {"isn't https://", "汇总站要出示密钥，它的网址却不是 https:// 开头"},
               {"isn't a hub", "应答的不是汇总站：网络要先登录，或网址不对"},
               {"know this setup card", "请组织者确认汇总站读的是最新的 kiosks.csv，或重新做一张"},
               {"enrolled already", "这张设置卡或这台签到机的密钥已经登记过，请重新做一张"},
               {"HTTP 429", "汇总站太忙"},
               {"HTTP 5", "汇总站出了问题，请看它的日志"}};

/* What isn't known stays as it is, on a line of its own. */
static const char *reason_zh(const char *why, char out[TEXT_MAX + 1]) {
  for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
    if (strstr(why, reasons[i].part)) return reasons[i].zh;
  snprintf(out, TEXT_MAX + 1, "\n%s", why);
  return out;
}

/* It is connected. */
static void say_pack(const struct sync_health *h, struct problem *problem) {
  if (h->pack_total > 0)
    problem_set(problem, "正在取活动包 %1$s：%2$d%%", "fetching the pack %1$s: %2$d%%", h->pack,
                (int)(h->pack_have * 100 / h->pack_total));
  else if (h->pack_why[0])
    problem_set(problem, "汇总站的活动包 %1$s 不能用，请告诉组织者：%2$s%3$.0s",
                "the hub's pack %1$s can't be used, tell the organizer: %3$s%2$.0s", h->pack, h->pack_why_zh, h->pack_why);
  else if (h->pack_missing)
    problem_set(problem, "已登记到汇总站，它还没有活动包 %s：放上去后会自动取来",
                "joined the hub, which has no pack %s yet: it comes by itself once it is there", h->pack);
  else
    problem_set(problem, "已登记到汇总站，正在取活动包 %s", "joined the hub, fetching the pack %s", h->pack);
}

bool kiosk_first_words(const struct sync_health *h, struct problem *problem) {
  const bool joins = h->state == SYNC_CONNECTING || h->state == SYNC_GOOD;
  char line[TEXT_MAX + 1];
  const char *zh = reason_zh(h->why, line);
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
    problem_set(problem, "现在连不上汇总站 %1$s，会一直重试：%2$s%3$.0s",
                "the hub %1$s can't be reached now, trying again: %3$s%2$.0s", h->hub, zh, h->why);
    break;
  case SYNC_REFUSED:
    problem_set(problem, "汇总站不接受这张设置卡，请出示另一张：%1$s%2$.0s",
                "the hub doesn't take this setup card, show another one: %2$s%1$.0s", zh, h->why);
    break;
  case SYNC_OTHER_HUB:
    problem_set(problem, "%1$s 不是设置卡写的那个汇总站，请告诉组织者：%2$s%3$.0s",
                "%1$s isn't the hub that the setup card names, tell the organizer: %3$s%2$.0s", h->hub, zh, h->why);
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
