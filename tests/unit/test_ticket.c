/* SPDX-License-Identifier: Apache-2.0
 * What a code is by its shape: ours, to the letter, and those of others.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sodium.h>

#include "core/base45.h"
#include "core/ticket.h"

static uint8_t public_key[crypto_sign_PUBLICKEYBYTES], secret_key[crypto_sign_SECRETKEYBYTES];

static int keys(void **state) {
  (void)state;
  uint8_t seed[crypto_sign_SEEDBYTES] = {1, 2, 3};
  return sodium_init() < 0 || crypto_sign_seed_keypair(public_key, secret_key, seed) != 0;
}

static struct ticket parse(const char *text, size_t len) {
  struct ticket t;
  memset(&t, 0xA5, sizeof(t));
  ticket_parse((const uint8_t *)text, len, &t);
  return t;
}

static size_t to_sign(const struct signed_ticket *s, uint8_t *out) {
  static const char domain[] = "yingbin ticket v1";
  memcpy(out, domain, sizeof(domain));
  memcpy(out + sizeof(domain), s->body, s->signed_len);
  return sizeof(domain) + s->signed_len;
}

static void make(const char *name, char text[TICKET_TEXT_MAX]) {
  struct signed_ticket s = {
      .key_id = 0xA1B2C3D4, .event_tag = 0x0BADCAFE, .type = 3, .number = 0x0102030405060708, .not_after_s = 1700000000};
  uint8_t message[32 + TICKET_BODY_MAX], signature[crypto_sign_BYTES];
  snprintf(s.name, sizeof(s.name), "%s", name);
  assert_true(ticket_body(&s));
  crypto_sign_detached(signature, NULL, message, to_sign(&s, message), secret_key);
  assert_true(ticket_encode(&s, signature, text));
}

static bool signature_holds(const struct signed_ticket *s) {
  uint8_t message[32 + TICKET_BODY_MAX];
  return crypto_sign_verify_detached(s->body + s->signed_len, message, to_sign(s, message), public_key) == 0;
}

static void shapes(void **state) {
  (void)state;
  static const struct {
    const char *text;
    enum ticket_kind kind;
    enum foreign foreign;
  } rows[] = {
      {"", TICKET_PRESENCE, 0},
      {"7ZK3M9QX2R5VBN4T", TICKET_CODE, 0},
      {"0000000000000000", TICKET_CODE, 0},
      {"1234567890123456", TICKET_CODE, 0},
      {"2412345678901234", TICKET_CODE, 0},
      {"2812345678901234", TICKET_OTHER, FOREIGN_PAYMENT}, /* digits that Alipay shows */
      {"7zk3m9qx2r5vbn4t", TICKET_OTHER, 0},               /* one way to write it only */
      {"7ZK3M9QX2R5VBN4", TICKET_OTHER, 0},
      {"7ZK3M9QX2R5VBN4TT", TICKET_OTHER, 0},
      {"7ZK3M9QX2R5VBN4T\n", TICKET_OTHER, 0},
      {"7ZK3-M9QX-2R5V-B", TICKET_OTHER, 0},
      {"IZK3M9QX2R5VBN4T", TICKET_OTHER, 0}, /* no I, L, O, U */
      {"LZK3M9QX2R5VBN4T", TICKET_OTHER, 0},
      {"OZK3M9QX2R5VBN4T", TICKET_OTHER, 0},
      {"UZK3M9QX2R5VBN4T", TICKET_OTHER, 0},
      {"YB1:", TICKET_MALFORMED, 0},
      {"yb1:BB8", TICKET_MALFORMED, 0},
      {"YB1:BB8", TICKET_MALFORMED, 0},
      {"YBOP1:", TICKET_MALFORMED, 0},
      {"YBSET1:", TICKET_MALFORMED, 0},
      {"YB2:BB8", TICKET_OTHER, 0},
      {"YB1", TICKET_OTHER, 0},
      {" YB1:BB8", TICKET_OTHER, 0},
      {"hello", TICKET_OTHER, 0},
      {"{\"ticket\":17}", TICKET_OTHER, 0},
      {"https://u.wechat.com/MEkq0aBcDeFg", TICKET_OTHER, FOREIGN_WECHAT},
      {"http://weixin.qq.com/r/abc", TICKET_OTHER, FOREIGN_WECHAT},
      {"https://weixin.qq.com/g/AwYAAA", TICKET_OTHER, FOREIGN_WECHAT},
      {"https://mp.weixin.qq.com/s/abc", TICKET_OTHER, FOREIGN_WECHAT},
      {"weixin://dl/business/?t=abc", TICKET_OTHER, FOREIGN_WECHAT},
      {"https://work.weixin.qq.com/ca/cawcde", TICKET_OTHER, FOREIGN_WECOM},
      {"https://work.weixin.qq.com:443?x", TICKET_OTHER, FOREIGN_WECOM},
      {"weixin://wxpay/bizpayurl?pr=abc", TICKET_OTHER, FOREIGN_PAYMENT},
      {"wxp://f2f0abcdef", TICKET_OTHER, FOREIGN_PAYMENT},
      {"WXP://F2F0ABCDEF", TICKET_OTHER, FOREIGN_PAYMENT},
      {"https://qr.alipay.com/fkx01234", TICKET_OTHER, FOREIGN_PAYMENT},
      {"HTTPS://QR.ALIPAY.COM/FKX01234", TICKET_OTHER, FOREIGN_PAYMENT},
      {"https://qr.95516.com/00010000/62", TICKET_OTHER, FOREIGN_PAYMENT},
      {"https://wx.tenpay.com/f2f?t=abc", TICKET_OTHER, FOREIGN_PAYMENT},
      {"00020101021129300012D15600000000", TICKET_OTHER, FOREIGN_PAYMENT},
      {"134567890123456789", TICKET_OTHER, FOREIGN_PAYMENT},
      {"104567890123456789", TICKET_OTHER, FOREIGN_PAYMENT},
      {"154567890123456789", TICKET_OTHER, FOREIGN_PAYMENT},
      {"164567890123456789", TICKET_OTHER, 0},
      {"13456789012345678", TICKET_OTHER, 0}, /* 17 digits */
      {"254567890123456789012345", TICKET_OTHER, FOREIGN_PAYMENT},
      {"304567890123456789", TICKET_OTHER, FOREIGN_PAYMENT},
      {"2545678901234567890123456", TICKET_OTHER, 0}, /* 25 */
      {"314567890123456789", TICKET_OTHER, 0},
      {"6234567890123456789", TICKET_OTHER, FOREIGN_PAYMENT},
      {"623456789012345678", TICKET_OTHER, 0},
      {"13456789012345678a", TICKET_OTHER, 0},
      {"1", TICKET_OTHER, 0},
      {"https://render.alipay.com/p/s/i", TICKET_OTHER, FOREIGN_ALIPAY},
      {"alipays://platformapi/startapp", TICKET_OTHER, FOREIGN_ALIPAY},
      {"https://example.org/sign-up?id=1", TICKET_OTHER, FOREIGN_WEB},
      {"HTTP://EXAMPLE.ORG", TICKET_OTHER, FOREIGN_WEB},
      {"https://u.wechat.com.evil.example/x", TICKET_OTHER, FOREIGN_WEB},
      {"https://notalipay.com/", TICKET_OTHER, FOREIGN_WEB},
      {"https://", TICKET_OTHER, FOREIGN_WEB},
      {"www.example.org", TICKET_OTHER, FOREIGN_WEB},
      {"BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD", TICKET_OTHER, FOREIGN_CARD},
      {"MECARD:N:张伟;;", TICKET_OTHER, FOREIGN_CARD},
      {"WIFI:S:cafe;T:WPA;P:secret;;", TICKET_OTHER, FOREIGN_WIFI},
      {"tel:+8613800000000", TICKET_OTHER, FOREIGN_PHONE},
      {"TEL:110", TICKET_OTHER, FOREIGN_PHONE},
      {"SMSTO:10086:hi", TICKET_OTHER, FOREIGN_PHONE},
      {"mailto:a@b.example", TICKET_OTHER, FOREIGN_PHONE},
      {"geo:23.1,113.3", TICKET_OTHER, FOREIGN_PHONE},
      {"\xB4\xF3\xBB\xE1", TICKET_OTHER, 0},
  };
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct ticket t = parse(rows[i].text, strlen(rows[i].text));
    if (t.kind != rows[i].kind || t.foreign != rows[i].foreign)
      fail_msg("%s: kind %d, foreign %d; expected %d, %d", rows[i].text, t.kind, t.foreign, rows[i].kind, rows[i].foreign);
    if (t.kind == TICKET_CODE) assert_string_equal(t.code, rows[i].text);
  }
}

