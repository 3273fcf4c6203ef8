/* SPDX-License-Identifier: Apache-2.0
 * Any bytes as an opened block of the search index, and any text as what was typed: people of sound
 * bounds, a match or none, and pinyin that only fits where its letters are.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "pack/index.h"
#include "pack/match.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static uint8_t block[INDEX_BLOCK];
  struct match_query query;
  struct index_person person;
  char text[64], folded[32];
  bool damaged;
  size_t n = size < sizeof text - 1 ? size : sizeof text - 1, rest = size - n < INDEX_BLOCK ? size - n : INDEX_BLOCK;
  memcpy(text, data, n);
  text[n] = 0;
  match_query(text, &query);
  assert(query.words >= 0 && query.words <= MATCH_WORDS);
  for (int i = 0; i < query.words; i++) assert(query.word[i].len && query.word[i].len == strlen(query.word[i].text));
  size_t len = match_fold(text, n, folded, sizeof folded);
  assert(len < sizeof folded && utf8_valid(folded, len));
  memset(block, 0, sizeof block);
  memcpy(block, data + n, rest);
  for (size_t at = 0; index_next(block, &at, &person, &damaged);) {
    assert(person.hash >= block && person.row + person.row_len <= block + at && at <= INDEX_BLOCK);
    struct match_form form;
    char texts[MATCH_FORM_MAX];
    int rank = match_form(person.row, person.row_len, &form, texts) ? match_fits(&query, &form, texts) : 0;
    assert(rank >= 0 && (rank == 0 || query.words));
  }
  if (match_pinyin(text, strlen(text), (const char *)data, size)) assert(size > 0 && n > 0);
  return 0;
}
