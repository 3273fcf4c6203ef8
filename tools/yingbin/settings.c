/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/ini.h"
#include "base/utf8.h"
#include "pack/pattern.h"
#include "tools/yingbin/forms.h"

static const struct setting table[] = {
#define LANGS .languages = true
    {"pack", "name", FORM_ID, .zh = "活动包的名字，字母、数字和 - _ .", .en = "the pack's name: letters, digits and - _ ."},
    {"pack", "privacy.controller", FORM_LONG, LANGS, .zh = "谁负责这些个人信息",
     .en = "who is responsible for the personal data"},
    {"pack", "privacy.contact", FORM_LONG, .zh = "个人信息的联系方式", .en = "whom to ask about it"},
    {"pack", "privacy.notice", FORM_URL, .zh = "隐私声明的网址", .en = "address of the privacy notice"},
    {"pack", "privacy.retain_until", FORM_DATE, .zh = "签到日志保留到哪一天", .en = "until when the log is kept"},
    {"pack", "ticket_keys", FORM_FILES, .zh = "签名票的公钥文件", .en = "public keys of signed tickets"},
    {"pack", "revoked", FORM_FILE, .zh = "作废的票，一行一个码或签名票",
     .en = "tickets that are void: a code or signed ticket a line"},
    {"pack", "seal", FORM_FILE, .zh = "组织者封存姓名用的公钥文件", .en = "the organizer's public key for names in the log"},
    {"pack", "search.contacts", FORM_CHOICE, .choices = "last4|full|none",
     .zh = "值班人员能搜到的手机和邮箱（@ 前的部分）：后四位（默认）、全部、不含",
     .en = "phones and e-mails (before the @) that operators can search by: the last four characters, all, none"},
    {"pack", "show_name", FORM_CHOICE, .choices = "full|masked|none",
     .zh = "屏幕上的姓名：全名、部分（默认）或不显示；[type] 可以另定",
     .en = "names on the screen: full, masked (unless given) or none; a [type] may say otherwise"},
    {"event", "title", FORM_TEXT, LANGS, .zh = "活动名称", .en = "the event's title"},
    {"event", "venue", FORM_TEXT, LANGS, .zh = "场地", .en = "venue"},
    {"event", "city", FORM_TEXT, LANGS, .zh = "城市", .en = "city"},
    {"event", "starts", FORM_TIME, .zh = "开始，如 2023-10-21 13:30", .en = "start, such as 2023-10-21 13:30"},
    {"event", "ends", FORM_TIME, .zh = "结束；24:00 是当晚午夜", .en = "end; 24:00 is the midnight that ends the day"},
    {"event", "tz", FORM_ZONE, .zh = "时区，如 Asia/Shanghai", .en = "time zone, such as Asia/Shanghai"},
    {"event", "day_border", FORM_CLOCK, .zh = "新的一天从几点算起，默认 04:00",
     .en = "when a new day begins, 04:00 unless given"},
    {"event", "site", FORM_URL, .zh = "报名网站，给没有报名的人看", .en = "where to sign up, shown to those who have not"},
    {"event", "hosts", FORM_LIST, .zh = "主办方；名单的主办方会自动加上", .en = "its hosts; those of its rosters are added"},
    {"event", "logo", FORM_FILE, .zh = "活动的标志，PNG 或 JPEG；各主办方的标志写在 [host] 里",
     .en = "the event's logo, PNG or JPEG; those of its hosts stand in [host]"},
    {"event", "slides", FORM_FILES, .zh = "待机时轮播的图片，PNG 或 JPEG，至多 8 张",
     .en = "pictures shown in turn while idle, PNG or JPEG, at most 8"},
    {"event", "colours", FORM_COLOURS, .zh = "两种主题色：欢迎用的、提醒用的，如 #1F5C57, #D9482B；看不清时自动调深浅",
     .en =
         "its two colours, for welcome and for care, such as #1F5C57, #D9482B; made darker or lighter until they are readable"},
    {"event", "theme", FORM_CHOICE, .choices = "light|dark", .zh = "浅色或深色屏幕（夜间用深色）；签到机的设置优先",
     .en = "light or dark screens (dark at night); the kiosk's own setting goes first"},
    {"event", "langs", FORM_LANGS, .zh = "屏幕轮换的语言，主要的在前：zh-Hans, zh-Hant, en 中的几种",
     .en = "languages of the screens in turn, the main one first: of zh-Hans, zh-Hant, en"},
    {"event", "help", FORM_TEXT, LANGS, .zh = "“没有二维码？”后面的回答，如：请到左侧服务台",
     .en = "the answer behind “No code?”, such as: please go to the desk on the left"},
    {"event", "self_lookup", FORM_CHOICE, .choices = "no|phone",
     .zh = "没有二维码的人可用完整手机号自助查找；手机号会因此能从丢失的签到机里试出来",
     .en = "who has no code looks themselves up by their whole phone number; it makes these guessable from a stolen kiosk"},
    {"event", "voice.admit", FORM_FILE, .zh = "欢迎时播放的录音，WAV，至多 4 秒",
     .en = "recorded words of welcome, WAV, at most 4 s"},
    {"event", "voice.again", FORM_FILE, .zh = "再来时播放的录音", .en = "recorded words for who comes again"},
    {"event", "voice.sorry", FORM_FILE, .zh = "不能放行时播放的录音",
     .en = "recorded words where something is to be sorted out"},
    {"event", "voice.fault", FORM_FILE, .zh = "签到机出故障时播放的录音", .en = "recorded words where the kiosk has a fault"},
    {"event", "voice.ready", FORM_FILE, .zh = "值班控制台打开时播放的录音",
     .en = "recorded words when the staff console opens"},
    {"host", "name", FORM_TEXT, LANGS, .zh = "主办方名称", .en = "the host's name"},
    {"host", "logo", FORM_FILE, .zh = "标志图片，PNG 或 JPEG，印在徽章上、显示在屏幕上",
     .en = "its logo, PNG or JPEG, on badges and on the screen"},
    {"host", "group.qr", FORM_LONG, .zh = "群聊二维码的内容", .en = "content of the group chat's QR code"},
    {"host", "group.expires", FORM_TIME, .zh = "群聊二维码何时过期", .en = "when the group's QR code expires"},
    {"host", "group.fallback", FORM_TEXT, LANGS, .zh = "过期后改为显示的文字", .en = "the text shown after that"},
    {"host", "group.fallback.qr", FORM_LONG, .zh = "过期后改为显示的二维码内容",
     .en = "content of the QR code shown after that"},
    {"roster", "event", FORM_ID, .zh = "名单属于哪个活动", .en = "the event of the roster"},
    {"roster", "host", FORM_LIST, .zh = "名单属于哪个（些）主办方", .en = "the host or hosts of the roster"},
    {"roster", "file", FORM_FILE, .zh = "文件名，默认与小节名相同；一个文件的两个工作表写成两节",
     .en = "its file, the section's name unless given; two sheets of one file are two sections"},
    {"roster", "sheet", FORM_TEXT, .zh = "Excel 工作表名，默认第一个可见的",
     .en = "sheet of an Excel file, the first visible one unless given"},
    {"roster", "encoding", FORM_TEXT, .zh = "CSV 的编码，默认自动识别：utf-8、gb18030、utf-16、big5 等",
     .en = "encoding of a CSV, found out unless given: utf-8, gb18030, utf-16, big5, ..."},
    {"roster", "columns.name", FORM_TEXT, .zh = "姓名列的标题", .en = "heading of the names"},
    {"roster", "columns.family", FORM_TEXT, .zh = "姓与名分两列时：姓列的标题",
     .en = "heading of the family names, where names are in two columns"},
    {"roster", "columns.given", FORM_TEXT, .zh = "姓与名分两列时：名列的标题",
     .en = "heading of the given names, where names are in two columns"},
    {"roster", "columns.phone", FORM_TEXT, .zh = "手机列的标题", .en = "heading of the phone numbers"},
    {"roster", "columns.email", FORM_TEXT, .zh = "邮箱列的标题", .en = "heading of the e-mail addresses"},
    {"roster", "columns.organization", FORM_TEXT, .zh = "单位列的标题", .en = "heading of the organizations"},
    {"roster", "columns.title", FORM_TEXT, .zh = "职位列的标题", .en = "heading of the titles"},
    {"roster", "columns.type", FORM_TEXT, .zh = "票种列的标题", .en = "heading of the ticket types"},
    {"roster", "columns.number", FORM_TEXT, .zh = "票号列的标题（每人不同）",
     .en = "heading of the ticket numbers (one a person)"},
    {"roster", "columns.order", FORM_TEXT, .zh = "订单号列的标题（几人可同号）",
     .en = "heading of the order numbers (several people may share one)"},
    {"roster", "columns.code", FORM_TEXT, .zh = "签到码列的标题", .en = "heading of the codes"},
    {"roster", "columns.seat", FORM_TEXT, .zh = "座位列的标题", .en = "heading of the seats"},
    {"roster", "columns.status", FORM_TEXT, .zh = "状态列的标题", .en = "heading of the status"},
    {"roster", "columns.party", FORM_TEXT, .zh = "人数列的标题", .en = "heading of the party sizes"},
    {"roster", "columns.attention", FORM_TEXT,
     .zh = "关注列的标题：vip、minor（未成年，不显示姓名）、staff（请工作人员招呼），或写给工作人员的话",
     .en = "heading of the attention flags: vip, minor (no name is shown), staff (they are told), or a note to staff"},
    {"roster", "status.column", FORM_TEXT, .zh = "同 columns.status", .en = "the same as columns.status"},
    {"roster", "status.ok", FORM_LIST, .zh = "哪些状态算报名成功；* 是全部",
     .en = "which status counts as confirmed; * is all"},
    {"roster", "status.no", FORM_LIST, .zh = "哪些状态不放行（报名待确认）；别的值会报错",
     .en = "which status is not let in (not confirmed); any other value is an error"},
    {"roster", "code.pattern", FORM_PATTERN, .zh = "二维码内容的模式，圆括号括住名单里的码",
     .en = "pattern of what the QR code holds, parentheses round the roster's code"},
    {"roster", "elsewhere_only", FORM_YES, .zh = "只认得出是那个活动的票，不带任何人的信息",
     .en = "only tell that it is that event's ticket, with no one's data"},
    {"type", "label", FORM_TEXT, LANGS, .zh = "票种名称", .en = "the ticket type's name"},
    {"type", "match", FORM_LIST, .zh = "名单里的写法", .en = "how rosters write it"},
    {"type", "valid", FORM_DATES, .zh = "只在这些日子有效（至多 8 天）", .en = "valid on these days alone (at most 8)"},
    {"type", "colour", FORM_COLOUR, .zh = "颜色，#RRGGBB", .en = "colour, #RRGGBB"},
    {"type", "icon", FORM_CHOICE, .choices = "none|person|mic|star|heart|diamond|rings|camera|badge|cup",
     .zh = "屏幕上的图标：人、话筒、星、心、钻石、双环、相机、胸牌、杯子", .en = "its sign on the screen"},
    {"type", "late", FORM_CHOICE, .choices = "refuse|admit", .zh = "签到点结束后是否放行",
     .en = "admitted after the station closed?"},
    {"type", "show_name", FORM_CHOICE, .choices = "full|masked|none", .zh = "屏幕上的姓名：全名、部分或不显示；默认同 [pack]",
     .en = "names on the screen: full, masked or none; as [pack] says unless given"},
    {"station", "kind", FORM_CHOICE, .choices = "entry|exit|session|redeem", .zh = "入口、出口、分会场、领取",
     .en = "door, way out, a session's door, handing out"},
    {"station", "label", FORM_TEXT, LANGS, .zh = "签到点名称", .en = "the station's name"},
    {"station", "room", FORM_TEXT, LANGS, .zh = "房间", .en = "room"},
    {"station", "greeting", FORM_TEXT, LANGS, .zh = "欢迎语：接下来去哪里", .en = "greeting: where to go next"},
    {"station", "admits", FORM_LIST, .zh = "接待哪些票种，* 是全部", .en = "which ticket types, * is all"},
    {"station", "times", FORM_TIMES, .choices = "once|daily|every|N", .zh = "每人几次：一次、每天一次、不限、N 次",
     .en = "how often a person: once, daily, every time, N times"},
    {"station", "opens", FORM_HOURS, .zh = "开始，如 08:00（每天）或 2023-10-21 13:00",
     .en = "opens, such as 08:00 (daily) or 2023-10-21 13:00"},
    {"station", "closes", FORM_HOURS, .zh = "结束；26:00 是次日凌晨两点", .en = "closes; 26:00 is two in the morning after"},
    {"station", "after", FORM_TEXT, .zh = "先要去过的签到点（同一活动的），可加 today",
     .en = "the station of the same event that comes first; with today: that day"},
    {"station", "capacity", FORM_COUNT, .zh = "名额", .en = "how many people in all"},
    {"station", "share", FORM_COUNT, .zh = "没有网络时这台签到机的名额", .en = "this kiosk's part of them without a network"},
    {"station", "again", FORM_CHOICE, .choices = "welcome|stop", .zh = "再来时：欢迎回来，或不再放行",
     .en = "who comes again is welcomed, or stopped"},
    {"station", "offline", FORM_CHOICE, .choices = "admit|ask", .zh = "没有网络、不知道先去的签到点时：放行或请工作人员",
     .en = "where the first station isn't known: admit or ask staff"},
    {"station", "party", FORM_CHOICE, .choices = "one|all|ask", .zh = "一个码来几人：一人、全部、询问（不答先记一人）",
     .en = "people a scan: one, the party, ask (no answer counts one)"},
    {"station", "walkin", FORM_CHOICE, .choices = "staff|self|no", .zh = "码不在名单上的人：找工作人员、自助（轻触或再出示一次）、不接待",
     .en = "whose code is on no list: staff, self (a touch, or the same code again), no"},
    {"station", "accept", FORM_PATTERN, .zh = "别的主办方的码的模式，每码一次",
     .en = "pattern of another organizer's codes, once each"},
    {"station", "nth", FORM_YES, .zh = "欢迎时显示“第 128 位”", .en = "the welcome says the how manieth somebody is"},
    {"station", "handout", FORM_TEXT, LANGS, .zh = "发什么（kind = redeem），如：盒饭一份，左手边自取",
     .en = "what it hands out (kind = redeem), such as: a lunch box, from the table on the left"},
    {"station", "anonymous", FORM_YES, .zh = "点一下记一位没有码的人", .en = "a tap counts a person without a code"},
    {"session", "title", FORM_TEXT, LANGS, .zh = "议题", .en = "the session's title"},
    {"session", "room", FORM_TEXT, LANGS, .zh = "房间，默认是签到点的", .en = "room, its station's unless given"},
    {"session", "starts", FORM_TIME, .zh = "开始", .en = "start"},
    {"session", "ends", FORM_TIME, .zh = "结束", .en = "end"},
    {"session", "station", FORM_TEXT, .zh = "在哪个签到点（活动/名字）", .en = "its station (EVENT/ID)"},
    {"session", "event", FORM_ID, .zh = "属于哪个活动，没写签到点而有几个活动时才需要",
     .en = "its event, needed where there are several and no station is given"},
#undef LANGS
};
enum { SETTINGS = sizeof table / sizeof *table, VALUE_SHOWN = 80 };

