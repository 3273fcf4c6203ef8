/* SPDX-License-Identifier: Apache-2.0
 * What a kiosk that waits for its first pack says to a volunteer, state by state, in both languages.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk_first.h"

static const struct row {
  struct sync_health health;
  const char *zh, *en; /* how it begins; NULL: nothing is said */
} rows[] = {
    {{.state = SYNC_OFF}, NULL, NULL},
    {{.state = SYNC_NOT_ENROLLED, .hub = "https://h"}, NULL, NULL},
    {{.state = SYNC_CONNECTING, .hub = "https://h"}, "这张设置卡没有写明活动包", "this setup card names no pack"},
    {{.state = SYNC_CONNECTING, .hub = "https://h", .pack = "p"},
     "已读到设置卡，正在连接汇总站 https://h",
     "the setup card was read, connecting to the hub https://h"},
    {{.state = SYNC_GOOD, .pack = "p"}, "已登记到汇总站，正在取活动包 p", "joined the hub, fetching the pack p"},
    {{.state = SYNC_GOOD, .pack = "p", .pack_missing = true},
     "已登记到汇总站，它还没有活动包 p",
     "joined the hub, which has no pack p yet"},
    {{.state = SYNC_GOOD, .pack = "p", .pack_have = 1, .pack_total = 3}, "正在取活动包 p：33%", "fetching the pack p: 33%"},
    {{.state = SYNC_GOOD, .pack = "p", .pack_why = "no room", .pack_why_zh = "放不下"},
     "汇总站的活动包 p 不能用，请告诉组织者：放不下",
     "the hub's pack p can't be used, tell the organizer: no room"},
    {{.state = SYNC_WAITING, .hub = "http://h", .pack = "p", .why = "Could not resolve host: h"},
     "现在连不上汇总站 http://h，会一直重试：找不到这个网址，请检查网址和网络",
     "the hub http://h can't be reached now, trying again: Could not resolve host: h"},
    {{.state = SYNC_WAITING, .hub = "http://h", .pack = "p", .why = "Odd"},
     "现在连不上汇总站 http://h，会一直重试：\nOdd",
     "the hub http://h can't be reached now, trying again: Odd"},
    {{.state = SYNC_REFUSED,
      .hub = "http://h",
      .pack = "p",
      .why = "HTTP 403: the hub doesn't know this setup card: make a new one"},
     "汇总站不接受这张设置卡，请出示另一张：请组织者确认",
     "the hub doesn't take this setup card, show another one: HTTP 403: "},
    {{.state = SYNC_OTHER_HUB, .hub = "https://h", .pack = "p", .why = "SSL: public key does not match pinned public key"},
     "https://h 不是设置卡写的那个汇总站，请告诉组织者：它的密钥不是设置卡写的那一把",
     "https://h isn't the hub that the setup card names, tell the organizer: SSL: "},
};

static void assert_begins(const char *text, const char *with) {
  if (strncmp(text, with, strlen(with)) != 0) fail_msg("\"%s\" doesn't begin with \"%s\"", text, with);
}

static void each_state_has_its_words(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct problem said = {.zh = ""};
    assert_int_equal(kiosk_first_words(&rows[i].health, &said), rows[i].zh != NULL);
    if (!rows[i].zh) continue;
    assert_begins(said.zh, rows[i].zh);
    assert_begins(said.en, rows[i].en);
  }
}

/* The hub's and the network's words are English; a Chinese sentence has none of them in it. */
static void no_english_is_within_a_chinese_sentence(void **state) {
  static const char *const whys[] = {"Could not resolve host: hub.local",
                                     "Failed to connect to 10.0.0.1 port 8080 after 3 ms: Couldn't connect to server",
                                     "Operation timed out after 15000 milliseconds with 0 bytes received",
                                     "Recv failure: Connection reset by peer",
                                     "SSL certificate problem: self-signed certificate",
                                     "HTTP 500",
                                     "something new"};
  (void)state;
  for (size_t i = 0; i < sizeof whys / sizeof *whys; i++) {
    struct sync_health health = {.state = SYNC_WAITING, .hub = "1.2.3.4", .pack = "1"};
    struct problem said;
    strcpy(health.why, whys[i]);
    assert_true(kiosk_first_words(&health, &said));
    for (const char *c = said.zh; *c && *c != '\n'; c++) assert_false((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z'));
    const char *detail = strchr(said.zh, '\n');
    assert_string_equal(detail ? detail + 1 : "", i + 1 < sizeof whys / sizeof *whys ? "" : whys[i]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(each_state_has_its_words),
                                     cmocka_unit_test(no_english_is_within_a_chinese_sentence)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