static void signed_tickets(void **state) {
  (void)state;
  char longest[TICKET_NAME_MAX + 1] = "";
  for (int i = 0; i < 85; i++) strcat(longest, "名");
  const char *const names[] = {"张伟", "", "𠮷野家 🌸", "Zoë O'Brien", longest};
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
    char text[TICKET_TEXT_MAX];
    make(names[i], text);
    struct ticket t = parse(text, strlen(text));
    assert_int_equal(t.kind, TICKET_SIGNED);
    assert_string_equal(t.s.name, names[i]);
    assert_true(t.s.key_id == 0xA1B2C3D4 && t.s.event_tag == 0x0BADCAFE && t.s.type == 3);
    assert_true(t.s.number == 0x0102030405060708 && t.s.not_after_s == 1700000000);
    assert_true(signature_holds(&t.s));
  }
}

/* The layout, byte by byte, against one written by hand. */
static void layout(void **state) {
  (void)state;
  struct signed_ticket s = {.key_id = 0x01020304,
                            .event_tag = 0x05060708,
                            .type = 9,
                            .number = 0x0A0B0C0D0E0F1011,
                            .not_after_s = 0x12131415,
                            .name = "AB"};
  static const uint8_t expected[] = {1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 2, 'A', 'B'};
  assert_true(ticket_body(&s));
  assert_int_equal(s.signed_len, sizeof(expected));
  assert_memory_equal(s.body, expected, sizeof(expected));
}

