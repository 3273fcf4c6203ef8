/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/rs.h"

#include <string.h>

/* 2 to the power of i, twice over, so that the sum of two logarithms needs no modulus. */
static const uint8_t power[510] = {
    1,   2,   4,   8,   16,  32,  64,  128, 29,  58,  116, 232, 205, 135, 19,  38,  76,  152, 45,  90,  180, 117, 234, 201, 143,
    3,   6,   12,  24,  48,  96,  192, 157, 39,  78,  156, 37,  74,  148, 53,  106, 212, 181, 119, 238, 193, 159, 35,  70,  140,
    5,   10,  20,  40,  80,  160, 93,  186, 105, 210, 185, 111, 222, 161, 95,  190, 97,  194, 153, 47,  94,  188, 101, 202, 137,
    15,  30,  60,  120, 240, 253, 231, 211, 187, 107, 214, 177, 127, 254, 225, 223, 163, 91,  182, 113, 226, 217, 175, 67,  134,
    17,  34,  68,  136, 13,  26,  52,  104, 208, 189, 103, 206, 129, 31,  62,  124, 248, 237, 199, 147, 59,  118, 236, 197, 151,
    51,  102, 204, 133, 23,  46,  92,  184, 109, 218, 169, 79,  158, 33,  66,  132, 21,  42,  84,  168, 77,  154, 41,  82,  164,
    85,  170, 73,  146, 57,  114, 228, 213, 183, 115, 230, 209, 191, 99,  198, 145, 63,  126, 252, 229, 215, 179, 123, 246, 241,
    255, 227, 219, 171, 75,  150, 49,  98,  196, 149, 55,  110, 220, 165, 87,  174, 65,  130, 25,  50,  100, 200, 141, 7,   14,
    28,  56,  112, 224, 221, 167, 83,  166, 81,  162, 89,  178, 121, 242, 249, 239, 195, 155, 43,  86,  172, 69,  138, 9,   18,
    36,  72,  144, 61,  122, 244, 245, 247, 243, 251, 235, 203, 139, 11,  22,  44,  88,  176, 125, 250, 233, 207, 131, 27,  54,
    108, 216, 173, 71,  142, 1,   2,   4,   8,   16,  32,  64,  128, 29,  58,  116, 232, 205, 135, 19,  38,  76,  152, 45,  90,
    180, 117, 234, 201, 143, 3,   6,   12,  24,  48,  96,  192, 157, 39,  78,  156, 37,  74,  148, 53,  106, 212, 181, 119, 238,
    193, 159, 35,  70,  140, 5,   10,  20,  40,  80,  160, 93,  186, 105, 210, 185, 111, 222, 161, 95,  190, 97,  194, 153, 47,
    94,  188, 101, 202, 137, 15,  30,  60,  120, 240, 253, 231, 211, 187, 107, 214, 177, 127, 254, 225, 223, 163, 91,  182, 113,
    226, 217, 175, 67,  134, 17,  34,  68,  136, 13,  26,  52,  104, 208, 189, 103, 206, 129, 31,  62,  124, 248, 237, 199, 147,
    59,  118, 236, 197, 151, 51,  102, 204, 133, 23,  46,  92,  184, 109, 218, 169, 79,  158, 33,  66,  132, 21,  42,  84,  168,
    77,  154, 41,  82,  164, 85,  170, 73,  146, 57,  114, 228, 213, 183, 115, 230, 209, 191, 99,  198, 145, 63,  126, 252, 229,
    215, 179, 123, 246, 241, 255, 227, 219, 171, 75,  150, 49,  98,  196, 149, 55,  110, 220, 165, 87,  174, 65,  130, 25,  50,
    100, 200, 141, 7,   14,  28,  56,  112, 224, 221, 167, 83,  166, 81,  162, 89,  178, 121, 242, 249, 239, 195, 155, 43,  86,
    172, 69,  138, 9,   18,  36,  72,  144, 61,  122, 244, 245, 247, 243, 251, 235, 203, 139, 11,  22,  44,  88,  176, 125, 250,
    233, 207, 131, 27,  54,  108, 216, 173, 71,  142};