static const struct kind {
  const char *name, *id, *zh, *en;
} kind[] = {
    {"pack", "", "整个活动包", "the pack as a whole"},
    {"event", " ID", "一场活动", "an event"},
    {"host", " ID", "主办方", "a host"},
    {"roster", " FILE", "一份报名表，CSV 或 XLSX", "a roster, CSV or XLSX"},
    {"type", " ID", "一个票种", "a ticket type"},
    {"station", " EVENT/ID", "一个签到点", "a station"},
    {"session", " ID", "一个议题", "a session"},
};
enum { KINDS = sizeof kind / sizeof *kind };

static const char *const lang_suffix[LANG_COUNT] = {".zh-Hans", ".zh-Hant", ".en"};

/* What a form expects, for messages; NULL: anything goes. */
static const struct {
  const char *zh, *en;
} expected[] = {
    [FORM_TEXT] = {"255 字节以内的文字", "a text of at most 255 bytes"},
    [FORM_LONG] = {"511 字节以内的文字", "a text of at most 511 bytes"},
    [FORM_ID] = {"字母、数字和 - _ . ，不以点开头", "letters, digits and - _ . that don't begin with a dot"},
    [FORM_LIST] = {"用逗号隔开的几项", "items with commas between them"},
    [FORM_DATE] = {"存在的日期，如 2023-10-21", "a date of the calendar, such as 2023-10-21"},
    [FORM_DATES] = {"存在的日期，如 2023-10-28, 2023-10-29，至多 8 个",
                    "dates of the calendar, such as 2023-10-28, 2023-10-29, at most 8"},
    [FORM_TIME] = {"存在的日期和时间，如 2023-10-21 13:30", "a date and time of the calendar, such as 2023-10-21 13:30"},
    [FORM_CLOCK] = {"时间，如 04:00", "a time of day, such as 04:00"},
    [FORM_HOURS] = {"时间（如 08:00），或日期和时间（如 2023-10-21 13:30）",
                    "a time of day such as 08:00, or a date and time such as 2023-10-21 13:30"},
    [FORM_ZONE] = {"时区名，如 Asia/Shanghai", "a time zone's name, such as Asia/Shanghai"},
    [FORM_URL] = {"以 http:// 或 https:// 开头的网址，511 字节以内",
                  "an address that begins with http:// or https://, at most 511 bytes"},
    [FORM_COUNT] = {"1 到 1000000 的整数", "a whole number from 1 to 1000000"},
    [FORM_TIMES] = {"once、daily、every 或次数", "once, daily, every or a number"},
    [FORM_YES] = {"yes 或 no", "yes or no"},
    [FORM_CHOICE] = {"", ""},
    [FORM_COLOUR] = {"#RRGGBB，如 #C2410C", "#RRGGBB, such as #C2410C"},
    [FORM_COLOURS] = {"两种颜色，如 #1F5C57, #D9482B", "two colours, such as #1F5C57, #D9482B"},
    [FORM_LANGS] = {"zh-Hans、zh-Hant、en 中的几种，不重复", "some of zh-Hans, zh-Hant, en, each once"},
    [FORM_PATTERN] = {"POSIX 扩展正则表达式", "a POSIX extended regular expression"},
    [FORM_FILE] = {"文件名", "a file's name"},
    [FORM_FILES] = {"用逗号隔开的文件名", "files' names with commas between them"},
};

