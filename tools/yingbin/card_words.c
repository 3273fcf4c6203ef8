/* SPDX-License-Identifier: Apache-2.0
 * What stands on a card, and what its QR code carries.
 */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "core/base45.h"
#include "tools/yingbin/cards.h"

static const struct card_line desk = {{"值班卡", "值班卡", "Desk card"}}, lead = {{"组长卡", "組長卡", "Lead card"}},
                              setup_role = {{"签到机设置卡", "簽到機設定卡", "Kiosk setup card"}};

static const struct card_line desk_opens[] = {
    {{"在签到机前出示：打开工作台，按姓名、拼音、手机后四位找人，手动签到",
      "在簽到機前出示：打開工作臺，按姓名、拼音、手機末四碼找人，手動簽到",
      "Show it to a kiosk: it opens the console, to find people by name, pinyin or last four digits, and to check them in"}},
    {{"此后的每条记录都写着您的名字，直到锁上工作台", "此後的每筆記錄都寫著您的名字，直到鎖上工作臺",
      "Every record from then on bears your name, until the console is locked"}}};
static const struct card_line lead_opens[] = {{{"值班卡能做的全部", "值班卡能做的全部", "All that a desk card does"}},
                                              {{"还可更换活动包、设置签到机、导出日志", "還可更換活動包、設定簽到機、匯出日誌",
                                                "Also switches packs, sets up kiosks and exports the log"}}};
static const struct card_line operator_care[] = {
    {{"只交给卡上写着的这一位，由本人保管；不拍照、不转发", "只交給卡上寫著的這一位，由本人保管；不拍照、不轉傳",
      "Give it to the person named on it and to nobody else: no photographs, no forwarding"}},
    {{"丢了马上告诉主办方：作废后重新制作活动包，复制到每台签到机才生效",
      "遺失請立即告訴主辦方：作廢後重新製作活動包，複製到每台簽到機才生效",
      "Lost? Tell the organizer at once: it is void when it was withdrawn, the pack built again, and copied to every kiosk"}}};
static const struct card_line setup_opens[] = {
    {{"在还没有设置过的签到机前出示一次：它会连上汇总站，领到自己的名字和签到点",
      "在還沒有設定過的簽到機前出示一次：它會連上彙總站，領到自己的名字和簽到點",
      "Show it once to a kiosk that isn't set up yet: it joins the hub and learns its name and stations"}}};
static const struct card_line setup_care[] = {
    {{"只交给布置这台签到机的人；只能用一次，用完请剪碎", "只交給佈置這台簽到機的人；只能用一次，用完請剪碎",
      "Give it to whoever sets this kiosk up and to nobody else; it works once, cut it up afterwards"}},
    {{"没用完之前，谁拿到它都能让一台设备冒充这台签到机", "沒用完之前，誰拿到它都能讓一台設備冒充這台簽到機",
      "Until then, whoever has it can pass a device off as this kiosk"}}};

static const struct card_line host_care[] = {
    {{"卡上有汇总站的密钥，谁拿到它都能冒充汇总站：用完请剪碎", "卡上有彙總站的金鑰，誰拿到它都能冒充彙總站：用完請剪碎",
      "It holds the hub's key: whoever has it can pass as the hub. Cut it up after use"}}};

static void lines(struct card_line out[CARD_LINES], const struct card_line *from, size_t bytes) {
  memset(out, 0, sizeof *out * CARD_LINES);
  memcpy(out, from, bytes);
}

void card_operator(const char *name, bool is_lead, const char *host, struct card *card, uint8_t key[32]) {
  uint8_t seed[32], secret[32];
  *card = (struct card){.kind = CARD_OPERATOR, .lead = is_lead, .role = is_lead ? lead : desk};
  snprintf(card->name, sizeof card->name, "%s", name);
  snprintf(card->host, sizeof card->host, "%s", host);
  lines(card->opens, is_lead ? lead_opens : desk_opens, is_lead ? sizeof lead_opens : sizeof desk_opens);
  lines(card->care, operator_care, sizeof operator_care);
  randombytes_buf(seed, sizeof seed);
  crypto_box_seed_keypair(key, secret, seed);
  strcpy(card->payload, "YBOP1:");
  base45_encode(seed, sizeof seed, card->payload + strlen(card->payload));
  sodium_memzero(seed, sizeof seed);
  sodium_memzero(secret, sizeof secret);
}

bool card_setup(const struct setup *s, struct card *card, struct problem *problem) {
  const struct {
    const char *key, *value;
  } pair[] = {{"v", "1"},          {"hub", s->hub},           {"spki", s->spki}, {"kiosk", s->kiosk},
              {"token", s->token}, {"stations", s->stations}, {"pub", s->pub},   {"pack", s->pack}, {"host", s->host}};
  char text[CARD_PAYLOAD_MAX / 2] = "";
  size_t n = 0, most = (sizeof card->payload - 16) * 2 / 3;
  *card = (struct card){.kind = CARD_SETUP, .role = setup_role};
  for (size_t i = 0; i < sizeof pair / sizeof *pair && n < sizeof text; i++)
    if (pair[i].value && *pair[i].value)
      n += (size_t)snprintf(text + n, sizeof text - n, "%s%s=%s", n ? "\n" : "", pair[i].key, pair[i].value);
  if (n >= sizeof text || n > most)
    return problem_set(problem, "设置卡的内容太长，二维码放不下", "the setup card holds too much for a QR code");
  snprintf(card->name, sizeof card->name, "%s", s->kiosk);
  snprintf(card->hub, sizeof card->hub, "%s", s->host ? "hub = here" : s->hub);
  lines(card->opens, setup_opens, sizeof setup_opens);
  lines(card->care, setup_care, sizeof setup_care);
  if (s->host) card->care[sizeof setup_care / sizeof *setup_care] = host_care[0];
  strcpy(card->payload, "YBSET1:");
  base45_encode((const uint8_t *)text, n, card->payload + strlen(card->payload));
  sodium_memzero(text, sizeof text);
  return true;
}