static const uint8_t logarithm[256] = {/* of 0 there is none */
                                       0,   0,   1,   25,  2,   50,  26,  198, 3,   223, 51,  238, 27,  104, 199, 75,  4,   100,
                                       224, 14,  52,  141, 239, 129, 28,  193, 105, 248, 200, 8,   76,  113, 5,   138, 101, 47,
                                       225, 36,  15,  33,  53,  147, 142, 218, 240, 18,  130, 69,  29,  181, 194, 125, 106, 39,
                                       249, 185, 201, 154, 9,   120, 77,  228, 114, 166, 6,   191, 139, 98,  102, 221, 48,  253,
                                       226, 152, 37,  179, 16,  145, 34,  136, 54,  208, 148, 206, 143, 150, 219, 189, 241, 210,
                                       19,  92,  131, 56,  70,  64,  30,  66,  182, 163, 195, 72,  126, 110, 107, 58,  40,  84,
                                       250, 133, 186, 61,  202, 94,  155, 159, 10,  21,  121, 43,  78,  212, 229, 172, 115, 243,
                                       167, 87,  7,   112, 192, 247, 140, 128, 99,  13,  103, 74,  222, 237, 49,  197, 254, 24,
                                       227, 165, 153, 119, 38,  184, 180, 124, 17,  68,  146, 217, 35,  32,  137, 46,  55,  63,
                                       209, 91,  149, 188, 207, 205, 144, 135, 151, 178, 220, 252, 190, 97,  242, 86,  211, 171,
                                       20,  42,  93,  158, 132, 60,  57,  83,  71,  109, 65,  162, 31,  45,  67,  216, 183, 123,
                                       164, 118, 196, 23,  73,  236, 127, 12,  111, 246, 108, 161, 59,  82,  41,  157, 85,  170,
                                       251, 96,  134, 177, 187, 204, 62,  90,  203, 89,  95,  176, 156, 169, 160, 81,  11,  245,
                                       22,  235, 122, 117, 44,  215, 79,  174, 213, 233, 230, 231, 173, 232, 116, 214, 244, 234,
                                       168, 80,  88,  175};

uint8_t rs_times(uint8_t a, uint8_t b) { return a && b ? power[logarithm[a] + logarithm[b]] : 0; }

static uint8_t over(uint8_t a, uint8_t b) { return a ? power[logarithm[a] + 255 - logarithm[b]] : 0; }

void rs_encode(const uint8_t *data, int len, int ecc, uint8_t *check) {
  uint8_t generator[RS_ECC_MAX + 1] = {1}; /* highest power first */
  for (int root = 0; root < ecc; root++)
    for (int i = root + 1; i > 0; i--) generator[i] ^= rs_times(generator[i - 1], power[root]);
  memset(check, 0, (size_t)ecc);
  for (int at = 0; at < len; at++) {
    uint8_t lead = data[at] ^ check[0];
    for (int i = 0; i < ecc; i++) check[i] = (i + 1 < ecc ? check[i + 1] : 0) ^ rs_times(lead, generator[i + 1]);
  }
}

bool rs_syndromes(const uint8_t *word, int len, int ecc, uint8_t *syndrome) {
  uint8_t any = 0;
  memset(syndrome, 0, (size_t)ecc);
  for (int at = 0; at < len; at++)
    for (int j = 0; j < ecc; j++) {
      uint8_t s = syndrome[j];
      syndrome[j] = (s ? power[logarithm[s] + j] : 0) ^ word[at];
    }
  for (int j = 0; j < ecc; j++) any |= syndrome[j];
  return any == 0;
}

/* Berlekamp and Massey's shortest feedback polynomial, lowest power first, that explains the syndromes and has the erasures'
 * places among its roots. Returns its degree, or -1 where it would take more errors than the code can have. */
