/* SPDX-License-Identifier: Apache-2.0
 * One view for each screen, each verdict and each name that has broken a kiosk: what `tools/shoot`
 * photographs and what the screens' test compares. Header-only, so that both use the same ones.
 * People and rosters are invented.
 */
#ifndef YINGBIN_TOOLS_CASES_H
#define YINGBIN_TOOLS_CASES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tools/shoot_main/cases_console.h"
#include "ui/screens.h"
#include "ui/self_screen.h"

enum { CASE_GUANGZHOU, CASE_COSCON, CASE_CHANGSHA, CASE_CHENGDU };
enum { CASE_DOOR, CASE_LUNCH, CASE_MARKET, CASE_HALL, CASE_FORUM, CASE_EXIT };
enum { CASE_ATTENDEE, CASE_SPEAKER, CASE_DAY_TWO, CASE_MASKED, CASE_SECRET };
enum { CASE_HOSTS = 4 };

static const int64_t case_now = 1697869920000; /* 2023-10-21 14:32 at the events */

static inline void case_text(struct text *t, const char *zh, const char *en) {
  snprintf(t->in[LANG_ZH_HANS], TEXT_MAX, "%s", zh);
  snprintf(t->in[LANG_EN], TEXT_MAX, "%s", en);
}

static inline void case_event(struct event *e, const char *id, const char *zh, const char *en, const char *city,
                              const char *city_en, const char *venue, const char *venue_en, int64_t starts_ms) {
  snprintf(e->id, sizeof e->id, "%s", id);
  case_text(&e->title, zh, en);
  case_text(&e->city, city, city_en);
  case_text(&e->venue, venue, venue_en);
  e->starts_ms = starts_ms;
  e->ends_ms = starts_ms + 4 * 3600000;
  e->zone = (struct zone){.name = "Asia/Shanghai", .spans = 1, .offset_s = {8 * 3600}};
  e->day_border_s = 4 * 3600;
  e->hosts = 1;
  e->roster = true;
  snprintf(e->site, sizeof e->site, "https://kaiyuanshe.cn/party-%s", id);
}

static inline void case_station(struct station *s, int16_t event, const char *id, enum station_kind kind, const char *zh,
                                const char *en, const char *room, const char *room_en) {
  *s = (struct station){.event = event, .kind = kind, .after = -1, .times = 1, .admits = ~0ull};
  snprintf(s->id, sizeof s->id, "%s", id);
  case_text(&s->label, zh, en);
  case_text(&s->room, room, room_en);
}

static inline void case_type(struct ticket_type *t, const char *zh, const char *en, enum show_name show) {
  case_text(&t->label, zh, en);
  t->show_name = show;
}

static inline void case_session(struct catalog *c, int16_t event, int16_t station, const char *zh, const char *en,
                                const char *room, const char *room_en, int minutes) {
  struct session *s = &c->session[c->sessions++];
  *s = (struct session){.event = event, .station = station, .starts_ms = case_now + minutes * 60000};
  case_text(&s->title, zh, en);
  case_text(&s->room, room, room_en);
}

