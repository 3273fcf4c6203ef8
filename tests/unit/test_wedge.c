/* SPDX-License-Identifier: Apache-2.0
 * What is a code and what isn't: a table of key presses with their times. In `keys` a letter is itself,
 * '>' is Enter, '#' a spoilt key, ' ' a pause of 20 ms, '~' 200 ms in which nobody looked for keys; each other key comes
 * 3 ms after the one before it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "platform/reader.h"

enum { LEAST = 4, GAP_MS = 50 };

static const struct {
  const char *what, *keys;
  const char *codes; /* those that come out, each with ';' behind it */
} cases[] = {
    {"a burst and Enter", "K7Q2M9XD>", "K7Q2M9XD;"},
    {"a scanner with breath between its keys", "K 7 Q 2 >", "K7Q2;"},
    {"two codes in a row", "K7Q2>M9XD>", "K7Q2;M9XD;"},
    {"two codes, a while apart", "K7Q2>                    M9XD>", "K7Q2;M9XD;"},
    {"doubled characters that the code has", "AABB00>", "AABB00;"},
    {"too short", "K7Q>", ""},
    {"Enter alone", ">>>", ""},
    {"slow typing", "h   e   l   l   o   >", ""},
    {"slow typing, then at once a burst", "h   e   K7Q2M9XD>", ""},
    {"slow typing, a pause, then a burst", "h   e                           K7Q2M9XD>", "K7Q2M9XD;"},
    {"a burst that stutters is not its tail", "K7Q2   M9XD>", ""},
    {"after one that stuttered all is well", "K7Q2   M9XD>K7Q2M9XD>", "K7Q2M9XD;"},
    {"a burst whose Enter comes late", "K7Q2M9XD   >", ""},
    {"a burst without Enter is forgotten", "K7Q2                           M9XD>", "M9XD;"},
    {"a repeated key", "K7#Q2M9XD>", ""},
    {"a lost beginning", "#K7Q2M9XD>", ""},
    {"a lost beginning, long ago", "#                           K7Q2M9XD>", ""},
    {"the code after a spoilt one", "#K7Q2>M9XD>", "M9XD;"},
    {"a spoilt one without Enter, then a real pause", "K7#Q2                           M9XD>", "M9XD;"},
    {"a lost end", "K7Q2#>M9XD>", "M9XD;"},
    {"a burst while nobody looked", "K7Q2~M9XD~>", "K7Q2M9XD;"},
    {"slow typing, and nobody looked", "h~   e~   l~   l~   o~   >", ""},
    {"one that stuttered, and nobody looked", "K7Q2   M9~XD>", ""},
    {"a spoilt one, and nobody looked", "#~K7Q2>M9XD>", "M9XD;"},
};

static void play(const char *keys, char *out) {
  struct wedge w;
  struct payload payload;
  int64_t ms = 1000;
  wedge_init(&w, LEAST, GAP_MS);
  for (; *keys; keys++) {
    ms += *keys == ' ' ? 20 : *keys == '~' ? 200 : 3;
    if (*keys == ' ') continue;
    if (*keys == '~') {
      wedge_away(&w, 200);
    } else if (*keys == '#') {
      wedge_spoil(&w);
    } else if (*keys != '>') {
      wedge_char(&w, *keys, ms);
    } else if (wedge_end(&w, ms, &payload)) {
      assert_int_equal(payload.by, BY_READER);
      assert_int_equal(payload.at.mono_ms, ms);
      strncat(out, (const char *)payload.bytes, payload.len);
      strcat(out, ";");
    }
  }
}

static void test_table(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char out[128] = "";
    play(cases[i].keys, out);
    if (strcmp(out, cases[i].codes) != 0) fail_msg("%s: \"%s\" gave \"%s\"", cases[i].what, cases[i].keys, out);
  }
}

static void test_spoilt_at_a_known_time(void **state) {
  (void)state;
  struct wedge w;
  struct payload payload;
  wedge_init(&w, LEAST, GAP_MS);
  wedge_spoil_at(&w, 1000);
  for (int i = 0; i < 6; i++) wedge_char(&w, 'A', 1002 + i);
  assert_false(wedge_end(&w, 1009, &payload)); /* it belonged to what was spoilt */
  wedge_spoil_at(&w, 2000);
  for (int i = 0; i < 6; i++) wedge_char(&w, 'B', 3000 + i);
  assert_true(wedge_end(&w, 3007, &payload)); /* long after it: a code of its own */
  assert_memory_equal(payload.bytes, "BBBBBB", 6);
}

static void test_longest(void **state) {
  (void)state;
  struct wedge w;
  struct payload payload;
  wedge_init(&w, LEAST, GAP_MS);
  for (int i = 0; i < PAYLOAD_MAX; i++) wedge_char(&w, 'x', 1000 + i);
  assert_true(wedge_end(&w, 1000 + PAYLOAD_MAX, &payload));
  assert_int_equal(payload.len, PAYLOAD_MAX);
  for (int i = 0; i <= PAYLOAD_MAX; i++) wedge_char(&w, 'x', 9000 + i);
  assert_false(wedge_end(&w, 9001 + PAYLOAD_MAX, &payload)); /* one more than fits is no code at all */
}

static void test_clock_that_steps_back(void **state) {
  (void)state;
  struct wedge w;
  struct payload payload;
  wedge_init(&w, LEAST, GAP_MS);
  for (int i = 0; i < 6; i++) wedge_char(&w, 'C', 5000 - i);
  assert_true(wedge_end(&w, 4000, &payload));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_table),
      cmocka_unit_test(test_spoilt_at_a_known_time),
      cmocka_unit_test(test_longest),
      cmocka_unit_test(test_clock_that_steps_back),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
