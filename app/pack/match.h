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
  uint64_t chars; /* as in struct match_form: what each who fits has in them */
  struct {
    char text[MATCH_QUERY_MAX]; /* folded */
    size_t len;
    bool digits, letters; /* nothing else in it */
  } word[MATCH_WORDS];    /* what comes behind the last one is left out */
};

void match_query(const char *text, struct match_query *out);

/* A person's texts as they are compared, made once a row: one behind the other, each with a NUL. */
enum match_text { MATCH_NAME, MATCH_ORGANIZATION, MATCH_EMAIL, MATCH_PINYIN, MATCH_PHONE, MATCH_NUMBER, MATCH_TEXTS };

struct match_form {
  uint64_t chars; /* which characters are in the texts: a bit each for letters and digits, the others share some */
  uint16_t at[MATCH_TEXTS + 1]; /* where each text begins, and where the last one ends */
};

enum { MATCH_FORM_MAX = 2048 + MATCH_TEXTS /* of a row, and the NULs: nothing gets longer */ };

/* `row` is a row of the index. False: it is damaged, and fits nothing. */
bool match_form(const uint8_t *row, size_t len, struct match_form *form, char text[MATCH_FORM_MAX]);

/* 0: doesn't fit; else the smaller the better. */
int match_fits(const struct match_query *query, const struct match_form *form, const char *text);

/* As above, of somebody of whom only a name is known. */
int match_name(const struct match_query *query, const char *name);

/* Without what makes no difference; at most size - 1 bytes, and a NUL. Returns its length. */
size_t match_fold(const char *text, size_t len, char *out, size_t size);

/* The letters are begun syllables of the pinyin, one behind the other: 2 from the first one on, 1 from a later one, 0 no. */
int match_pinyin(const char *letters, size_t len, const char *pinyin, size_t pinyin_len);

#endif