static inline void case_catalog(struct catalog *c) {
  memset(c, 0, sizeof *c);
  c->events = 4, c->stations = 6, c->types = 5, c->hosts = 2, c->show_name = SHOW_NAME_MASKED;
  case_event(&c->event[CASE_GUANGZHOU], "kcc-guangzhou", "KCC@广州 × TiDB 社区 聚会", "KCC Guangzhou × TiDB community meetup",
             "广州", "Guangzhou", "保利中悦广场 29 楼", "Poly Zhongyue Plaza, 29F", case_now);
  case_event(&c->event[CASE_COSCON], "coscon-2023", "中国开源年会 COSCon'23", "China Open Source Conference COSCon'23", "成都",
             "Chengdu", "高新区 菁蓉汇", "Jingronghui", 1698453000000);
  case_event(&c->event[CASE_CHANGSHA], "kcc-changsha", "KCC@长沙 开源人夜宵聚会", "KCC Changsha night-market meetup", "长沙",
             "Changsha", "四方坪夜市", "Sifangping night market", case_now + 7 * 3600000);
  case_event(&c->event[CASE_CHENGDU], "kcc-chengdu", "开源午餐交流会（KCC@成都 × TGO 鲲鹏会）",
             "Open-source lunch (KCC Chengdu × TGO)", "成都", "Chengdu", "少灏厅", "Shaohao hall", case_now);
  c->event[CASE_CHANGSHA].roster = false;
  case_station(&c->station[CASE_DOOR], CASE_GUANGZHOU, "kcc-guangzhou/door", STATION_ENTRY, "门口", "Door", "29 楼 大会议室",
               "Large meeting room, 29F");
  case_station(&c->station[CASE_LUNCH], CASE_CHENGDU, "kcc-chengdu/lunch", STATION_REDEEM, "午餐", "Lunch", "少灏厅",
               "Shaohao hall");
  case_station(&c->station[CASE_MARKET], CASE_CHANGSHA, "kcc-changsha/market", STATION_ENTRY, "夜市", "Night market", "", "");
  case_station(&c->station[CASE_HALL], CASE_COSCON, "coscon-2023/east", STATION_ENTRY, "东门", "East gate", "创新主论坛",
               "Innovation main forum");
  case_station(&c->station[CASE_FORUM], CASE_COSCON, "coscon-2023/os", STATION_SESSION, "开源操作系统",
               "Open-source operating systems", "2 号厅", "Hall 2");
  case_station(&c->station[CASE_EXIT], CASE_COSCON, "coscon-2023/exit", STATION_EXIT, "出口", "Exit", "", "");
  case_text(&c->station[CASE_MARKET].greeting, "找张板凳坐下，先来一串", "Take a stool and have a skewer");
  case_text(&c->station[CASE_HALL].greeting, "主会场请直行，分论坛请上二楼",
            "Main hall straight ahead, forums on the second floor");
  c->station[CASE_FORUM].after = CASE_HALL;
  c->event[CASE_COSCON].ends_ms = 1698573600000; /* the next day, 18:00 there */
  case_session(c, CASE_GUANGZHOU, CASE_DOOR, "开源社区的十年", "Ten years of communities", "", "", 28);
  case_session(c, CASE_COSCON, -1, "创新主论坛", "Innovation main forum", "主会场", "Main hall", 28);
  case_type(&c->type[CASE_ATTENDEE], "观众", "Attendee", SHOW_NAME_FULL);
  case_type(&c->type[CASE_SPEAKER], "讲师", "Speaker", SHOW_NAME_FULL);
  case_type(&c->type[CASE_DAY_TWO], "次日票", "Day two", SHOW_NAME_FULL);
  case_type(&c->type[CASE_MASKED], "嘉宾", "Guest", SHOW_NAME_MASKED);
  case_type(&c->type[CASE_SECRET], "工作人员", "Staff", SHOW_NAME_NONE);
  c->type[CASE_ATTENDEE].icon = ICON_PERSON;
  c->type[CASE_SPEAKER].icon = ICON_MIC, c->type[CASE_SPEAKER].colour = 0x7C3AED;
  c->type[CASE_DAY_TWO].colour = 0xC2410C;
  c->type[CASE_MASKED].icon = ICON_STAR, c->type[CASE_MASKED].colour = 0xF5B301;
  struct host *kcc = &c->host[0];
  case_text(&kcc->name, "KCC", "KCC");
  snprintf(kcc->group_qr, sizeof kcc->group_qr, "https://weixin.qq.com/g/AwYAAExampleGroupOfTheMeetup2023");
  kcc->group_expires_ms = case_now + 7 * 86400000;
  case_text(&kcc->group_fallback, "添加管理员微信，备注 KCC", "Add the organizer on WeChat, note KCC");
  snprintf(kcc->group_fallback_qr, sizeof kcc->group_fallback_qr, "https://u.wechat.com/example-organizer");
}

