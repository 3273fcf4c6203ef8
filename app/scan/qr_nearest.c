/* SPDX-License-Identifier: Apache-2.0
 * The code taken as one over bits: the surest bits that determine a word are believed, the others follow from them; then a
 * few of the believed ones are turned round, the least sure ones first, and the word that contradicts the least
 * certainty is kept (ordered statistics decoding: Fossorier and Lin 1995).
 */
#include "scan/qr_block.h"

#include <stdlib.h>
#include <string.h>

enum {
  WORDS = (8 * RS_ECC_MAX + 63) / 64,
  BITS_MAX = 8 * RS_LEN_MAX,
  PAIRS = 160,  /* of this many of the least sure believed bits, pairs are turned, */
  TRIPLES = 32, /* and of this many, triples */
};

struct column {
  uint64_t row[WORDS]; /* which of the checks the bit takes part in */
};

struct search {
  int bits, checks, ecc, believed;
  struct column column[BITS_MAX + 1]; /* after the elimination: of the believed bits, the least sure one first */
  uint16_t place[BITS_MAX];           /* of each column: its bit's */
  uint8_t sure[BITS_MAX];
  uint16_t follower[8 * RS_ECC_MAX]; /* of each check: the bit that follows from it */
  uint16_t cost[RS_ECC_MAX][256];    /* of the followers of eight checks, where these are the broken ones */
  int best, flips, flip[3];          /* flip: columns */
};

/* Each bit's part in the checks: data bits by what they do to the check bytes, check bits by themselves. */
static void fill_column(struct column *column, const uint8_t *check, int ecc, int bit) {
  memset(column, 0, sizeof(*column));
  for (int j = 0; j < ecc; j++) column->row[j / 8] |= (uint64_t)rs_times(check[j], (uint8_t)(0x80 >> bit)) << 8 * (j % 8);
}

/* Columns in the order of their certainty. */
static void fill(struct search *search, const struct qr_block *block) {
  struct column *broken = &search->column[search->bits];
  int first[129] = {0}, data = block->len - block->ecc;
  for (int i = 0; i < search->bits; i++) first[abs(block->bit[i]) + 1]++;
  for (int i = 1; i < 129; i++) first[i] += first[i - 1];
  uint8_t check[RS_ECC_MAX] = {0};
  memset(broken, 0, sizeof(*broken));
  for (int i = block->len - 1; i >= 0; i--) {
    uint8_t one = 1, lead = check[0];
    if (i >= data) {
      memset(check, 0, sizeof(check));
      check[i - data] = 1;
    } else if (i == data - 1) {
      rs_encode(&one, 1, block->ecc, check);
    } else {
      uint8_t generator[RS_ECC_MAX];
      rs_encode(&one, 1, block->ecc, generator);
      for (int j = 0; j < block->ecc; j++) check[j] = (j + 1 < block->ecc ? check[j + 1] : 0) ^ rs_times(lead, generator[j]);
    }
    for (int b = 0; b < 8; b++) {
      int sure = abs(block->bit[8 * i + b]), at = first[sure]++;
      fill_column(&search->column[at], check, block->ecc, b);
      search->place[at] = (uint16_t)(8 * i + b);
      search->sure[at] = (uint8_t)sure;
      if (block->word[i] >> (7 - b) & 1)
        for (int w = 0; w < WORDS; w++) broken->row[w] ^= search->column[at].row[w];
    }
  }
}

static int lowest(const uint64_t *row, const uint64_t *used) {
  for (int w = 0; w < WORDS; w++)
    if (row[w] & ~used[w]) return 64 * w + __builtin_ctzll(row[w] & ~used[w]);
  return -1;
}

/* Adds a column, where it has the check, to all columns behind it; count of words known, so that compilers unroll it. */
static inline void clear_check(struct column *from, const struct column *end, const struct column *pivot, int check,
                               int words) {
  for (struct column *other = from; other < end; other++) {
    uint64_t mask = -(other->row[check / 64] >> check % 64 & 1);
    for (int w = 0; w < words; w++) other->row[w] ^= pivot->row[w] & mask;
  }
}

/* Gauss and Jordan, by columns, `broken` behind the last: each check gets one bit of its own that follows from it, the least
 * sure ones that can. rank: of each check, the surest follower first. */