static bool chosen(const char *choices, const char *value) {
  size_t n = strlen(value);
  for (const char *p = choices; p; p = strchr(p, '|') ? strchr(p, '|') + 1 : NULL)
    if (!strncmp(p, value, n) && (p[n] == '|' || !p[n])) return true;
  return false;
}

static bool dates(const char *value) {
  struct list_item item;
  struct civil civil;
  char one[16];
  int n = 0;
  while (list_next(&value, &item)) {
    if (item.len >= sizeof one || ++n > 8) return false;
    memcpy(one, item.at, item.len);
    one[item.len] = 0;
    if (!form_date(one, &civil)) return false;
  }
  return n > 0;
}

static bool colours(const char *value) {
  struct list_item item;
  char one[8];
  uint32_t colour;
  int n = 0;
  for (; list_next(&value, &item); n++) {
    if (item.len >= sizeof one) return false;
    memcpy(one, item.at, item.len);
    one[item.len] = 0;
    if (!form_colour(one, &colour)) return false;
  }
  return n == 2;
}

static bool languages(const char *value) {
  struct list_item item;
  unsigned seen = 0;
  while (list_next(&value, &item)) {
    enum lang l = 0;
    while (l < LANG_COUNT && (strlen(lang_suffix[l]) != item.len + 1 || memcmp(lang_suffix[l] + 1, item.at, item.len) != 0))
      l++;
    if (l == LANG_COUNT || (seen >> l & 1)) return false;
    seen |= 1u << l;
  }
  return seen != 0;
}

