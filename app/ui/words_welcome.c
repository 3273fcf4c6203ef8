/* SPDX-License-Identifier: Apache-2.0
 * The good news: who is greeted, where they go, what they take along.
 */
#include <stdio.h>
#include <string.h>

#include "ui/words.h"

/* The group's code; once it has expired, what its host gave for that. */
static void offer_group(struct writer *w) {
  const uint32_t hosts =
      w->verdict->has_attendee && w->verdict->attendee.hosts != 0 ? w->verdict->attendee.hosts : w->event->hosts;
  for (int i = 0; i < w->catalog->hosts; i++)
    if ((hosts >> i & 1) != 0 && page_group(w->stage, w->v, i, w->lang, &w->page->qr, &w->say->caption, &w->say->note)) {
      w->page->group = i;
      return;
    }
}

/* What is to be said of them before all else. */
static void say_attention(struct writer *w, int *rows) {
  const char *attention = w->verdict->attendee.attention;
  if (attention[0] == '\0' || !strcmp(attention, ATTENTION_PRACTICE)) return;
  PUT(w, w->say->row[*rows], !strcmp(attention, ATTENTION_VIP) ? "attention.vip" : "attention.staff");
  (*rows)++;
}

static void say_badge(struct writer *w, const struct ticket_type *type) {
  COPY(w->say->badge, words_text(&type->label, w->lang));
  w->page->icon = type->icon == ICON_NONE ? SHAPE_DISC : (enum shape)(SHAPE_ICON + type->icon);
  w->page->icon_colour = type->colour != 0 ? (enum colour)(COLOUR_OWN + type->colour) : COLOUR_GOOD;
}

/* Who it is, as its ticket type allows, into `out`; organization and title into `sub`. */
static void say_name(struct writer *w, char out[NAME_MAX_BYTES]) {
  const struct attendee *a = &w->verdict->attendee;
  const struct ticket_type *type = words_type(w);
  const enum show_name show = type != NULL ? type->show_name : w->catalog->show_name;
  out[0] = '\0';
  if (show == SHOW_NAME_MASKED)
    screen_mask_name(a->name, out, NAME_MAX_BYTES);
  else if (show == SHOW_NAME_FULL)
    words_copy(out, NAME_MAX_BYTES, a->name);
  const char *label = type != NULL ? words_text(&type->label, w->lang) : "";
  if (out[0] != '\0' && label[0] != '\0')
    say_badge(w, type);
  else if (out[0] == '\0' && label[0] != '\0')
    words_copy(out, NAME_MAX_BYTES, label);
  else if (out[0] == '\0')
    strings_put(w->stage->strings, w->lang, out, NAME_MAX_BYTES, "nameless.big", NULL);
  w->page->practice = !strcmp(a->attention, ATTENTION_PRACTICE);
  if (w->page->practice) {
    PUT(w, w->say->badge, "practice");
    w->page->icon = SHAPE_DISC;
    w->page->icon_colour = COLOUR_CARE;
  }
  if (show == SHOW_NAME_NONE) return;
  words_join(w->say->sub, sizeof w->say->sub, a->organization);
  words_join(w->say->sub, sizeof w->say->sub, a->title);
}

static void say_party(struct writer *w) {
  char n[16], party[160];
  snprintf(n, sizeof n, "%d", (int)w->verdict->count);
  PUT(w, party, "party", n);
  if (w->verdict->count > 1) words_join(w->say->sub, sizeof w->say->sub, party);
  PUT(w, party, "party.more");
  if (w->v->notice.more) words_join(w->say->sub, sizeof w->say->sub, party);
}

static void say_nth(struct writer *w) {
  char n[24], nth[64];
  if (!w->station->show_nth || w->v->notice.nth <= 0 || w->page->practice) return;
  snprintf(n, sizeof n, "%lld", (long long)w->v->notice.nth);
  PUT(w, nth, "presence.big", n);
  words_join(w->say->sub, sizeof w->say->sub, nth);
}

/* Nobody is greeted before they are in. */
void say_heads(struct writer *w) {
  char seconds[16], all[16];
  snprintf(seconds, sizeof seconds, "%d", ASK_MS / 1000);
  snprintf(all, sizeof all, "%d", w->v->notice.most);
  w->page->heads = w->v->notice.most;
  PUT(w, w->say->big, "heads.big");
  PUT(w, w->say->sub, "heads.again", all);
  PUT(w, w->say->row[0], "heads.else", seconds);
}

