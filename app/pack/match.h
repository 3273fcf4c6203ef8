/* SPDX-License-Identifier: Apache-2.0
 * Does a person fit what the volunteer typed? Pure. Words with blanks between them must all fit, each in
 * one way: beginning or part of the name, pinyin by whole or begun syllables ("zhangsan", "zs", "zhs",
 * and "xiao" within 欧阳晓晴), digits of the phone, the number, the e-mail's, part of the organization.
 * Small and capital letters, full-width forms, blanks and dots make no difference.
 */
#ifndef YINGBIN_PACK_MATCH_H
#define YINGBIN_PACK_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MATCH_QUERY_MAX = 128, MATCH_WORDS = 4, MATCH_FOLDED_MAX = 512 };

struct match_query {
  int words;
  bool ascii; /* all of them */
  struct {
    char text[MATCH_QUERY_MAX]; /* folded */
    size_t len;
    bool digits, letters; /* nothing else in it */
  } word[MATCH_WORDS];    /* what comes behind the last one is left out */
};

void match_query(const char *text, struct match_query *out);

/* 0: doesn't fit; else the smaller the better. `row` is a row of the index; one that is damaged fits nothing. */
int match_row(const struct match_query *query, const uint8_t *row, size_t len);

/* Without what makes no difference; at most size - 1 bytes, and a NUL. Returns its length. */
size_t match_fold(const char *text, size_t len, char *out, size_t size);

/* The letters are begun syllables of the pinyin, one behind the other: 2 from the first one on, 1 from a later one, 0 no. */
int match_pinyin(const char *letters, size_t len, const char *pinyin, size_t pinyin_len);

#endif
