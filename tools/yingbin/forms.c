/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/forms.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Exactly n digits. */
static bool digits(const char **at, int n, int *out) {
  *out = 0;
  for (int i = 0; i < n; i++) {
    if (!isdigit((unsigned char)(*at)[i])) return false;
    *out = *out * 10 + (*at)[i] - '0';
  }
  *at += n;
  return true;
}

static int month_days(int year, int month) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return days[month - 1] + (month == 2 && leap);
}

static bool date(const char **at, struct civil *out) {
  *out = (struct civil){.year = 0};
  if (!digits(at, 4, &out->year) || *(*at)++ != '-' || !digits(at, 2, &out->month) || *(*at)++ != '-' ||
      !digits(at, 2, &out->day))
    return false;
  return out->year >= 1970 && out->year < 3000 && out->month >= 1 && out->month <= 12 && out->day >= 1 &&
         out->day <= month_days(out->year, out->month);
}

bool form_date(const char *text, struct civil *out) { return date(&text, out) && !*text; }

bool form_time(const char *text, struct civil *out) {
  if (!date(&text, out) || (*text != ' ' && *text != 'T')) return false;
  while (*text == ' ' || *text == 'T') text++;
  if (!digits(&text, 2, &out->hour) || *text++ != ':' || !digits(&text, 2, &out->minute)) return false;
  if (*text == ':' && (text++, !digits(&text, 2, &out->second))) return false;
  if (out->hour == 24 && (out->minute || out->second)) return false;
  return !*text && out->hour <= 24 && out->minute < 60 && out->second < 60;
}

bool form_clock(const char *text, int most_hour, int32_t *second) {
  int hour, minute;
  if (!digits(&text, 2, &hour) || *text++ != ':' || !digits(&text, 2, &minute) || *text) return false;
  *second = hour * 3600 + minute * 60;
  return minute < 60 && *second <= most_hour * 3600;
}

bool form_number(const char *text, int64_t least, int64_t most, int64_t *out) {
  char *end;
  if (!isdigit((unsigned char)*text)) return false;
  errno = 0;
  *out = strtoll(text, &end, 10);
  return !errno && !*end && *out >= least && *out <= most;
}

bool form_yes(const char *text, bool *out) {
  *out = !strcmp(text, "yes") || !strcmp(text, "是");
  return *out || !strcmp(text, "no") || !strcmp(text, "否");
}

bool form_colour(const char *text, uint32_t *out) {
  if (*text++ != '#' || strlen(text) != 6 || text[strspn(text, "0123456789abcdefABCDEF")]) return false;
  *out = (uint32_t)strtoul(text, NULL, 16);
  return true;
}

bool form_id(const char *text) {
  for (const char *p = text; *p; p++)
    if (!isalnum((unsigned char)*p) && !strchr("._-", *p)) return false;
  return *text && *text != '.' && strlen(text) < ID_MAX;
}

static const char *const blanks[] = {" ", "\t", "\r", "\n", "\u3000", "\u00A0", "\u200B", "\uFEFF"};

static size_t blank_at(const char *at, size_t len, bool end) {
  for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
    size_t n = strlen(blanks[i]);
    if (n <= len && !memcmp(end ? at + len - n : at, blanks[i], n)) return n;
  }
  return 0;
}

void trim_text(const char **at, size_t *len) {
  size_t n;
  while ((n = blank_at(*at, *len, false))) *at += n, *len -= n;
  while ((n = blank_at(*at, *len, true))) *len -= n;
}

static size_t comma_at(const char *at) { return *at == ',' ? 1 : !strncmp(at, "，", 3) || !strncmp(at, "、", 3) ? 3 : 0; }

bool list_next(const char **at, struct list_item *item) {
  do {
    const char *start = *at;
    if (!*start) return false;
    while (**at && !comma_at(*at)) (*at)++;
    *item = (struct list_item){start, (size_t)(*at - start)};
    if (**at) *at += comma_at(*at);
    trim_text(&item->at, &item->len);
  } while (!item->len);
  return true;
}

bool list_has(const char *list, const char *text) {
  struct list_item item;
  while (list_next(&list, &item))
    if (item.len == strlen(text) && !memcmp(item.at, text, item.len)) return true;
  return false;
}
