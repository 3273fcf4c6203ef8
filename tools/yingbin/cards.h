/* SPDX-License-Identifier: Apache-2.0
 * Operator cards (what unlocks the console, and the search index of the packs made since) and setup
 * cards (what enrols a kiosk). A card's secret is in its QR code alone: it is drawn once and never
 * stored; cards.csv keeps the public key. kiosks.csv keeps the hash of a setup card's one-time token.
 * Both stand beside the rosters, 0600; ids are never reused. sodium_init() was called.
 */
#ifndef YINGBIN_TOOLS_CARDS_H
#define YINGBIN_TOOLS_CARDS_H

#include "core/types.h"
#include "tools/yingbin/pool.h"
#include "tools/yingbin/remarks.h"

enum { CARDS_MAX = 4096, CARD_PAYLOAD_MAX = 2048, CARD_LINES = 6 };

/* A row of cards.csv; texts owned by the pool. */
struct operator_card {
  int64_t id;
  const char *name, *host; /* host: its id in pack.ini; empty: everyone's */
  bool lead, valid;        /* valid: not withdrawn */
  uint8_t key[32];         /* X25519, public */
};

struct cards {
  struct operator_card *at; /* owned, in the order of their ids */
  int count;
};

bool cards_read(const char *file, struct pool *texts, struct cards *cards, struct remarks *errors); /* no such file: empty */
bool cards_write(const char *file, const struct cards *cards, struct problem *problem);
void cards_free(struct cards *cards);

/* --- the card in the hand --- */

enum card_kind { CARD_OPERATOR, CARD_SETUP };

struct card_line {
  const char *in[LANG_COUNT];
};

struct card { /* everything that is drawn; sodium_memzero it when done */
  enum card_kind kind;
  char payload[CARD_PAYLOAD_MAX]; /* what the QR carries, alphanumeric: the secret */
  char id[24];                    /* of an operator card, for withdrawing it; empty: a setup card */
  char name[TEXT_MAX];            /* the volunteer's, or the kiosk's */
  char event[TEXT_MAX];           /* title of the folder's first event */
  char host[TEXT_MAX];            /* whose people it finds; empty: everyone's */
  char hub[URL_MAX];              /* of a setup card */
  enum lang lang;                 /* its words; Chinese has the English in small below it */
  bool lead;
  struct card_line role;                                /* 值班 / desk, 组长 / lead, 签到机设置卡 / kiosk setup */
  struct card_line opens[CARD_LINES], care[CARD_LINES]; /* what it opens, whom to give it; up to the first without a text */
};

/* Draws it by the file's name: .pdf or .png. The file is 0600. */
bool card_draw(const struct card *card, const char *file, struct problem *problem);

/* A new secret and its public key. */
void card_operator(const char *name, bool lead, const char *host, struct card *card, uint8_t key[32]);

/* What a kiosk is told. Empty ones are left out. */
struct setup {
  const char *hub, *spki, *kiosk, *token, *stations; /* spki: SHA-256 of the hub's public key, hex */
  const char *pub, *pack;                            /* a minisign .pub's line; the pack's name */
  const char *host;                                  /* the hub's key (hub_card.h): this kiosk may carry the hub */
};
bool card_setup(const struct setup *setup, struct card *card, struct problem *problem);

#endif
