/* SPDX-License-Identifier: Apache-2.0
 * Who comes twice comes back after more than the three seconds for which a code counts as still there.
 */
#include "tools/yingbin/demo_story.h"

#include <string.h>

#include "tools/yingbin/demo_phone.h"

static const double FIRST_S = 0.6, EVERY_S = 1.25, STAY_S = 1.55;
enum { QUEUE_W = 1280, QUEUE_H = 720, QUEUE_FPS = 10 };

#define WECHAT_CARD "https://u.wechat.com/kMhQ7Qx2tW0example"
#define PAYMENT_CODE "283456789012345678"
#define LONG_NAME "Maria-Fernanda Guadalupe Hernández-Villanueva de la Cruz Sol"

static const struct story_guest changsha[] = {
    {.text = WECHAT_CARD,
     .shows = PEOPLE_CARD,
     .expect = VERDICT_ADMIT,
     .zh = "没有报名表，谁来都欢迎",
     .en = "no roster: whoever comes is counted"},
    {.text = "https://kaiyuanshe.cn/kcc", .expect = VERDICT_ADMIT},
    {.text = PAYMENT_CODE,
     .shows = PEOPLE_PAY,
     .expect = VERDICT_NOT_A_TICKET,
     .zh = "付款码，不会被保存",
     .en = "a payment code, never stored"},
    {.text = "WIFI:T:WPA;S:night-market;P:chuanchuan;;", .expect = VERDICT_ADMIT},
    {.text = "https://qm.qq.com/q/example", .shows = PEOPLE_CARD, .expect = VERDICT_ADMIT},
};

static const struct story_guest guangzhou[] = {
    {.who = "欧阳晓晴", .expect = VERDICT_ADMIT},
    {.who = "李䶮", .expect = VERDICT_ADMIT, .zh = "生僻字", .en = "a rare character"},
    {.text = WECHAT_CARD,
     .shows = PEOPLE_CARD,
     .expect = VERDICT_NOT_A_TICKET,
     .zh = "出示了微信名片",
     .en = "shows a WeChat card"},
    {.who = "小鹿🎉", .expect = VERDICT_ADMIT, .zh = "两人同时", .en = "two at once"},
    {.who = "陈𬭚",
     .shows = PEOPLE_PAPER,
     .expect = VERDICT_ADMIT,
     .together = true,
     .zh = "两人同时，纸质票",
     .en = "two at once, this one on paper"},
    {.who = "马婉慧", .expect = VERDICT_ELSEWHERE, .zh = "成都活动的票", .en = "a ticket of the event in Chengdu"},
    {.who = "石思辉", .expect = VERDICT_ADMIT, .zh = "在两份报名表上", .en = "on both rosters"},
    {.who = "欧阳晓晴", .expect = VERDICT_AGAIN, .zh = "第二次来", .en = "comes back"},
    {.who = "秦倩", .expect = VERDICT_NOT_CONFIRMED, .zh = "报名待审核", .en = "still to be reviewed"},
    {.who = LONG_NAME, .expect = VERDICT_ADMIT, .zh = "六十个字符的名字", .en = "a name of sixty characters"},
    {.who = "陆海芳", .expect = VERDICT_ADMIT},
};

static const struct story_guest chengdu[] = {
    {.who = "杜建燕", .expect = VERDICT_EARLY, .zh = "午餐还没开始", .en = "before the lunch opens"},
    {.who = "白强", .expect = VERDICT_WRONG_TYPE, .zh = "票不含午餐", .en = "a ticket without lunch"},
    {.who = "任承江", .expect = VERDICT_NOT_CONFIRMED, .zh = "未付款", .en = "not paid"},
    {.text = "https://kaiyuanshe.cn/kcc",
     .shows = PEOPLE_PAPER,
     .expect = VERDICT_NOT_A_TICKET,
     .zh = "活动海报上的网址",
     .en = "the poster's web address"},
    {.who = "史浩珍", .expect = VERDICT_ADMIT, .pause_s = 3, .zh = "到点了", .en = "now it is open"},
    {.who = "杜建燕", .expect = VERDICT_ADMIT, .zh = "开始后再来", .en = "comes again when it is open"},
    {.who = "O'Neil, Pat", .expect = VERDICT_ADMIT, .zh = "两人同时", .en = "two at once"},
    {.who = "ＡＬＩＣＥ　Ｗ", .expect = VERDICT_ADMIT, .together = true, .zh = "两人同时", .en = "two at once"},
    {.who = "田云然", .expect = VERDICT_ADMIT},
    {.who = "史浩珍", .expect = VERDICT_AGAIN, .zh = "想再领一份", .en = "would like a second one"},
};

