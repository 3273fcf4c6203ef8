/* SPDX-License-Identifier: Apache-2.0
 * A merged log as numbers, without names: who has arrived when, of which type and host, at which station,
 * and who hasn't. One pass over what counts; small whatever the log's size.
 *
 * An arrival is a person's first admission at an entry (who was at none: anywhere), with all who came with
 * them there on that day; an arrival of a day the same of that day alone, but an exit is none for who came before. Who has
 * neither number nor code (events without a roster) arrives each time, but not at an exit.
 */
#ifndef YINGBIN_TOOLS_MERGED_NUMBERS_H
#define YINGBIN_TOOLS_MERGED_NUMBERS_H

#include "tools/yingbin/merged.h"

enum { NUMBERS_MINUTES = 1440, NUMBERS_DAYS = 32 };

struct numbers_day {
  int32_t day;                     /* local, since 1970-01-01 */
  int64_t minute[NUMBERS_MINUTES]; /* arrivals of that day, each person's first, by minute since the day's border */
  int64_t arrived, first;          /* on that day; and who came on no day before */
};

struct numbers_station { /* one station on one day, one type and set of hosts */
  char station[2 * ID_MAX];
  int32_t day;
  int16_t type;                                 /* -1: none, or not known */
  uint32_t hosts;                               /* 0: not known */
  int64_t people, times, by_hand, more, undone; /* more: who came with somebody; undone: people */
};

struct numbers_event {
  char id[ID_MAX];
  int64_t arrived, known, strangers; /* people; known: persons of the roster; strangers: arrivals without a number */
  int64_t expected, missing;         /* persons of the roster; who hasn't come */
  int64_t type[TYPES_MAX + 1], type_expected[TYPES_MAX + 1]; /* persons; the last: no type */
  int64_t host[HOSTS_MAX], host_expected[HOSTS_MAX];
  struct numbers_day *day; /* owned, in order */
  int days;
  int64_t conflicts;  /* admissions too many, and those that the rules refuse now */
  int64_t other_days; /* arrivals of days that are more than we keep */
  int64_t busiest;    /* people in one minute at its entries (with none: anywhere), and when that began */
  int64_t busiest_ms;
};

struct numbers {
  struct numbers_event *event; /* owned, in the order of the catalog, then by id */
  int events;
  struct numbers_station *station; /* owned, in order of station, day, type, hosts */
  int stations, room;
};

struct arrival { /* zero-initialised; of one person at one event */
  bool has, entry;
  int64_t time_ms, people;
  int32_t day;
  char station[2 * ID_MAX];
};

/* What counts of the person, in the order of time; `known`: the station, or NULL; who "": nobody knows. */
void arrival_take(struct arrival *a, const struct station *known, const char *station, const char *who, int64_t time_ms,
                  int32_t day, int64_t people);

void numbers_read(struct merged *m, struct numbers *n); /* to be freed */
void numbers_free(struct numbers *n);

/* Cells that are told to others: each under `least` is put together with others, until what is told of them together
 * says nothing of one. In place: merged ones become -1; returns their sum, or -1 where even that is under `least`. */
int64_t numbers_merge_small(int64_t *cell, int count, int64_t least);

#endif