static void eliminate(struct search *search, uint8_t *rank, uint8_t *sure) {
  uint64_t used[WORDS] = {0};
  int followers = 0;
  search->believed = 0;
  for (int i = 0; i < search->bits; i++) {
    struct column column = search->column[i], *next = &search->column[i + 1], *end = &search->column[search->bits + 1];
    int check = followers < search->checks ? lowest(column.row, used) : -1;
    if (check < 0) {
      int at = search->believed++;
      search->column[at] = column;
      search->place[at] = search->place[i];
      search->sure[at] = search->sure[i];
      continue;
    }
    followers++;
    rank[check] = (uint8_t)(search->checks - followers);
    search->follower[rank[check]] = search->place[i];
    sure[rank[check]] = search->sure[i];
    used[check / 64] |= UINT64_C(1) << check % 64;
    column.row[check / 64] ^= UINT64_C(1) << check % 64;
    switch ((search->checks + 63) / 64) {
    case 1: clear_check(next, end, &column, check, 1); break;
    case 2: clear_check(next, end, &column, check, 2); break;
    case 3: clear_check(next, end, &column, check, 3); break;
    default: clear_check(next, end, &column, check, 4); break;
    }
  }
}

/* Checks in the order of their ranks: then a sum of costs is soon known to be too much. */
static struct column ranked(const struct column *column, const uint8_t *rank) {
  struct column sorted = {{0}};
  for (int w = 0; w < WORDS; w++)
    for (uint64_t left = column->row[w]; left; left &= left - 1) {
      int to = rank[64 * w + __builtin_ctzll(left)];
      sorted.row[to / 64] |= UINT64_C(1) << to % 64;
    }
  return sorted;
}

/* Leaves the believed columns, those that can be turned at all, and `broken`. */
static void prepare(struct search *search, struct column *broken) {
  uint8_t rank[8 * RS_ECC_MAX] = {0}, sure[8 * RS_ECC_MAX] = {0};
  eliminate(search, rank, sure);
  *broken = ranked(&search->column[search->bits], rank);
  while (search->believed > 0 && search->sure[search->believed - 1] >= search->best) search->believed--;
  for (int i = 0; i < search->believed; i++) search->column[i] = ranked(&search->column[i], rank);
  for (int j = 0; j < search->ecc; j++) {
    search->cost[j][0] = 0;
    for (int value = 1; value < 256; value++)
      search->cost[j][value] = search->cost[j][value & (value - 1)] + sure[8 * j + __builtin_ctz((unsigned)value)];
  }
}

/* The certainty that the word contradicts where these checks are broken; not looked at further once it is over the limit. */
static int cost_of(const struct search *search, const struct column *broken, int limit) {
  int sum = 0;
  for (int j = 0; j < search->ecc && sum < limit; j++) sum += search->cost[j][broken->row[j / 8] >> 8 * (j % 8) & 255];
  return sum;
}

static void xor_into(const struct column *a, const struct column *b, struct column *sum) {
  for (int w = 0; w < WORDS; w++) sum->row[w] = a->row[w] ^ b->row[w];
}

static void weigh(struct search *search, const struct column *broken, int turned, int flips, int a, int b, int c) {
  int cost = turned + cost_of(search, broken, search->best - turned);
  if (cost >= search->best) return;
  search->best = cost;
  search->flips = flips;
  search->flip[0] = a;
  search->flip[1] = b;
  search->flip[2] = c;
}

static void look_round(struct search *search, const struct column *broken) {
  const uint8_t *sure = search->sure;
  weigh(search, broken, 0, 0, 0, 0, 0);
  for (int a = 0; a < search->believed && sure[a] < search->best; a++) {
    struct column one, two, three;
    xor_into(broken, &search->column[a], &one);
    weigh(search, &one, sure[a], 1, a, 0, 0);
    for (int b = 0; b < a && a < PAIRS && sure[a] + sure[b] < search->best; b++) {
      xor_into(&one, &search->column[b], &two);
      weigh(search, &two, sure[a] + sure[b], 2, a, b, 0);
      for (int c = 0; c < b && a < TRIPLES && sure[a] + sure[b] + sure[c] < search->best; c++) {
        xor_into(&two, &search->column[c], &three);
        weigh(search, &three, sure[a] + sure[b] + sure[c], 3, a, b, c);
      }
    }
  }
}

static void turn(uint8_t *word, int bit) { word[bit / 8] ^= (uint8_t)(0x80 >> bit % 8); }

bool qr_block_nearest(const struct qr_block *block, int most, uint8_t *word) {
  struct search search;
  struct column broken;
  if (most < 0) return false;
  search.bits = 8 * block->len;
  search.checks = 8 * block->ecc;
  search.ecc = block->ecc;
  search.best = most + 1;
  search.flips = -1;
  fill(&search, block);
  prepare(&search, &broken);
  look_round(&search, &broken);
  if (search.flips < 0) return false;
  memcpy(word, block->word, (size_t)block->len);
  for (int i = 0; i < search.flips; i++) {
    turn(word, search.place[search.flip[i]]);
    xor_into(&broken, &search.column[search.flip[i]], &broken);
  }
  for (int check = 0; check < search.checks; check++)
    if (broken.row[check / 64] >> check % 64 & 1) turn(word, search.follower[check]);
  return true;
}
