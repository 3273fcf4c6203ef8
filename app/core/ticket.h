/* SPDX-License-Identifier: Apache-2.0
 * What a payload is: ticket_parse tells by its shape alone, pure and without keys. Whether a code is
 * on a roster and whether a signature holds is the pack's to say.
 *
 * Exactly one encoding of each of our own codes is accepted. A text that begins like one of ours
 * (YB1:, YBOP1:, YBSET1:) and isn't one to the letter is TICKET_MALFORMED.
 * Shapes of foreign codes: the public documents of WeChat Pay, Alipay and China UnionPay (EMVCo) on
 * payment codes; RFC 6350 (vCard), the ZXing project's wiki on Wi-Fi and MECARD texts.
 */
#ifndef YINGBIN_CORE_TICKET_H
#define YINGBIN_CORE_TICKET_H

#include "core/types.h"

enum ticket_kind {
  TICKET_OTHER,     /* none of ours: maybe a foreign code of a roster, else see `foreign` */
  TICKET_CODE,      /* 16 Crockford base32 characters; not where they look like a payment code */
  TICKET_SIGNED,    /* YB1: */
  TICKET_OPERATOR,  /* YBOP1: */
  TICKET_SETUP,     /* YBSET1: */
  TICKET_MALFORMED, /* begins like ours, but isn't */
  TICKET_PRESENCE,  /* no code at all: a tap or the space bar where an event has no roster */
};

enum foreign { /* what a code that is no ticket is, as far as its shape tells */
  FOREIGN_UNKNOWN,
  FOREIGN_WECHAT,  /* a WeChat contact card, group or official account */
  FOREIGN_WECOM,
  FOREIGN_PAYMENT, /* a code to pay with or to be paid by: never stored in any form */
  FOREIGN_ALIPAY,  /* other than for payment */
  FOREIGN_WEB,     /* a web address */
  FOREIGN_CARD,    /* vCard, MECARD */
  FOREIGN_WIFI,
  FOREIGN_PHONE,   /* tel:, sms:, mailto:, geo: */
  FOREIGN_COUNT
};

enum {
  CODE_LEN = 16,          /* characters of a roster code */
  TICKET_NAME_MAX = 255,
  TICKET_BODY_MAX = 1 + 4 + 4 + 1 + 8 + 4 + 1 + TICKET_NAME_MAX + 64,
  TICKET_TEXT_MAX = 4 + (TICKET_BODY_MAX * 3 + 1) / 2 + 1 /* with NUL */
};

struct signed_ticket {
  uint32_t key_id, event_tag, not_after_s;
  uint8_t type; /* ticket_type.id */
  uint64_t number;
  char name[TICKET_NAME_MAX + 1];
  uint8_t body[TICKET_BODY_MAX]; /* as scanned: signed part, then 64 bytes of signature */
  uint16_t signed_len;           /* of the signed part */
};

struct ticket {
  enum ticket_kind kind;
  enum foreign foreign; /* of TICKET_OTHER */
  char code[CODE_LEN + 1]; /* TICKET_CODE */
  uint8_t secret[32];      /* TICKET_OPERATOR */
  struct signed_ticket s;  /* TICKET_SIGNED */
};

void ticket_parse(const uint8_t *bytes, size_t len, struct ticket *out); /* len 0: TICKET_PRESENCE */
enum foreign foreign_of(const char *text, size_t len);

/* The text of a signed ticket, from its fields and signature; also what the parser compares with. */
bool ticket_encode(const struct signed_ticket *s, const uint8_t signature[64], char out[TICKET_TEXT_MAX]);

/* The bytes that a ticket key signs: fills body and signed_len from the fields. The signature is over
 * "yingbin ticket v1" with its NUL, then these bytes. False: the name isn't UTF-8 or is too long. */
bool ticket_body(struct signed_ticket *s);

/* 80 random bits as a roster code; the text has CODE_LEN characters and a NUL. */
void ticket_code(const uint8_t random[10], char out[CODE_LEN + 1]);

/* What the code of a setup card holds, as text with a NUL; false: it is none. Secret: wipe it. */
bool ticket_setup_text(const uint8_t *bytes, size_t len, char text[PAYLOAD_MAX]);

#endif