static bool well_formed(const struct setting *s, const char *value) {
  struct civil civil;
  int32_t second;
  int64_t number;
  uint32_t colour;
  bool yes;
  size_t len = strlen(value);
  switch (s->form) {
  case FORM_TEXT: return len < TEXT_MAX;
  case FORM_LONG: return len < URL_MAX;
  case FORM_ID: return form_id(value);
  case FORM_DATE: return form_date(value, &civil);
  case FORM_DATES: return dates(value);
  case FORM_TIME: return form_time(value, &civil);
  case FORM_CLOCK: return form_clock(value, 24, &second) && second < 86400;
  case FORM_HOURS: return form_clock(value, 36, &second) || form_time(value, &civil);
  case FORM_ZONE: return len < ID_MAX;
  case FORM_URL: return len < URL_MAX && (!strncmp(value, "http://", 7) || !strncmp(value, "https://", 8));
  case FORM_COUNT: return form_number(value, 1, 1000000, &number);
  case FORM_TIMES: return chosen("once|daily|every", value) || form_number(value, 1, 1000000, &number);
  case FORM_YES: return form_yes(value, &yes);
  case FORM_CHOICE: return chosen(s->choices, value);
  case FORM_COLOUR: return form_colour(value, &colour);
  case FORM_COLOURS: return colours(value);
  case FORM_LANGS: return languages(value);
  default: return true; /* patterns are compiled where they are used, files read */
  }
}

