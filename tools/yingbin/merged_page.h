/* SPDX-License-Identifier: Apache-2.0
 * Pieces of a self-contained HTML page: its head with the style (screen in both themes, and paper), texts that
 * are shown as texts whatever is in them, bars, and the curve of arrivals as SVG. Pure but for the FILE.
 */
#ifndef YINGBIN_TOOLS_MERGED_PAGE_H
#define YINGBIN_TOOLS_MERGED_PAGE_H

#include <stdint.h>
#include <stdio.h>

#include "tools/yingbin/merged_numbers.h"

void page_begin(FILE *out, const char *title);
void page_end(FILE *out);

void page_text(FILE *out, const char *text);               /* escaped */
void page_both(FILE *out, const char *zh, const char *en); /* Chinese, and English in small; both are ours */
void page_card(FILE *out, const char *zh, const char *en); /* <section> with its heading */
void page_card_end(FILE *out);

/* "67%"; with a decimal where that would say nobody or everybody and isn't so: "0.3%". */
void page_percent(int64_t part, int64_t of, char out[32]);

/* A line of a list of bars: label, a bar of value within most, and of how many (0: not said). */
void page_bars(FILE *out);
void page_bar(FILE *out, const char *label, int64_t value, int64_t of, int64_t most);
void page_bars_end(FILE *out);

/* Arrivals of one day: a bar for some minutes each, and the sum of all so far as a line. `border_s`: where the day
 * begins, after midnight. */
void page_curve(FILE *out, const struct numbers_day *day, int32_t border_s);

#endif