/* Where to go: the room and the seat, what is next there, what the organizer says to everyone here. */
static int say_where(struct writer *w, int rows) {
  const char *room = words_text(&w->station->room, w->lang), *greeting = words_text(&w->station->greeting, w->lang);
  const char *seat = w->verdict->has_attendee ? w->verdict->attendee.seat : "";
  char next[ROW_MAX];
  words_next(w, next, sizeof next);
  const int first = rows;
  if (room[0] != '\0' || seat[0] != '\0') {
    COPY(w->say->row[rows], room[0] != '\0' ? room : seat);
    rows++;
  }
  if (room[0] != '\0') COPY(w->say->detail, seat);
  w->page->detail_under = first;
  if (first == 0 && greeting[0] != '\0') {
    COPY(w->say->row[rows], greeting);
    rows++;
  }
  if (first == 0 && next[0] != '\0') { /* who is being met is told the rest */
    COPY(w->say->row[rows], next);
    rows++;
  }
  w->page->arrow = rows > 0;
  return rows;
}

void say_welcome(struct writer *w) {
  int rows = 0;
  PUT(w, w->say->head, "welcome.head");
  say_name(w, w->say->big);
  say_party(w);
  say_nth(w);
  say_attention(w, &rows);
  say_where(w, rows);
  offer_group(w);
}

/* A child: nothing about them, and somebody comes. */
void say_minor(struct writer *w) {
  PUT(w, w->say->head, w->station->kind == STATION_EXIT ? "goodbye.head" : "welcome.head");
  PUT(w, w->say->big, "minor.big");
}

void say_goodbye(struct writer *w) {
  PUT(w, w->say->head, "goodbye.head");
  say_name(w, w->say->big);
  say_party(w);
  offer_group(w);
}

const char *words_handout(const struct writer *w) {
  const char *what = words_text(&w->station->handout, w->lang);
  return what[0] != '\0' ? what : words_text(&w->station->label, w->lang);
}

/* For who stands before the screen, and for who hands it out behind the table. */
void say_redeem(struct writer *w) {
  char n[16], name[NAME_MAX_BYTES], who[ROW_MAX];
  PUT(w, w->say->head, "redeem.head");
  COPY(w->say->big, words_handout(w));
  if (w->verdict->count > 1) {
    snprintf(n, sizeof n, " × %d", (int)w->verdict->count);
    strncat(w->say->big, n, sizeof w->say->big - strlen(w->say->big) - 1);
  }
  const bool child = !strcmp(w->verdict->attendee.attention, ATTENTION_MINOR);
  if (w->verdict->has_attendee && !child) {
    say_name(w, name);
    COPY(who, name);
    words_join(who, sizeof who, w->say->sub);
    COPY(w->say->sub, who);
  }
  char more[160];
  PUT(w, more, "party.more");
  if (w->v->notice.more) words_join(w->say->sub, sizeof w->say->sub, more);
  COPY(w->say->row[0], w->verdict->attendee.seat);
  words_join(w->say->row[0], sizeof w->say->row[0], words_text(&w->station->room, w->lang));
}

/* Someone without a roster row: a guest, or whoever comes where there is no roster. */
void say_presence(struct writer *w) {
  char n[24];
  snprintf(n, sizeof n, "%lld", (long long)w->v->notice.nth);
  PUT(w, w->say->head, w->station->kind == STATION_EXIT ? "goodbye.head" : "welcome.head");
  PUT(w, w->say->big, w->v->notice.nth > 0 ? "presence.big" : "nameless.big", n);
  say_party(w);
  const int rows = say_where(w, 0);
  if (!w->event->roster && rows < PAGE_ROWS) PUT(w, w->say->row[rows], "presence.next"); /* a tap doesn't take this away */
  offer_group(w);
}

/* Since when; and where, if it was at another kiosk. */
static void say_since(struct writer *w) {
  char time[64] = "", since[160];
  const char *where = w->verdict->where;
  const bool there = where[0] != '\0' && (w->v->kiosk == NULL || strcmp(where, w->v->kiosk) != 0);
  if (w->verdict->when_ms == 0 && !there) return;
  if (w->verdict->when_ms != 0) words_time(w, w->verdict->when_ms, time, sizeof time);
  if (!there)
    PUT(w, since, "back.since", time);
  else if (time[0] != '\0')
    PUT(w, since, "back.elsewhere", time, where);
  else
    PUT(w, since, "back.where", where);
  words_join(w->say->sub, sizeof w->say->sub, since);
}

void say_back(struct writer *w) {
  PUT(w, w->say->head, "back.head");
  if (w->verdict->has_attendee)
    say_name(w, w->say->big);
  else
    PUT(w, w->say->big, "nameless.big");
  say_since(w);
  say_where(w, 0);
  offer_group(w);
}
