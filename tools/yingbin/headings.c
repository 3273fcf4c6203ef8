/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/headings.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "core/types.h"
#include "pack/pattern.h"

enum { PLAIN_MAX = 128 };

#define USUAL(...)                                                                                                             \
  (const char *const[]) { __VA_ARGS__, NULL }

const struct roster_heading roster_heading[ROSTER_COLUMNS] = {
    [ROSTER_NAME] = {"name", "姓名", NAME_MAX_BYTES - 1,
                     USUAL("姓名", "真实姓名", "参会人姓名", "参会者姓名", "参会姓名", "参与者姓名", "参加者姓名", "嘉宾姓名",
                           "报名人姓名", "报名者姓名", "学员姓名", "观众姓名", "持票人姓名", "持票人", "购票人姓名", "名字",
                           "中文名", "中文姓名", "name", "fullname", "attendeename", "participantname", "attendee",
                           "participant", "displayname", "参会人", "参会者", "报名人", "联系人姓名", "联系人", "称呼", "昵称",
                           "微信昵称", "用户名", "用户昵称", "nickname", "username")},
    [ROSTER_PHONE] = {"phone", "手机", 63,
                      USUAL("手机", "手机号", "手机号码", "参会人手机", "参会人手机号", "报名手机", "报名手机号", "联系手机",
                            "移动电话", "电话", "电话号码", "联系电话", "联系方式", "phone", "phonenumber", "mobile",
                            "mobilenumber", "mobilephone", "cellphone", "cell", "tel", "telephone", "contactnumber")},
    [ROSTER_EMAIL] = {"email", "邮箱", 255,
                      USUAL("邮箱", "电子邮箱", "邮箱地址", "电子邮件", "电邮", "邮件", "邮件地址", "参会人邮箱", "email",
                            "emailaddress", "mail", "attendeeemail")},
    [ROSTER_ORGANIZATION] = {"organization", "单位", TEXT_MAX - 1,
                             USUAL("公司", "单位", "公司名称", "单位名称", "工作单位", "公司/组织", "公司/单位", "单位/公司",
                                   "公司或单位", "公司/学校", "学校/公司", "所在公司", "所在单位", "就职公司", "企业",
                                   "企业名称", "组织", "机构", "机构名称", "所属组织", "社区", "学校", "学校名称", "院校",
                                   "organization", "organisation", "company", "companyname", "affiliation", "employer",
                                   "institution", "school", "university")},
    [ROSTER_TITLE] = {"title", "职位", TEXT_MAX - 1,
                      USUAL("职位", "职务", "职位/职务", "职务/职位", "职称", "岗位", "头衔", "职业", "title", "jobtitle",
                            "position", "role", "job")},
    [ROSTER_TYPE] = {"type", "票种", TEXT_MAX - 1,
                     USUAL("票种", "票种名称", "票型", "票类", "票类型", "门票类型", "票券类型", "电子票类型", "票务类型",
                           "票名", "票名称", "门票名称", "门票", "参会身份", "参会类型", "身份", "人员类型", "类型", "类别",
                           "tickettype", "ticketname", "ticketclass", "admissiontype", "category", "type", "ticket")},
    [ROSTER_NUMBER] = {"number", "票号", ID_MAX - 1,
                       USUAL("票号", "电子票号", "门票号", "门票编号", "票券编号", "票编号", "报名编号", "报名号", "参会编号",
                             "编号", "ticketnumber", "ticketno", "ticketid", "registrationid", "attendeeid", "attendee#",
                             "number")},
    [ROSTER_ORDER] = {"order", "订单号", ID_MAX - 1,
                      USUAL("订单号", "订单编号", "订单号码", "订单id", "订单", "交易单号", "order", "ordernumber", "orderno",
                            "orderid", "ordercode", "orderreference", "order#")},
    [ROSTER_CODE] = {"code", "签到码", PATTERN_TEXT_MAX,
                     USUAL("签到码", "签到二维码", "二维码", "二维码内容", "电子票码", "票码", "门票码", "验票码", "检票码",
                           "核销码", "入场码", "凭证码", "code", "qrcode", "qr", "checkincode", "ticketcode", "barcode",
                           "secret", "ticketsecret")},
    [ROSTER_SEAT] = {"seat", "座位", TEXT_MAX - 1,
                     USUAL("座位", "座位号", "座席", "座次", "席位", "桌号", "桌次", "分组", "组别", "小组", "seat",
                           "seatnumber", "seating", "table", "tablenumber", "group")},
    [ROSTER_STATUS] = {"status", "状态", TEXT_MAX - 1,
                       USUAL("状态", "报名状态", "审核状态", "审核结果", "订单状态", "支付状态", "付款状态", "缴费状态",
                             "票券状态", "门票状态", "status", "orderstatus", "paymentstatus", "registrationstatus",
                             "attendeestatus")},
    [ROSTER_PARTY] = {"party", "人数", 15,
                      USUAL("人数", "参加人数", "参会人数", "到场人数", "报名人数", "同行人数", "数量", "票数", "张数",
                            "购票数量", "party", "partysize", "guests", "quantity", "headcount")},
    [ROSTER_ATTENTION] = {"attention", "关注", ID_MAX - 1,
                          USUAL("关注", "特别关注", "重点关注", "备注标记", "标记", "attention", "flag", "vip")},
    [ROSTER_FAMILY] = {"family", "姓", NAME_MAX_BYTES / 2 - 1,
                       USUAL("姓", "姓氏", "familyname", "lastname", "surname", "family", "last", "attendeelastname")},
    [ROSTER_GIVEN] = {"given", "名", NAME_MAX_BYTES / 2 - 1,
                      USUAL("名", "givenname", "firstname", "forename", "given", "first", "attendeefirstname")},
};