/* Every other character at every place: refused by its shape, or by its signature. */
static void every_mutation(void **state) {
  (void)state;
  static const char characters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:abcyz\n\xC3\x7F";
  char text[TICKET_TEXT_MAX];
  make("张伟", text);
  size_t len = strlen(text), refused = 0, forged = 0;
  for (size_t at = 0; at < len; at++)
    for (size_t c = 0; c < sizeof(characters); c++) { /* with the NUL at the end */
      char before = text[at];
      if (characters[c] == before) continue;
      text[at] = characters[c];
      struct ticket t = parse(text, len);
      if (t.kind == TICKET_SIGNED) {
        assert_false(signature_holds(&t.s));
        forged++;
      } else {
        assert_true(t.kind == TICKET_MALFORMED || (at < 4 && t.kind == TICKET_OTHER));
        refused++;
      }
      text[at] = before;
    }
  assert_true(refused > 0 && forged > 0);
  assert_true(signature_holds(&(struct ticket){.s = parse(text, len).s}.s));
}

static void every_length(void **state) {
  (void)state;
  char text[TICKET_TEXT_MAX + 8];
  make("张伟", text);
  size_t len = strlen(text);
  for (size_t n = 4; n < len; n++) assert_int_equal(parse(text, n).kind, TICKET_MALFORMED);
  static const char *const tails[] = {"0", "00", "000", "BB8", " ", "\n"};
  for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
    strcpy(text + len, tails[i]);
    assert_int_equal(parse(text, strlen(text)).kind, TICKET_MALFORMED);
  }
}

static enum ticket_kind of_body(const uint8_t *body, size_t n) {
  char text[2 * TICKET_TEXT_MAX] = "YB1:";
  base45_encode(body, n, text + 4);
  return parse(text, strlen(text)).kind;
}

static void wrong_bodies(void **state) {
  (void)state;
  struct signed_ticket s = {.name = "abc"};
  assert_true(ticket_body(&s));
  size_t n = s.signed_len + 64u;
  uint8_t body[TICKET_BODY_MAX + 8] = {0};
  memcpy(body, s.body, s.signed_len);
  assert_int_equal(of_body(body, n), TICKET_SIGNED);
  assert_int_equal(of_body(body, n + 1), TICKET_MALFORMED);
  assert_int_equal(of_body(body, sizeof(body)), TICKET_MALFORMED);
  static const struct {
    size_t at;
    uint8_t value;
  } wrong[] = {{0, 0}, {0, 2}, {22, 2}, {22, 4}, {22, 255}, {23, 0}, {24, 0x80}, {25, 0xC3}, {23, '\n'}, {24, 0x7F}};
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
    uint8_t before = body[wrong[i].at];
    body[wrong[i].at] = wrong[i].value;
    assert_int_equal(of_body(body, n), TICKET_MALFORMED);
    body[wrong[i].at] = before;
  }
}

static void names_that_cannot_be_signed(void **state) {
  (void)state;
  static const char *const wrong[] = {"\xB4\xF3", "a\nb", "a\x1B[31m", "\xED\xA0\x80"};
  char text[TICKET_TEXT_MAX] = "x";
  uint8_t signature[64] = {0};
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
    struct signed_ticket s = {0};
    strcpy(s.name, wrong[i]);
    assert_false(ticket_body(&s));
    assert_false(ticket_encode(&s, signature, text));
    assert_string_equal(text, "");
  }
  struct signed_ticket s;
  memset(&s, 'x', sizeof(s)); /* no end */
  assert_false(ticket_body(&s));
}