static const struct screen_case {
  const char *name; /* of a file: SCREEN-VERDICT-...-CASE */
  enum screen screen;
  int16_t station;
  enum verdict_kind verdict;
  const char *who; /* the attendee's name, NULL: no attendee */
  int16_t type;
  const char *organization, *title, *seat;
  const char *special; /* what else is set: see case_special */
} screen_cases[] = {
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
enum { SCREEN_CASES = sizeof screen_cases / sizeof screen_cases[0] };

/* Somebody before the camera: head and shoulders, and a code, painted over, where `quad` says. */
static inline void case_mirror(struct mirror *m, bool quad) {
  memset(m, 0, sizeof *m);
  m->w = MIRROR_W, m->h = MIRROR_H;
  for (int y = 0; y < MIRROR_H; y++)
    for (int x = 0; x < MIRROR_W; x++) {
      const int dx = x - 190, head = dx * dx + (y - 70) * (y - 70), chest = dx * dx + (y - 190) * (y - 190);
      const bool code = quad && x >= 86 && x < 150 && y >= 76 && y < 140;
      m->luma[y * MIRROR_W + x] = (uint8_t)(code ? 216 : head < 1200 ? 150 : chest < 5600 ? 60 : 80 + x / 5);
    }
  m->found = m->unread = quad;
  if (quad) memcpy(m->quad, (struct point[4]){{94, 84}, {142, 86}, {140, 134}, {92, 131}}, sizeof m->quad);
}

/* The logos and slides of the sample events, under the names that the packs give them. */
static inline void case_faces(struct catalog *c, bool slides) {
  struct event *e = c->event;
#define NAME(field, text) snprintf(field, sizeof(field), "%s", text)
  c->hosts = CASE_HOSTS;
  NAME(c->host[0].logo, "kcc.png"), NAME(c->host[1].logo, "tidb.png");
  NAME(c->host[2].logo, "tgo.png"), NAME(c->host[3].logo, "kaiyuanshe.png");
  case_text(&c->host[1].name, "TiDB 社区", "TiDB community"), case_text(&c->host[2].name, "TGO 鲲鹏会", "TGO");
  case_text(&c->host[3].name, "开源社", "KAIYUANSHE");
  e[CASE_GUANGZHOU].hosts = 3, e[CASE_CHENGDU].hosts = 5, e[CASE_COSCON].hosts = 8, e[CASE_CHANGSHA].hosts = 1;
  NAME(e[CASE_COSCON].logo, "coscon.png"), NAME(e[CASE_CHENGDU].logo, "gtlc.png");
  if (!slides) return;
  e[CASE_COSCON].slides = 2, e[CASE_GUANGZHOU].slides = e[CASE_CHANGSHA].slides = 1;
  NAME(e[CASE_COSCON].slide[0], "map.png"), NAME(e[CASE_COSCON].slide[1], "thanks.jpg");
  NAME(e[CASE_GUANGZHOU].slide[0], "skyline.png"), NAME(e[CASE_CHANGSHA].slide[0], "skyline.png");
#undef NAME
}

/* These pictures, from assets/sample, for a screen of w x h. NULL: problem says which one can't be had. */
static inline struct pictures *case_pictures(const char *samples, const struct theme *look, int w, int h,
                                             struct problem *problem) {
  static const struct {
    const char *folder, *name;
    enum picture_kind kind;
  } all[] = {{"kcc-guangzhou", "kcc.png", PICTURE_LOGO},      {"kcc-guangzhou", "tidb.png", PICTURE_LOGO},
             {"kcc-chengdu", "tgo.png", PICTURE_LOGO},        {"kcc-chengdu", "gtlc.png", PICTURE_LOGO},
             {"coscon-2023", "kaiyuanshe.png", PICTURE_LOGO}, {"coscon-2023", "coscon.png", PICTURE_LOGO},
             {"coscon-2023", "map.png", PICTURE_SLIDE},       {"coscon-2023", "thanks.jpg", PICTURE_SLIDE},
             {"kcc-guangzhou", "skyline.png", PICTURE_SLIDE}};
  struct picture_room room[PICTURE_KINDS];
  screen_picture_rooms(look, w, h, room);
  struct pictures *p = pictures_open(room, 6, 3);
  for (size_t i = 0; p != NULL && i < sizeof all / sizeof *all; i++) {
    char path[512], *bytes;
    size_t len;
    snprintf(path, sizeof path, "%s/%s/%s", samples, all[i].folder, all[i].name);
    bool good = file_read(path, IMAGE_BYTES_MAX, &bytes, &len, problem);
    if (good) {
      good = pictures_add(p, all[i].name, all[i].kind, (const uint8_t *)bytes, len) ||
             problem_set(problem, "读不了图片：%s", "can't read the picture: %s", path);
      free(bytes);
    }
    if (good) continue;
    pictures_close(p);
    return NULL;
  }
  return p;
}

/* A guest without a code, by the case's name. */
static inline void case_self(const char *name, struct view *v) {
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

static inline void case_special(const char *special, struct catalog *c, struct view *v) {
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

/* The view of case i; the catalog is filled to go with it and must live as long. */
static inline void case_view(int i, enum lang first, enum lang second, struct catalog *c, struct view *v) {
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

/* "idle", "verdict-admit": the SCREEN-VERDICT of file names. */
static inline void case_title(int i, char *out, size_t size) {
  static const char *const screens[] = {
      [SCREEN_STARTING] = "starting", [SCREEN_IDLE] = "idle",       [SCREEN_VERDICT] = "verdict",
      [SCREEN_FAULT] = "fault",       [SCREEN_CONSOLE] = "console", [SCREEN_SELF] = "self"};
  const struct screen_case *k = &screen_cases[i];
  snprintf(out, size, "%s-%s", screens[k->screen], k->screen == SCREEN_VERDICT ? verdict_name(k->verdict) : "none");
}

#endif