const char *roster_column_name(enum roster_column c) { return roster_heading[c].name; }

static bool skip_one(const char **text, const char *const *words) {
  for (; *words; words++) {
    size_t n = strlen(*words);
    if (strncmp(*text, *words, n) || !(*text)[n]) continue;
    *text += n;
    return true;
  }
  return false;
}

/* The characters of headings that Traditional Chinese writes otherwise. */
static const char *simplified(const char *text) {
  static const char *const pair[][2] = {
      {"機", "机"}, {"號", "号"}, {"電", "电"}, {"話", "话"}, {"聯", "联"}, {"絡", "系"}, {"郵", "邮"}, {"單", "单"},
      {"職", "职"}, {"務", "务"}, {"種", "种"}, {"類", "类"}, {"門", "门"}, {"訂", "订"}, {"編", "编"}, {"簽", "签"},
      {"碼", "码"}, {"維", "维"}, {"證", "证"}, {"狀", "状"}, {"態", "态"}, {"審", "审"}, {"報", "报"}, {"參", "参"},
      {"會", "会"}, {"與", "与"}, {"數", "数"}, {"組", "组"}, {"織", "织"}, {"構", "构"}, {"學", "学"}, {"稱", "称"},
      {"暱", "昵"}, {"關", "关"}, {"註", "注"}, {"標", "标"}, {"記", "记"}, {"實", "实"}, {"體", "体"}, {"張", "张"}};
  for (size_t i = 0; i < sizeof pair / sizeof *pair; i++)
    if (!strncmp(text, pair[i][0], 3)) return pair[i][1];
  return NULL;
}

/* "1、您的手机号 (必填)*" is 手机号; "Ticket Number:" and "ｔｉｃｋｅｔ＿ｎｕｍｂｅｒ" are ticketnumber. */
static void plain(const char *text, char out[PLAIN_MAX]) {
  static const char *const ends[] = {"（", "【", "［", "(", "[", NULL}, *const blanks[] = {"：", "　",     "＊",
                                                                                           "＿", "\u00A0", NULL};
  static const char *const polite[] = {"请输入", "请填写", "请留下", "您的", "你的", NULL};
  const char *digits = text + (*text == 'Q' || *text == 'q');
  size_t numbers = strspn(digits, "0123456789"), n = 0;
  const char *rest = digits + numbers;
  if (numbers && (skip_one(&rest, (const char *const[]){"、", "．", ".", ")", "）", "_", ":", "：", NULL}))) text = rest;
  while (*text == ' ' || *text == '*') text++;
  while (skip_one(&text, polite)) continue;
  while (*text && n < PLAIN_MAX - 1) {
    const char *start = text;
    for (const char *const *end = ends; n && *end; end++)
      if (!strncmp(text, *end, strlen(*end))) return (void)(out[n] = 0);
    for (const char *const *blank = blanks; *blank; blank++)
      if (!strncmp(text, *blank, strlen(*blank))) text += strlen(*blank);
    if (text > start) continue;
    const char *simple = simplified(text);
    if (simple && n + 3 < PLAIN_MAX) {
      memcpy(out + n, simple, 3);
      n += 3, text += 3;
      continue;
    }
    unsigned char wide = (unsigned char)text[0] == 0xEF && ((unsigned char)text[1] == 0xBC || (unsigned char)text[1] == 0xBD)
                             ? (unsigned char)(((unsigned char)text[1] - 0xBC) * 64 + (unsigned char)text[2] - 0x80 + 0x20)
                             : 0;
    char c = wide > ' ' && wide < 0x7F ? (char)wide : *text;
    text += wide > ' ' && wide < 0x7F ? 3 : 1;
    if (!strchr(" *_-\t:.'\r\n", c)) out[n++] = (char)tolower((unsigned char)c);
  }
  out[n] = 0;
}

bool heading_is_nick(const char *text) {
  return heading_rank(ROSTER_NAME, text) >= heading_rank(ROSTER_NAME, "联系人姓名"); /* the first that is for want of better */
}

int heading_rank(enum roster_column c, const char *text) {
  char found[PLAIN_MAX];
  plain(text, found);
  for (int i = 0; roster_heading[c].usual[i]; i++)
    if (!strcmp(roster_heading[c].usual[i], found)) return i;
  return -1;
}