static void operator_cards(void **state) {
  (void)state;
  uint8_t secret[33];
  char text[80] = "YBOP1:";
  for (size_t i = 0; i < sizeof(secret); i++) secret[i] = (uint8_t)(i * 7);
  base45_encode(secret, 32, text + 6);
  struct ticket t = parse(text, strlen(text));
  assert_int_equal(t.kind, TICKET_OPERATOR);
  assert_memory_equal(t.secret, secret, 32);
  text[2] = 'o';
  assert_int_equal(parse(text, strlen(text)).kind, TICKET_MALFORMED);
  text[2] = 'O';
  base45_encode(secret, 31, text + 6);
  assert_int_equal(parse(text, strlen(text)).kind, TICKET_MALFORMED);
  base45_encode(secret, 33, text + 6);
  t = parse(text, strlen(text));
  assert_int_equal(t.kind, TICKET_MALFORMED);
  assert_memory_equal(t.secret, (uint8_t[32]){0}, 32); /* nothing left of it */
}

static void setup_cards(void **state) {
  (void)state;
  static const struct {
    const char *lines;
    enum ticket_kind kind;
  } rows[] = {
      {"v=1\nhub=https://hub.local:8443\nkiosk=door-1", TICKET_SETUP},
      {"v=1\n", TICKET_SETUP},
      {"kiosk=门口", TICKET_SETUP},
      {"v=", TICKET_SETUP},
      {"v", TICKET_MALFORMED},
      {"=1", TICKET_MALFORMED},
      {"v=1\n\nhub=x", TICKET_MALFORMED},
      {"v=1\nhub", TICKET_MALFORMED},
      {"v=\xFF", TICKET_MALFORMED},
  };
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    char text[128] = "YBSET1:";
    base45_encode((const uint8_t *)rows[i].lines, strlen(rows[i].lines), text + 7);
    if (parse(text, strlen(text)).kind != rows[i].kind) fail_msg("%s", rows[i].lines);
  }
}

/* The bits one by one, most significant first. */
static void codes(void **state) {
  (void)state;
  char code[CODE_LEN + 1];
  ticket_code((const uint8_t[10]){0}, code);
  assert_string_equal(code, "0000000000000000");
  ticket_code((const uint8_t[10]){255, 255, 255, 255, 255, 255, 255, 255, 255, 255}, code);
  assert_string_equal(code, "ZZZZZZZZZZZZZZZZ");
  for (int bit = 0; bit < 80; bit++) {
    uint8_t random[10] = {0};
    char expected[] = "0000000000000000";
    random[bit / 8] = (uint8_t)(0x80 >> bit % 8);
    expected[bit / 5] = "G8421"[bit % 5];
    ticket_code(random, code);
    assert_string_equal(code, expected);
    assert_int_equal(parse(code, CODE_LEN).kind, TICKET_CODE);
  }
}

/* Bits that would look like a payment code give another code. */
static void codes_never_look_like_payment(void **state) {
  (void)state;
  uint8_t random[10] = {0};
  random[0] = 2 << 3 | 8 >> 2; /* "28000..." */
  char code[CODE_LEN + 1];
  ticket_code(random, code);
  assert_string_equal(code, "A800000000000000");
  assert_int_equal(parse(code, CODE_LEN).kind, TICKET_CODE);
}

static void longest_payload(void **state) {
  (void)state;
  static uint8_t bytes[PAYLOAD_MAX];
  struct ticket t;
  memset(bytes, 'A', sizeof(bytes));
  static const char *const prefixes[] = {"YB1:", "YBOP1:", "YBSET1:"};
  for (size_t i = 0; i < 3; i++) {
    memcpy(bytes, prefixes[i], strlen(prefixes[i]));
    ticket_parse(bytes, sizeof(bytes), &t);
    assert_int_equal(t.kind, TICKET_MALFORMED);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(shapes),
      cmocka_unit_test(signed_tickets),
      cmocka_unit_test(layout),
      cmocka_unit_test(every_mutation),
      cmocka_unit_test(every_length),
      cmocka_unit_test(wrong_bodies),
      cmocka_unit_test(names_that_cannot_be_signed),
      cmocka_unit_test(operator_cards),
      cmocka_unit_test(setup_cards),
      cmocka_unit_test(codes),
      cmocka_unit_test(codes_never_look_like_payment),
      cmocka_unit_test(longest_payload),
  };
  return cmocka_run_group_tests(tests, keys, NULL);
}