static const struct story_guest coscon[] = {
    {.who = "王𠅤", .expect = VERDICT_ADMIT, .zh = "生僻字", .en = "a rare character"},
    {.who = "一家三口👨‍👩‍👧来开源", .expect = VERDICT_ADMIT, .zh = "表情符号", .en = "an emoji family"},
    {.who = LONG_NAME, .expect = VERDICT_ADMIT, .zh = "六十个字符的名字", .en = "a name of sixty characters"},
    {.who = "崔晓琳", .expect = VERDICT_ELSEWHERE, .zh = "次日票，早来一天", .en = "a day early"},
    {.text = PAYMENT_CODE,
     .shows = PEOPLE_PAY,
     .expect = VERDICT_NOT_A_TICKET,
     .zh = "支付宝付款码，不会被保存",
     .en = "an Alipay payment code, never stored"},
    {.who = "张伟", .nth = 0, .expect = VERDICT_ADMIT, .zh = "同名的两人同时来", .en = "two of the same name at once"},
    {.who = "张伟",
     .nth = 1,
     .expect = VERDICT_ADMIT,
     .together = true,
     .zh = "同名的两人同时来",
     .en = "two of the same name at once"},
    {.text = "0HJ7K2M9P4QRSTVW", .expect = VERDICT_UNKNOWN, .zh = "没有报名", .en = "not on the roster"},
    {.who = "བཀྲ་ཤིས་དོན་གྲུབ", .expect = VERDICT_ADMIT},
    {.who = "محمد العربي", .expect = VERDICT_ADMIT},
    {.text = "YB1:BB8ZQ5D6C0-FORGED", .expect = VERDICT_FORGED, .zh = "伪造的票", .en = "a forged ticket"},
    {.who = "王𠅤", .expect = VERDICT_AGAIN, .zh = "第二次来", .en = "comes back"},
    {.who = "蔡远琳", .expect = VERDICT_ADMIT, .zh = "一行三人", .en = "a party of three"},
};

static const struct story_guest second_alone[] = {
    {.who = "龙龘", .expect = VERDICT_ADMIT, .zh = "2 号机没有网，时钟也不准", .en = "door 2 has no network and a wrong clock"},
    {.who = "محمد العربي", .expect = VERDICT_ADMIT, .zh = "之后还会去 1 号机", .en = "goes to door 1 as well, later"},
};

static const struct story_guest second_joined[] = {
    {.who = "王𠅤", .expect = VERDICT_AGAIN, .zh = "已在 1 号机签到", .en = "is in by door 1"},
    {.who = "Alex 陈", .expect = VERDICT_ADMIT},
    {.who = "龙龘", .expect = VERDICT_AGAIN, .zh = "第二次来", .en = "comes back"},
};

#define GUESTS(table) .guest = table, .guests = sizeof table / sizeof *table

const struct story stories[STORIES] = {
    {.event = "kcc-changsha", .station = "kcc-changsha/door", .hour = 21, .minute = 42, .light = 0.12, GUESTS(changsha)},
    {.event = "kcc-guangzhou", .station = "kcc-guangzhou/door", .hour = 13, .minute = 26, .light = 0.55, GUESTS(guangzhou)},
    {.event = "kcc-chengdu",
     .station = "kcc-chengdu/lunch",
     .hour = 11,
     .minute = 44,
     .second = 52,
     .light = 0.7,
     .prefix = "https://gtlc.example.org/t/",
     GUESTS(chengdu)},
    {.event = "coscon-2023", .station = "coscon-2023/door", .hour = 8, .minute = 41, .light = 0.45, GUESTS(coscon)},
};

const struct story second_door[SECONDS] = {
    {.event = "coscon-2023", .station = "coscon-2023/door", .hour = 8, .minute = 40, .light = 0.45, GUESTS(second_alone)},
    {.event = "coscon-2023", .station = "coscon-2023/door", .hour = 8, .minute = 42, .light = 0.45, GUESTS(second_joined)},
};

const struct person *story_person(const struct story_guest *guest, const struct folder *folder) {
  int nth = guest->nth;
  for (int i = 0; guest->who && i < folder->people_count; i++)
    if (!strcmp(folder->people[i].name, guest->who) && nth-- == 0) return &folder->people[i];
  return NULL;
}

/* How one holds it: within what a hand does, and what a camera still reads. */
static void hold(struct people_guest *g, bool alone, bool right, uint64_t *chance) {
  g->x = alone ? 0.5 + 0.16 * (people_share(chance) - 0.5) : right ? 0.73 : 0.28;
  g->y = 0.5 + 0.04 * people_share(chance);
  g->size = alone ? 0.78 + 0.14 * people_share(chance) : 0.66 + 0.06 * people_share(chance);
  if (g->shows == PEOPLE_PAPER) g->size *= 0.75;
  g->turn = 30 * (people_share(chance) - 0.5);
  g->tilt = 26 * (people_share(chance) - 0.5);
  g->lean = 18 * (people_share(chance) - 0.4);
  g->glow = 0.55 + 0.45 * people_share(chance);
  g->blur = 0.9 * people_share(chance);
}

bool story_scene(const struct story *s, const struct folder *folder, struct pool *texts, struct people_scene *scene,
                 struct problem *problem) {
  *scene = (struct people_scene){.w = QUEUE_W,
                                 .h = QUEUE_H,
                                 .fps = QUEUE_FPS,
                                 .light = s->light,
                                 .noise = 2.5 + 3 * (1 - s->light),
                                 .seed = (uint64_t)(unsigned char)s->event[4] << 8 | (uint64_t)s->guests};
  uint64_t chance = scene->seed;
  double at = FIRST_S - EVERY_S;
  for (int i = 0; i < s->guests; i++) {
    const struct story_guest *from = &s->guest[i];
    struct people_guest *g = &scene->guest[scene->guests++];
    bool joined = i + 1 < s->guests && s->guest[i + 1].together;
    const char *text = from->text;
    if (from->who) {
      const struct person *p = story_person(from, folder);
      if (!p) return problem_set(problem, "%s：报名表里没有「%s」", "%s: “%s” is not on the roster", s->event, from->who);
      text = pool_format(texts, "%s%s", p->foreign && s->prefix ? s->prefix : "", p->code);
    }
    at += from->together ? 0 : EVERY_S + from->pause_s;
    *g = (struct people_guest){.payload = text, .len = strlen(text), .shows = from->shows, .comes_s = at, .stays_s = STAY_S};
    hold(g, !joined && !from->together, from->together, &chance);
  }
  return true;
}
