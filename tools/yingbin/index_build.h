/* SPDX-License-Identifier: Apache-2.0
 * The pack's search index and the cards that open it, from the people of a folder and cards.csv. One
 * block a host is held at a time. The index is only made for hosts whose people some valid card finds.
 */
#ifndef YINGBIN_TOOLS_INDEX_BUILD_H
#define YINGBIN_TOOLS_INDEX_BUILD_H

#include <sqlite3.h>

#include "pack/format.h"
#include "tools/yingbin/folder.h"
#include "tools/yingbin/pinyin.h"

struct index_build; /* owned */

/* Reads cards.csv and what ICU needs. What is odd about a card goes to the folder's warnings. */
bool index_build_open(struct folder *folder, struct index_build **index, struct problem *problem);
void index_build_close(struct index_build *index);

int index_build_cards(const struct index_build *index); /* valid ones */

/* The rows of `card` and `search`; the folder's catalog has its build. False: db has the error, or the disk is full. */
bool index_build_write(struct index_build *index, sqlite3 *db);

/* What a person is found by, as a row of the index (pack/match.h): of contacts as little as pack.ini allows. 0: too long. */
size_t index_row(const struct folder *folder, struct pinyin *pinyin, const struct person *person, uint8_t row[PACK_ROW_MAX]);

#endif
