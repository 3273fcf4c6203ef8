/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "tools/shoot_main/cases_inner.h"

const struct screen_case screen_cases[] = {
    {"plain", SCREEN_STARTING, CASE_DOOR, 0, NULL, 0, "", "", "", ""},
    {"plain", SCREEN_IDLE, CASE_DOOR, 0, NULL, 0, "", "", "", ""},
    {"hall", SCREEN_IDLE, CASE_HALL, 0, NULL, 0, "", "", "", ""},
    {"help", SCREEN_IDLE, CASE_HALL, 0, NULL, 0, "", "", "", "help no-site"},
    {"kept-group", SCREEN_IDLE, CASE_DOOR, 0, NULL, 0, "", "", "", "mirror kept"},
    {"ill", SCREEN_IDLE, CASE_HALL, 0, NULL, 0, "", "", "", "ill"},
    {"scanner", SCREEN_IDLE, CASE_DOOR, 0, NULL, 0, "", "", "", "scanner"},
    {"no-scanner", SCREEN_IDLE, CASE_HALL, 0, NULL, 0, "", "", "", "ill scanner missing"},
    {"anonymous", SCREEN_IDLE, CASE_DOOR, 0, NULL, 0, "", "", "", "mirror anonymous"},
    {"anonymous-no-site", SCREEN_IDLE, CASE_HALL, 0, NULL, 0, "", "", "", "mirror anonymous no-site"},
    {"stick-writing", SCREEN_IDLE, CASE_HALL, 0, NULL, 0, "", "", "", "stick writing"},
    {"stick-written", SCREEN_IDLE, CASE_HALL, 0, NULL, 0, "", "", "", "stick written"},
    {"stick-full", SCREEN_IDLE, CASE_HALL, 0, NULL, 0, "", "", "", "stick full"},
    {"stick-protected", SCREEN_IDLE, CASE_HALL, 0, NULL, 0, "", "", "", "stick protected"},
    {"stick-failed", SCREEN_IDLE, CASE_HALL, 0, NULL, 0, "", "", "", "stick failed"},
    {"open", SCREEN_IDLE, CASE_MARKET, 0, NULL, 0, "", "", "", ""},
    {"mirror", SCREEN_IDLE, CASE_DOOR, 0, NULL, 0, "", "", "", "mirror"},
    {"mirror-quad", SCREEN_IDLE, CASE_HALL, 0, NULL, 0, "", "", "", "mirror quad"},
    {"mirror-hint", SCREEN_IDLE, CASE_DOOR, 0, NULL, 0, "", "", "", "mirror quad bright"},
    {"mirror-open", SCREEN_IDLE, CASE_MARKET, 0, NULL, 0, "", "", "", "mirror quad below"},
    {"mirror-dark", SCREEN_IDLE, CASE_DOOR, 0, NULL, 0, "", "", "", "mirror covered"},
    {"mirror-lost", SCREEN_IDLE, CASE_DOOR, 0, NULL, 0, "", "", "", "mirror ill"},
    {"logos", SCREEN_IDLE, CASE_DOOR, 0, NULL, 0, "", "", "", "pictures mirror lookup"},
    {"logos-hall", SCREEN_IDLE, CASE_HALL, 0, NULL, 0, "", "", "", "pictures"},
    {"logos-lunch", SCREEN_IDLE, CASE_LUNCH, 0, NULL, 0, "", "", "", "pictures mirror"},
    {"slides", SCREEN_IDLE, CASE_HALL, 0, NULL, 0, "", "", "", "pictures slides mirror"},
    {"slides-dense", SCREEN_IDLE, CASE_DOOR, 0, NULL, 0, "", "", "", "pictures slides mirror lookup kept"},
    {"slides-fade", SCREEN_IDLE, CASE_HALL, 0, NULL, 0, "", "", "", "pictures slides no-site fade"},
    {"slides-open", SCREEN_IDLE, CASE_MARKET, 0, NULL, 0, "", "", "", "pictures slides mirror"},
    {"logos", SCREEN_VERDICT, CASE_HALL, VERDICT_ADMIT, "阿卜杜热合曼·买买提吐尔逊江", CASE_ATTENDEE, "示例科技", "", "",
     "pictures"},
    {"logos", SCREEN_VERDICT, CASE_HALL, VERDICT_UNKNOWN, NULL, 0, "", "", "", "pictures"},
    {"typing", SCREEN_SELF, CASE_DOOR, 0, NULL, 0, "", "", "", "pictures lookup"},
    {"number", SCREEN_SELF, CASE_DOOR, 0, NULL, 0, "", "", "", "lookup"},
    {"asking", SCREEN_SELF, CASE_DOOR, 0, NULL, 0, "", "", "", "lookup"},
    {"one", SCREEN_SELF, CASE_DOOR, 0, NULL, 0, "", "", "", "lookup"},
    {"four", SCREEN_SELF, CASE_DOOR, 0, NULL, 0, "", "", "", "lookup"},
    {"nobody", SCREEN_SELF, CASE_HALL, 0, NULL, 0, "", "", "", "lookup help"},
    {"wait", SCREEN_SELF, CASE_DOOR, 0, NULL, 0, "", "", "", "lookup"},
    {"failed", SCREEN_SELF, CASE_DOOR, 0, NULL, 0, "", "", "", "lookup"},
    {"speaker", SCREEN_VERDICT, CASE_DOOR, VERDICT_ADMIT, "欧阳晓晴", CASE_SPEAKER, "示例科技", "开源布道师", "第 3 排 12 座",
     ""},
    {"expired", SCREEN_VERDICT, CASE_DOOR, VERDICT_ADMIT, "张三", CASE_ATTENDEE, "", "", "", "group"},
    {"party", SCREEN_VERDICT, CASE_HALL, VERDICT_ADMIT, "李四", CASE_ATTENDEE, "示例大学", "", "", "party"},
    {"party-more", SCREEN_VERDICT, CASE_HALL, VERDICT_ADMIT, "李四", CASE_ATTENDEE, "示例大学", "", "", "more"},
    {"heads", SCREEN_VERDICT, CASE_HALL, VERDICT_ADMIT, NULL, 0, "", "", "", "heads"},
    {"heads-many", SCREEN_VERDICT, CASE_HALL, VERDICT_ADMIT, NULL, 0, "", "", "", "heads many kept"},
    {"middle-dot", SCREEN_VERDICT, CASE_DOOR, VERDICT_ADMIT, "阿卜杜热合曼·买买提吐尔逊江", CASE_ATTENDEE, "示例研究院", "", "",
     ""},
    {"rare-1", SCREEN_VERDICT, CASE_DOOR, VERDICT_ADMIT, "䶮㛃龘", CASE_ATTENDEE, "示例科技", "", "", ""},
    {"rare-2", SCREEN_VERDICT, CASE_DOOR, VERDICT_ADMIT, "王𬭚𠅤", CASE_ATTENDEE, "示例科技", "", "", ""},
    {"rare-3", SCREEN_VERDICT, CASE_DOOR, VERDICT_ADMIT, "陈\U0002C9DA\U0002A6A5", CASE_ATTENDEE, "示例科技", "", "", ""},
    {"latin", SCREEN_VERDICT, CASE_HALL, VERDICT_ADMIT, "Ada Example", CASE_SPEAKER, "Example Foundation", "Programmer", "",
     ""},
    {"mixed", SCREEN_VERDICT, CASE_HALL, VERDICT_ADMIT, "Alex 陈", CASE_ATTENDEE, "示例公司", "", "", ""},
    {"emoji", SCREEN_VERDICT, CASE_HALL, VERDICT_ADMIT, "小鱼🎉👨‍👩‍👧‍👦🇨🇳👋🏽", CASE_ATTENDEE,
     "", "", "", ""},
    {"full-width", SCREEN_VERDICT, CASE_HALL, VERDICT_ADMIT, "ＡＬＩＣＥ　ＷＡＮＧ", CASE_ATTENDEE, "", "", "", ""},
    {"kana", SCREEN_VERDICT, CASE_HALL, VERDICT_ADMIT, "さくらい たろう", CASE_ATTENDEE, "サンプル株式会社", "", "", ""},
    {"korean", SCREEN_VERDICT, CASE_HALL, VERDICT_ADMIT, "홍길동", CASE_ATTENDEE, "예시 주식회사", "", "", ""},
    {"tibetan", SCREEN_VERDICT, CASE_HALL, VERDICT_ADMIT, "བཀྲ་ཤིས་ཚེ་རིང་", CASE_ATTENDEE, "", "", "", ""},
    {"arabic", SCREEN_VERDICT, CASE_HALL, VERDICT_ADMIT, "عبد الرحمن Example", CASE_ATTENDEE, "", "", "", ""},
    {"hebrew", SCREEN_VERDICT, CASE_HALL, VERDICT_ADMIT, "ישראל ישראלי", CASE_ATTENDEE, "", "", "", ""},
    {"sixty", SCREEN_VERDICT, CASE_DOOR, VERDICT_ADMIT, "Wolfeschlegelsteinhausenbergerdorff Maximilian Example-Junior",
     CASE_SPEAKER, "一个名字特别长的开源软件研究院（有限合伙）长三角分院 Example Institute of Open Source",
     "首席开源布道师兼技术委员会主席", "第 12 排 18 座", ""},
    {"sixty-han", SCREEN_VERDICT, CASE_DOOR, VERDICT_ADMIT,
     "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳",
     CASE_ATTENDEE, "", "", "", ""},
    {"masked", SCREEN_VERDICT, CASE_HALL, VERDICT_ADMIT, "欧阳晓晴", CASE_MASKED, "示例科技", "", "", ""},
    {"nameless", SCREEN_VERDICT, CASE_HALL, VERDICT_ADMIT, "欧阳晓晴", CASE_SECRET, "示例科技", "", "", ""},
    {"minor", SCREEN_VERDICT, CASE_DOOR, VERDICT_ADMIT, "欧阳晓晴", CASE_ATTENDEE, "示例小学", "", "", "minor"},
    {"vip", SCREEN_VERDICT, CASE_DOOR, VERDICT_ADMIT, "欧阳晓晴", CASE_SPEAKER, "示例科技", "首席科学家", "第 1 排 2 座",
     "vip nth"},
    {"practice", SCREEN_VERDICT, CASE_DOOR, VERDICT_ADMIT, "练习票", CASE_ATTENDEE, "", "", "", "practice"},
    {"kept-group", SCREEN_VERDICT, CASE_EXIT, VERDICT_ADMIT, "张三", CASE_ATTENDEE, "示例科技", "", "", "kept"},
    {"handout", SCREEN_VERDICT, CASE_LUNCH, VERDICT_ADMIT, "欧阳晓晴", CASE_SPEAKER, "", "", "", "handout kept party"},
    {"lunch", SCREEN_VERDICT, CASE_LUNCH, VERDICT_ADMIT, "欧阳晓晴", CASE_ATTENDEE, "示例科技", "", "A 桌", ""},
    {"goodbye", SCREEN_VERDICT, CASE_EXIT, VERDICT_ADMIT, "欧阳晓晴", CASE_ATTENDEE, "", "", "", ""},
    {"open-payment", SCREEN_VERDICT, CASE_MARKET, VERDICT_NOT_A_TICKET, NULL, FOREIGN_PAYMENT, "", "", "", ""},
    {"presence", SCREEN_VERDICT, CASE_MARKET, VERDICT_ADMIT, NULL, 0, "", "", "", ""},
    {"welcome", SCREEN_VERDICT, CASE_DOOR, VERDICT_AGAIN, "欧阳晓晴", CASE_SPEAKER, "示例科技", "", "第 3 排 12 座", "since"},
    {"there", SCREEN_VERDICT, CASE_DOOR, VERDICT_AGAIN, "欧阳晓晴", CASE_SPEAKER, "", "", "第 3 排 12 座", "since there"},
    {"stop", SCREEN_VERDICT, CASE_LUNCH, VERDICT_AGAIN, "欧阳晓晴", CASE_ATTENDEE, "", "", "", "stop"},
    {"stop-yesterday", SCREEN_VERDICT, CASE_LUNCH, VERDICT_AGAIN, "欧阳晓晴", CASE_ATTENDEE, "", "", "", "stop yesterday"},
    {"stop-exit", SCREEN_VERDICT, CASE_EXIT, VERDICT_AGAIN, "欧阳晓晴", CASE_ATTENDEE, "", "", "", "stop since"},
    {"exit", SCREEN_VERDICT, CASE_EXIT, VERDICT_AGAIN, "欧阳晓晴", CASE_ATTENDEE, "", "", "", "since"},
    {"minor-exit", SCREEN_VERDICT, CASE_EXIT, VERDICT_ADMIT, "欧阳晓晴", CASE_ATTENDEE, "", "", "", "minor"},
    {"early", SCREEN_VERDICT, CASE_HALL, VERDICT_EARLY, "欧阳晓晴", CASE_ATTENDEE, "", "", "", "opens"},
    {"closed", SCREEN_VERDICT, CASE_DOOR, VERDICT_CLOSED, "欧阳晓晴", CASE_ATTENDEE, "", "", "", "since"},
    {"handed-out", SCREEN_VERDICT, CASE_LUNCH, VERDICT_CLOSED, "欧阳晓晴", CASE_ATTENDEE, "", "", "", "since"},
    {"event", SCREEN_VERDICT, CASE_DOOR, VERDICT_ELSEWHERE, NULL, 0, "", "", "", "coscon"},
    {"tomorrow", SCREEN_VERDICT, CASE_HALL, VERDICT_ELSEWHERE, "欧阳晓晴", CASE_DAY_TWO, "", "", "", "tomorrow"},
    {"nowhere", SCREEN_VERDICT, CASE_HALL, VERDICT_ELSEWHERE, "欧阳晓晴", CASE_DAY_TWO, "", "", "", ""},
    {"plain", SCREEN_VERDICT, CASE_LUNCH, VERDICT_WRONG_TYPE, "欧阳晓晴", CASE_ATTENDEE, "", "", "", ""},
    {"plain", SCREEN_VERDICT, CASE_FORUM, VERDICT_MISSING_STEP, "欧阳晓晴", CASE_ATTENDEE, "", "", "", "step"},
    {"ask", SCREEN_VERDICT, CASE_FORUM, VERDICT_MISSING_STEP, "欧阳晓晴", CASE_ATTENDEE, "", "", "", "step ask"},
    {"plain", SCREEN_VERDICT, CASE_FORUM, VERDICT_FULL, "欧阳晓晴", CASE_ATTENDEE, "", "", "", ""},
    {"handed-out", SCREEN_VERDICT, CASE_LUNCH, VERDICT_FULL, "欧阳晓晴", CASE_ATTENDEE, "", "", "", ""},
    {"plain", SCREEN_VERDICT, CASE_DOOR, VERDICT_NOT_CONFIRMED, "欧阳晓晴", CASE_ATTENDEE, "", "", "", ""},
    {"plain", SCREEN_VERDICT, CASE_DOOR, VERDICT_REVOKED, NULL, 0, "", "", "", ""},
    {"plain", SCREEN_VERDICT, CASE_DOOR, VERDICT_EXPIRED, NULL, 0, "", "", "", ""},
    {"plain", SCREEN_VERDICT, CASE_DOOR, VERDICT_FORGED, NULL, 0, "", "", "", ""},
    {"staff", SCREEN_VERDICT, CASE_DOOR, VERDICT_UNKNOWN, NULL, 0, "", "", "", ""},
    {"kept-group", SCREEN_VERDICT, CASE_DOOR, VERDICT_UNKNOWN, NULL, 0, "", "", "", "kept"},
    {"self", SCREEN_VERDICT, CASE_HALL, VERDICT_UNKNOWN, NULL, 0, "", "", "", "self"},
    {"self-no-site", SCREEN_VERDICT, CASE_HALL, VERDICT_UNKNOWN, NULL, 0, "", "", "", "self no-site"},
    {"no", SCREEN_VERDICT, CASE_LUNCH, VERDICT_UNKNOWN, NULL, 0, "", "", "", "no"},
    {"unknown", SCREEN_VERDICT, CASE_DOOR, VERDICT_NOT_A_TICKET, NULL, FOREIGN_UNKNOWN, "", "", "", ""},
    {"wechat", SCREEN_VERDICT, CASE_DOOR, VERDICT_NOT_A_TICKET, NULL, FOREIGN_WECHAT, "", "", "", ""},
    {"wecom", SCREEN_VERDICT, CASE_DOOR, VERDICT_NOT_A_TICKET, NULL, FOREIGN_WECOM, "", "", "", ""},
    {"payment", SCREEN_VERDICT, CASE_DOOR, VERDICT_NOT_A_TICKET, NULL, FOREIGN_PAYMENT, "", "", "", ""},
    {"alipay", SCREEN_VERDICT, CASE_DOOR, VERDICT_NOT_A_TICKET, NULL, FOREIGN_ALIPAY, "", "", "", ""},
    {"web", SCREEN_VERDICT, CASE_DOOR, VERDICT_NOT_A_TICKET, NULL, FOREIGN_WEB, "", "", "", ""},
    {"wechat-self", SCREEN_VERDICT, CASE_HALL, VERDICT_NOT_A_TICKET, NULL, FOREIGN_WECHAT, "", "", "", "self"},
    {"card", SCREEN_VERDICT, CASE_DOOR, VERDICT_NOT_A_TICKET, NULL, FOREIGN_CARD, "", "", "", ""},
    {"wifi", SCREEN_VERDICT, CASE_DOOR, VERDICT_NOT_A_TICKET, NULL, FOREIGN_WIFI, "", "", "", ""},
    {"phone", SCREEN_VERDICT, CASE_DOOR, VERDICT_NOT_A_TICKET, NULL, FOREIGN_PHONE, "", "", "", ""},
    {"once", SCREEN_VERDICT, CASE_DOOR, VERDICT_FAULT, NULL, 0, "", "", "", ""},
    {"pack", SCREEN_FAULT, CASE_DOOR, 0, NULL, 0, "", "", "", "fault pack"},
    {"disk-full", SCREEN_FAULT, CASE_DOOR, 0, NULL, 0, "", "", "", "fault full"},
    {"disk-error", SCREEN_FAULT, CASE_DOOR, 0, NULL, 0, "", "", "", "fault error"},
    {"read-only", SCREEN_FAULT, CASE_DOOR, 0, NULL, 0, "", "", "", "fault readonly"},
    {"sandbox", SCREEN_FAULT, CASE_DOOR, 0, NULL, 0, "", "", "", "sandbox"},
    {"start", SCREEN_FAULT, CASE_DOOR, 0, NULL, 0, "", "", "", "problem"},
    {"no-pack", SCREEN_FAULT, CASE_DOOR, 0, NULL, 0, "", "", "", "problem meetup"},
    {"setup-card", SCREEN_FAULT, CASE_DOOR, 0, NULL, 0, "", "", "", "problem first meetup mirror quad"},
    {"setup-waits", SCREEN_FAULT, CASE_DOOR, 0, NULL, 0, "", "", "", "problem waits meetup mirror"},
    {"card-unknown", SCREEN_VERDICT, CASE_DOOR, VERDICT_NOT_A_TICKET, NULL, FOREIGN_UNKNOWN, "", "", "", "withdrawn"},
    {"card-unreadable", SCREEN_VERDICT, CASE_DOOR, VERDICT_NOT_A_TICKET, NULL, FOREIGN_UNKNOWN, "", "", "", "unreadable"},
    {"card-setup", SCREEN_VERDICT, CASE_DOOR, VERDICT_NOT_A_TICKET, NULL, FOREIGN_UNKNOWN, "", "", "", "enrols"},
    {"card-setup-again", SCREEN_VERDICT, CASE_DOOR, VERDICT_NOT_A_TICKET, NULL, FOREIGN_UNKNOWN, "", "", "", "enrols twice"},
    {"card-setup-lead", SCREEN_VERDICT, CASE_DOOR, VERDICT_NOT_A_TICKET, NULL, FOREIGN_UNKNOWN, "", "", "", "has-hub"},
    {"empty", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", ""},
    {"find", SCREEN_CONSOLE, CASE_HALL, VERDICT_ADMIT, "阿卜杜热合曼·买买提吐尔逊江", 0, "", "", "", "scanned"},
    {"many", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", "lead hidden"},
    {"none", SCREEN_CONSOLE, CASE_HALL, VERDICT_UNKNOWN, NULL, 0, "", "", "", "scanned"},
    {"person", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", ""},
    {"in", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", ""},
    {"long", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", ""},
    {"long-person", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", ""},
    {"party", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", ""},
    {"refused", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", ""},
    {"refused-desk", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", ""},
    {"undo", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", ""},
    {"name", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", ""},
    {"walkin", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", ""},
    {"recent", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", "hidden"},
    {"today", SCREEN_CONSOLE, CASE_LUNCH, VERDICT_AGAIN, "欧阳晓晴", 0, "", "", "", "stop scanned"},
    {"health", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", ""},
    {"sick", SCREEN_CONSOLE, CASE_HALL, VERDICT_UNKNOWN, NULL, 0, "", "", "", "lead scanned"},
    {"hot", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", ""},
    {"settings", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", ""},
    {"settings-lead", SCREEN_CONSOLE, CASE_DOOR, 0, NULL, 0, "", "", "", "lead"},
    {"opening", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", ""},
    {"pass", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", ""},
    {"handover", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", ""},
    {"station", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", "lead"},
    {"group", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", "lead"},
    {"clock", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", "lead"},
    {"withdraw", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", "lead"},
    {"export", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", "lead"},
    {"phones-wait", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", "lead"},
    {"shutdown", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", "lead"},
    {"hub", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", ""},
    {"carry", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", "lead"},
    {"phone", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", "lead"},
    {"phones-many", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", "lead"},
    {"phone-off", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", "lead"},
    {"pin", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", ""},
    {"meetup", SCREEN_CONSOLE, CASE_HALL, 0, NULL, 0, "", "", "", ""},
};
_Static_assert(sizeof screen_cases / sizeof *screen_cases == SCREEN_CASES, "cases.h says how many there are");

void case_view(int i, enum lang first, enum lang second, struct catalog *c, struct view *v) {
  const struct screen_case *k = &screen_cases[i];
  case_catalog(c);
  memset(v, 0, sizeof *v);
  *v = (struct view){.screen = k->screen,
                     .catalog = c,
                     .station = k->station,
                     .kiosk = "2 号机",
                     .lang = {first, second},
                     .langs = 2,
                     .now = {.mono_ms = 1000, .wall_ms = case_now, .wall_ok = true}};
  v->desk_known = v->watch_known = true;
  v->desk = (struct desk_health){
      .people = 128, .people_today = 128, .disk_free_mb = 24 * 1024, .clock_ok = true, .pack_checked = true, .unsent = 12};
  v->desk.machine = (struct machine){.temperature_c10 = 523, .slowed = KNOWN_NO};
  v->watch.camera = WATCH_CAMERA_GOOD;
  v->watch.fps_x10 = 298;
  snprintf(c->name, sizeof c->name, "kcc");
  c->build = 3;
  struct notice *n = &v->notice;
  n->nth = 129;
  n->at = v->now;
  n->verdict = (struct verdict){.kind = k->verdict, .count = 1, .event = -1, .station = -1, .valid_day = -1};
  if (k->verdict == VERDICT_NOT_A_TICKET && k->screen == SCREEN_VERDICT) n->verdict.foreign = (enum foreign)k->type;
  if (k->who != NULL) {
    struct attendee *a = &n->verdict.attendee;
    n->verdict.has_attendee = true;
    a->type = k->type;
    snprintf(a->name, sizeof a->name, "%s", k->who);
    snprintf(a->organization, sizeof a->organization, "%s", k->organization);
    snprintf(a->title, sizeof a->title, "%s", k->title);
    snprintf(a->seat, sizeof a->seat, "%s", k->seat);
  }
  case_special(k->special, c, v);
  if (k->screen == SCREEN_SELF) case_self(k->name, v);
  if (k->screen == SCREEN_CONSOLE) case_console(k->name, k->special, c, v);
  if (k->screen != SCREEN_STARTING && v->problem.zh[0] == '\0') return;
  v->catalog = NULL; /* no pack yet, and no services but the camera's */
  v->station = -1;
  v->desk_known = false;
  v->watch_known = v->card;
}

void case_title(int i, char *out, size_t size) {
  static const char *const screens[] = {
      [SCREEN_STARTING] = "starting", [SCREEN_IDLE] = "idle",       [SCREEN_VERDICT] = "verdict",
      [SCREEN_FAULT] = "fault",       [SCREEN_CONSOLE] = "console", [SCREEN_SELF] = "self"};
  const struct screen_case *k = &screen_cases[i];
  snprintf(out, size, "%s-%s", screens[k->screen], k->screen == SCREEN_VERDICT ? verdict_name(k->verdict) : "none");
}