/* The row of a key and its language; NULL: unknown. */
static const struct setting *find(const char *section, struct slice key, enum lang *lang) {
  *lang = LANG_ZH_HANS;
  for (int i = 0; i < SETTINGS; i++) {
    const struct setting *s = &table[i];
    size_t n = strlen(s->key);
    if (strcmp(s->section, section) != 0 || key.len < n || memcmp(key.at, s->key, n) != 0) continue;
    if (key.len == n) return s;
    for (enum lang l = 0; s->languages && l < LANG_COUNT; l++)
      if (key.len - n == strlen(lang_suffix[l]) && !memcmp(key.at + n, lang_suffix[l], key.len - n)) return *lang = l, s;
  }
  return NULL;
}

struct parse {
  struct settings *s;
  struct pool *texts;
  struct remarks *errors;
  struct ini ini;
  bool skipping; /* the pairs of a section that isn't known */
};

static void unknown_section(struct parse *p, const struct ini_item *item) {
  char list[256] = "";
  for (int i = 0, n = 0; i < KINDS; i++)
    n += snprintf(list + n, sizeof list - (size_t)n, "%s[%s%s]", i ? ", " : "", kind[i].name, kind[i].id);
  remarks_say(p->errors, "%1$s 第 %2$d 行：没有 [%4$.*3$s] 这种小节。可用的：%5$s",
              "%1$s, line %2$d: unknown section [%4$.*3$s]. Known: %5$s", p->ini.file, item->line,
              (int)(item->section.len < 60 ? item->section.len : 60), item->section.at, list);
}

