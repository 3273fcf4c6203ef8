/* SPDX-License-Identifier: Apache-2.0
 * What a case sets beside its verdict: health, faults, questions, and a guest without a code.
 */
#include <stdio.h>
#include <string.h>

#include "tools/shoot_main/cases_inner.h"
#include "ui/self_screen.h"

void case_self(const char *name, struct view *v) {
  static struct self_screen self;
  static const char *const people[] = {"欧***", "阿***", "Z***", "👨‍👩‍👧***"};
  static const struct {
    const char *name;
    enum self_result result;
    int count;
  } answers[] = {{"one", SELF_FOUND, 1},
                 {"four", SELF_FOUND, 4},
                 {"nobody", SELF_NOBODY, 0},
                 {"wait", SELF_WAIT, 0},
                 {"failed", SELF_FAILED, 0}};
  self_screen_open(&self);
  v->self = &self;
  if (strcmp(name, "typing") != 0) snprintf(self.digits, sizeof self.digits, "13800000001");
  if (strcmp(name, "asking") == 0) self.state = SELF_STATE_ASKING;
  for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
    if (strcmp(name, answers[i].name) != 0) continue;
    struct self_answer a = {.result = answers[i].result, .count = answers[i].count, .wait_ms = 58001};
    for (int k = 0; k < a.count; k++) {
      snprintf(a.person[k].name, SELF_NAME_MAX, "%s", people[k]);
      a.person[k].type = (int16_t)(k % 2);
    }
    self_screen_answer(&self, &a);
  }
}

void case_special(const char *special, struct catalog *c, struct view *v) {
  struct verdict *verdict = &v->notice.verdict;
  struct station *station = &c->station[v->station];
#define IS(word) (strstr(special, word) != NULL)
  if (IS("ill")) {
    v->watch.camera = WATCH_CAMERA_LOST;
    v->desk.clock_ok = v->now.wall_ok = false;
    v->desk.disk_free_mb = 200;
  }
  static struct mirror mirror;
  if (IS("mirror")) {
    case_mirror(&mirror, IS("quad"));
    v->mirror = &mirror;
    v->hint = IS("bright");
    if (IS("covered")) mirror.w = mirror.h = 0;
    if (IS("below")) v->camera_at = CAMERA_AT_BOTTOM;
  }
  if (IS("scanner")) {
    v->reader_known = true;
    v->reader_present = !IS("missing");
  }
  if (IS("pictures")) case_faces(c, IS("slides"));
  if (IS("fade")) v->slide_before = 1, v->slide_fade = 110;
  if (IS("lookup")) c->event[station->event].self_lookup = SELF_LOOKUP_PHONE;
  struct attendee *a = &verdict->attendee;
  if (IS("kept")) v->keeps_group = true;
  if (IS("minor")) snprintf(a->attention, sizeof a->attention, ATTENTION_MINOR);
  if (IS("vip")) snprintf(a->attention, sizeof a->attention, ATTENTION_VIP);
  if (IS("practice")) snprintf(a->attention, sizeof a->attention, ATTENTION_PRACTICE);
  if (IS("anonymous")) station->anonymous = true;
  if (IS("nth")) station->show_nth = true;
  if (IS("handout")) case_text(&station->handout, "午餐盒饭", "Lunch box");
  if (IS("help"))
    case_text(&c->event[station->event].help, "请到一楼大厅服务台报手机号", "Ask at the desk on the ground floor");
  if (IS("no-site")) c->event[station->event].site[0] = '\0';
  if (IS("withdrawn")) v->notice.card = CARD_UNKNOWN;
  if (IS("unreadable")) v->notice.card = CARD_UNREADABLE;
  if (IS("enrols")) v->notice.card = IS("twice") ? CARD_ASKS_AGAIN : CARD_ENROLS;
  if (IS("has-hub")) v->notice.card = CARD_ASKS_LEAD;
  if (IS("lead")) v->staff.lead = true;
  if (IS("scanned")) v->scanned = true;
  if (IS("group")) c->host[0].group_expires_ms = case_now - 1;
  if (IS("party")) verdict->count = 3;
  if (IS("since") || IS("stop")) verdict->when_ms = case_now - 28 * 60000;
  if (IS("stop")) {
    station->again = AGAIN_STOP;
    snprintf(verdict->where, sizeof verdict->where, "1 号机");
  }
  if (IS("there")) snprintf(verdict->where, sizeof verdict->where, "1 号机");
  if (IS("yesterday")) verdict->when_ms = case_now - 86400000;
  if (IS("opens")) verdict->when_ms = 1698451200000; /* 2023-10-28 08:00 there */
  if (IS("coscon")) verdict->event = CASE_COSCON;
  if (IS("tomorrow")) {
    v->now.wall_ms = 1698453660000; /* 2023-10-28 08:41 there */
    verdict->valid_day = 19659;     /* 2023-10-29 */
  }
  if (IS("step")) verdict->station = CASE_HALL;
  if (IS("ask")) verdict->ask_staff = true;
  if (IS("self")) v->notice.walkin = true, station->walkin = WALKIN_SELF;
  if (IS("more")) v->notice.more = true;
  if (IS("heads")) v->notice.kind = NOTICE_HEADS, v->notice.most = IS("many") ? 24 : 4;
  if (strcmp(special, "no") == 0) station->walkin = WALKIN_NO;
  if (IS("fault pack")) v->desk.fault = DESK_FAULT_PACK;
  if (IS("fault full")) v->desk.fault = DESK_FAULT_DISK_FULL, v->desk.disk_free_mb = 0;
  if (IS("fault error")) v->desk.fault = DESK_FAULT_DISK_ERROR;
  if (IS("fault readonly")) v->desk.fault = DESK_FAULT_READ_ONLY;
  if (IS("sandbox")) v->watch.sandbox_refused = true;
  if (IS("stick")) {
    v->desk.stick = IS("writing")     ? STICK_WRITING
                    : IS("written")   ? STICK_WRITTEN
                    : IS("full")      ? STICK_FULL
                    : IS("protected") ? STICK_READ_ONLY
                                      : STICK_FAILED;
  }
  v->meetup = IS("meetup");
  v->card = v->meetup && IS("mirror");
  if (IS("problem"))
    problem_set(&v->problem, "活动包的签名不对：event.ybp 与 event.ybp.minisig 不是同一次打包的。请两个文件一起重新拷入",
                "The pack's signature is wrong: event.ybp and event.ybp.minisig aren't of the same build. Copy both files "
                "again, together");
  if (IS("first"))
    problem_set(
        &v->problem, "还没有活动包：请把设置卡对准摄像头，或用 pack = 文件.ybp 和 pub = 公钥 指定，或在这里开一场现场聚会",
        "there is no pack yet: show the setup card to the camera, or name one by pack = FILE.ybp and pub = KEY, or hold a "
        "meetup on the spot");
  if (IS("waits"))
    problem_set(&v->problem, "现在连不上汇总站 %1$s，会一直重试：\n%2$s",
                "the hub %1$s can't be reached now, trying again: %2$s", "https://hub.example.org:8080",
                "HTTP 418: the kettle is on");
#undef IS
}