static int find_locator(const uint8_t *syndrome, int ecc, const uint8_t *place, int erasures, uint8_t *locator) {
  uint8_t before[RS_ECC_MAX + 1];
  memset(locator, 0, RS_ECC_MAX + 1);
  locator[0] = 1;
  for (int e = 0; e < erasures; e++)
    for (int i = e + 1; i > 0; i--) locator[i] ^= rs_times(locator[i - 1], power[place[e]]);
  memcpy(before, locator, sizeof(before));
  int length = erasures;
  for (int step = erasures; step < ecc; step++) {
    uint8_t wrong = 0;
    for (int i = 0; i <= length; i++) wrong ^= rs_times(locator[i], syndrome[step - i]);
    memmove(before + 1, before, RS_ECC_MAX);
    before[0] = 0;
    if (wrong == 0) continue;
    uint8_t next[RS_ECC_MAX + 1];
    for (int i = 0; i <= RS_ECC_MAX; i++) next[i] = locator[i] ^ rs_times(wrong, before[i]);
    if (2 * length <= step + erasures) {
      for (int i = 0; i <= RS_ECC_MAX; i++) before[i] = over(locator[i], wrong);
      length = step + 1 + erasures - length;
    }
    memcpy(locator, next, sizeof(next));
  }
  for (int i = length + 1; i <= RS_ECC_MAX; i++)
    if (locator[i]) return -1;
  return locator[length] && 2 * length - erasures <= ecc ? length : -1;
}

/* The places, as powers, where the locator has its roots: Chien's search. */
static int find_places(const uint8_t *locator, int degree, int len, uint8_t *place) {
  int16_t term[RS_ECC_MAX], step[RS_ECC_MAX]; /* logarithms */
  int terms = 0, found = 0;
  for (int i = 1; i <= degree; i++)
    if (locator[i]) {
      term[terms] = logarithm[locator[i]];
      step[terms++] = (int16_t)i;
    }
  for (int at = 0; at < len && found < degree; at++) {
    uint8_t sum = 1;
    for (int i = 0; i < terms; i++) {
      sum ^= power[term[i]];
      term[i] -= step[i];
      term[i] += term[i] < 0 ? 255 : 0;
    }
    if (sum == 0) place[found++] = (uint8_t)at;
  }
  return found;
}

/* What stands wrong at a place: Forney. */
static uint8_t find_value(const uint8_t *locator, int degree, const uint8_t *syndrome, int place) {
  uint8_t above = 0, below = 0;
  for (int i = 0; i < degree; i++) {
    uint8_t term = 0;
    for (int j = 0; j <= i; j++) term ^= rs_times(locator[j], syndrome[i - j]);
    above ^= rs_times(term, power[i * (255 - place) % 255]);
  }
  for (int i = 1; i <= degree; i += 2) below ^= rs_times(locator[i], power[(i - 1) * (255 - place) % 255]);
  return below ? over(rs_times(above, power[place]), below) : 0;
}

int rs_correct(uint8_t *word, int len, int ecc, const uint8_t *syndrome, const uint8_t *erased, int erasures) {
  uint8_t locator[RS_ECC_MAX + 1], place[RS_ECC_MAX], fixed[RS_LEN_MAX], left[RS_ECC_MAX];
  if (erasures > ecc) return -1;
  for (int i = 0; i < erasures; i++) place[i] = (uint8_t)(len - 1 - erased[i]);
  int degree = find_locator(syndrome, ecc, place, erasures, locator);
  if (degree < 0 || find_places(locator, degree, len, place) != degree) return -1;
  memcpy(fixed, word, (size_t)len);
  int errors = degree;
  for (int i = 0; i < degree; i++) {
    int at = len - 1 - place[i];
    fixed[at] ^= find_value(locator, degree, syndrome, place[i]);
    for (int e = 0; e < erasures; e++) errors -= erased[e] == at;
  }
  if (!rs_syndromes(fixed, len, ecc, left)) return -1;
  memcpy(word, fixed, (size_t)len);
  return errors;
}
