/* SPDX-License-Identifier: Apache-2.0
 * The sample events, their pictures, and who stands before the camera.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tools/shoot_main/cases_inner.h"

void case_text(struct text *t, const char *zh, const char *en) {
  snprintf(t->in[LANG_ZH_HANS], TEXT_MAX, "%s", zh);
  snprintf(t->in[LANG_EN], TEXT_MAX, "%s", en);
}

static void case_event(struct event *e, const char *id, const char *zh, const char *en, const char *city, const char *city_en,
                       const char *venue, const char *venue_en, int64_t starts_ms) {
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

static void case_station(struct station *s, int16_t event, const char *id, enum station_kind kind, const char *zh,
                         const char *en, const char *room, const char *room_en) {
  *s = (struct station){.event = event, .kind = kind, .after = -1, .times = 1, .admits = ~0ull};
  snprintf(s->id, sizeof s->id, "%s", id);
  case_text(&s->label, zh, en);
  case_text(&s->room, room, room_en);
}

static void case_type(struct ticket_type *t, const char *zh, const char *en, enum show_name show) {
  case_text(&t->label, zh, en);
  t->show_name = show;
}

static void case_session(struct catalog *c, int16_t event, int16_t station, const char *zh, const char *en, const char *room,
                         const char *room_en, int minutes) {
  struct session *s = &c->session[c->sessions++];
  *s = (struct session){.event = event, .station = station, .starts_ms = case_now + minutes * 60000};
  case_text(&s->title, zh, en);
  case_text(&s->room, room, room_en);
}

void case_catalog(struct catalog *c) {
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

void case_mirror(struct mirror *m, bool quad) {
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

void case_faces(struct catalog *c, bool slides) {
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

struct pictures *case_pictures(const char *samples, const struct theme *look, int w, int h, struct problem *problem) {
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