static void open_section(struct parse *p, const struct ini_item *item) {
  const struct kind *k = NULL;
  for (int i = 0; i < KINDS; i++)
    if (slice_is(item->section, kind[i].name)) k = &kind[i];
  p->skipping = true;
  if (!k) {
    unknown_section(p, item);
    return;
  }
  const char *id = pool_add(p->texts, item->argument.at, item->argument.len);
  if (!*k->id != !*id) {
    remarks_say(p->errors, "%1$s 第 %2$d 行：应当写作 [%3$s%4$s]", "%1$s, line %2$d: expected [%3$s%4$s]", p->ini.file,
                item->line, k->name, k->id);
    return;
  }
  for (int i = 0; i < p->s->sections; i++) {
    if (strcmp(p->s->section[i].kind, k->name) != 0 || strcmp(p->s->section[i].id, id) != 0) continue;
    remarks_say(p->errors, "%1$s 第 %2$d 行：[%3$s %4$s] 在第 %5$d 行已经写过，请合并",
                "%1$s, line %2$d: [%3$s %4$s] was there on line %5$d already; put them together", p->ini.file, item->line,
                k->name, id, p->s->section[i].line);
    return;
  }
  p->skipping = false;
  p->s->section = grow(p->s->section, (size_t)p->s->sections + 1, sizeof *p->s->section);
  p->s->section[p->s->sections++] = (struct section){.kind = k->name, .id = id, .line = item->line};
}

static void unknown_key(struct parse *p, const char *section, const struct ini_item *item) {
  struct problem problem;
  const char *known[SETTINGS + 1];
  int n = 0;
  for (int i = 0; i < SETTINGS; i++)
    if (!strcmp(table[i].section, section))
      known[n++] = table[i].languages ? pool_format(p->texts, "%s.zh-Hans", table[i].key) : table[i].key;
  known[n] = NULL;
  ini_unknown(&p->ini, item, known, &problem);
  remarks_add(p->errors, &problem);
}

static void bad_value(struct parse *p, const struct setting *s, const struct ini_item *item, const char *value) {
  const char *zh = s->form == FORM_CHOICE ? s->choices : expected[s->form].zh,
             *en = s->form == FORM_CHOICE ? s->choices : expected[s->form].en;
  size_t len = strlen(value), shown = utf8_cut(value, len, VALUE_SHOWN);
  remarks_say(p->errors, "%1$s 第 %2$d 行：%3$s = %4$.*5$s%6$s 不对，应当是：%7$s%8$.0s",
              "%1$s, line %2$d: %3$s = %4$.*5$s%6$s is wrong; expected: %8$s%7$.0s", p->ini.file, item->line, s->key,
              *value ? value : "（空/empty）", *value ? (int)shown : 32, shown < len ? "…" : "", zh, en);
}

