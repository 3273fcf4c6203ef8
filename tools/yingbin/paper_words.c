/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/paper_words.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "tools/yingbin/event_words.h"

const char *const paper_lang_name[LANG_COUNT] = {"zh-Hans", "zh-Hant", "en"};

bool paper_lang_named(const char *name, enum lang *lang) {
  for (enum lang l = 0; l < LANG_COUNT; l++)
    if (!strcmp(name, paper_lang_name[l])) return *lang = l, true;
  return false;
}

enum lang paper_lang(const struct event *event, enum lang chosen) { return chosen < LANG_COUNT ? chosen : words_lang(event); }

static const char *const words[PAPER_WORDS][LANG_COUNT] = {
    [PAPER_PARTY] = {"共 {n} 人", "共 {n} 人", "party of {n}"},
    [PAPER_ONE_OF] = {"同行 {n} 人：此码签到 1 人，其余请到服务台", "同行 {n} 人：此碼簽到 1 人，其餘請到服務台",
                      "Party of {n}: this code admits one, the desk the others"},
    [PAPER_PRACTICE] = {"练习票，不计入签到", "練習票，不計入簽到", "PRACTICE, never counted"},
    [PAPER_CODE] = {"签到二维码", "簽到二維碼", "check-in QR code"},
    [PAPER_SHOW_IT] = {"把二维码对准签到机的摄像头，屏幕调亮。", "把二維碼對準簽到機的鏡頭，螢幕調亮。",
                       "Hold the code up to the kiosk's camera, with your screen bright."},
    [PAPER_KEEP_IT] = {"没有网络也能打开，可保存或截图；请勿转发。", "沒有網路也能打開，可儲存或截圖；請勿轉發。",
                       "It opens without a network: save it or take a screenshot, and don't pass it on."},
    [PAPER_LIST] = {"签到名单", "簽到名單", "Check-in list"},
    [PAPER_LAST_FOUR] = {"手机后四位", "手機末四碼", "last digits"},
    [PAPER_OPEN] = {"待确认", "待確認", "unconfirmed"},
    [PAPER_WALKINS] = {"现场登记", "現場登記", "Walk-ins"},
    [PAPER_CARE] = {"含个人信息：只给签到台用，活动后销毁。", "含個人資料：只供簽到台使用，活動後銷毀。",
                    "Personal data: for the check-in desk alone; destroy it after the event."},
};

const char *paper_word(enum paper_word word, enum lang lang) {
  assert(word < PAPER_WORDS && lang < LANG_COUNT);
  return words[word][lang];
}

void paper_word_n(enum paper_word word, enum lang lang, int n, char *out, size_t size) {
  const char *text = paper_word(word, lang), *at = strstr(text, "{n}");
  assert(at);
  snprintf(out, size, "%.*s%d%s", (int)(at - text), text, n, at + 3);
}