static void add_pair(struct parse *p, const struct ini_item *item) {
  enum lang lang;
  if (p->skipping) return;
  if (!p->s->sections) {
    p->skipping = true;
    remarks_say(p->errors, "%1$s 第 %2$d 行：键前面应当有小节，如 [pack]",
                "%1$s, line %2$d: a section such as [pack] was expected before keys", p->ini.file, item->line);
    return;
  }
  struct section *section = &p->s->section[p->s->sections - 1];
  const struct setting *s = find(section->kind, item->key, &lang);
  const char *value = pool_add(p->texts, item->value.at, item->value.len);
  if (!s) {
    unknown_key(p, section->kind, item);
    return;
  }
  if (!*value || !well_formed(s, value)) {
    bad_value(p, s, item, value);
    value = NULL;
  } else {
    const struct pair *before = settings_pair(section, s->key, lang);
    if (before) {
      remarks_say(p->errors, "%1$s 第 %2$d 行：%3$s 在第 %4$d 行已经写过",
                  "%1$s, line %2$d: %3$s was there on line %4$d already", p->ini.file, item->line, s->key, before->line);
      return;
    }
  }
  section->pair = grow(section->pair, (size_t)section->pairs + 1, sizeof *section->pair);
  section->pair[section->pairs++] = (struct pair){s, lang, value, item->line};
}

/* One line a key, however often it is there. */
static void warn_unused(const struct settings *s, struct remarks *warnings) {
  for (int i = 0; i < SETTINGS; i++) {
    int first = 0, count = 0;
    for (int k = 0; table[i].unused && k < s->sections; k++)
      for (int m = 0; m < s->section[k].pairs; m++)
        if (s->section[k].pair[m].setting == &table[i] && count++ == 0) first = s->section[k].pair[m].line;
    if (count)
      remarks_say(warnings, "%1$s 第 %2$d 行：[%3$s] 的 %4$s 这个版本的签到机还用不上（共 %5$d 处），其余照常",
                  "%1$s, line %2$d: this version's kiosk makes no use of [%3$s] %4$s yet (%5$d times); all else works", s->file,
                  first, table[i].section, table[i].key, count);
  }
}

void settings_parse(struct settings *s, const char *file, const char *text, size_t len, struct pool *texts,
                    struct remarks *errors, struct remarks *warnings) {
  struct parse p = {.s = s, .texts = texts, .errors = errors};
  struct ini_item item;
  struct problem problem;
  *s = (struct settings){.file = file};
  ini_init(&p.ini, file, text, len);
  for (;;) {
    switch (ini_next(&p.ini, &item, &problem)) {
    case INI_SECTION: open_section(&p, &item); break;
    case INI_PAIR: add_pair(&p, &item); break;
    case INI_BAD: remarks_add(errors, &problem); break;
    case INI_END: warn_unused(s, warnings); return;
    }
  }
}

void settings_free(struct settings *s) {
  for (int i = 0; i < s->sections; i++) free(s->section[i].pair);
  free(s->section);
  *s = (struct settings){.sections = 0};
}

const struct pair *settings_pair(const struct section *s, const char *key, enum lang lang) {
  for (int i = 0; i < s->pairs; i++)
    if (s->pair[i].value && s->pair[i].lang == lang && !strcmp(s->pair[i].setting->key, key)) return &s->pair[i];
  return NULL;
}

bool settings_refused(const struct section *s, const char *key) {
  for (int i = 0; i < s->pairs; i++)
    if (!s->pair[i].value && !strcmp(s->pair[i].setting->key, key)) return true;
  return false;
}

const char *settings_value(const struct section *s, const char *key) {
  const struct pair *p = settings_pair(s, key, LANG_ZH_HANS);
  return p ? p->value : "";
}

void settings_print(FILE *out) {
  for (int i = 0; i < SETTINGS; i++) {
    const struct setting *s = &table[i];
    if (!i || strcmp(s->section, table[i - 1].section) != 0)
      for (int k = 0; k < KINDS; k++)
        if (!strcmp(kind[k].name, s->section))
          fprintf(out, "%s[%s%s]  %s / %s\n", i ? "\n" : "", kind[k].name, kind[k].id, kind[k].zh, kind[k].en);
    fprintf(out, "  %s%s%s%s%s\n      %s\n      %s\n", s->key, s->languages ? ".zh-Hans, .zh-Hant, .en" : "",
            s->choices ? " = " : "", s->choices ? s->choices : "",
            s->unused ? "    (接受，暂未使用 / accepted, not used yet)" : "", s->zh, s->en);
  }
}
