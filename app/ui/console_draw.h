/* SPDX-License-Identifier: Apache-2.0
 * The console's screens: a table of tabs and one of sheets, an entry a function that draws it in a box.
 * Private to console_*.c but for console_draw. Pure.
 */
#ifndef YINGBIN_UI_CONSOLE_DRAW_H
#define YINGBIN_UI_CONSOLE_DRAW_H

#include "ui/console_pen.h"
#include "ui/words.h"

void console_draw(const struct stage *stage, struct canvas *canvas, const struct view *view);
void console_offer(const struct stage *stage, struct canvas *canvas, const struct view *view, struct box header); /* a meetup */
struct box console_safe_area(int w, int h); /* nothing is drawn outside */

void draw_search(const struct pen *p, struct box box);
void draw_recent(const struct pen *p, struct box box);
void draw_today(const struct pen *p, struct box box);
void draw_health(const struct pen *p, struct box box);
void draw_settings(const struct pen *p, struct box box);

void draw_person(const struct pen *p, struct box box);
void draw_undo(const struct pen *p, struct box box);
void draw_name(const struct pen *p, struct box box);
void draw_walkin(const struct pen *p, struct box box);
void draw_opening(const struct pen *p, struct box box);
void draw_pass(const struct pen *p, struct box box);
void draw_handover(const struct pen *p, struct box box);
void draw_stations(const struct pen *p, struct box box);
void draw_groups(const struct pen *p, struct box box);
void draw_clock(const struct pen *p, struct box box);
void draw_withdraw(const struct pen *p, struct box box);
void draw_export(const struct pen *p, struct box box);
void draw_phone(const struct pen *p, struct box box);
void draw_hub(const struct pen *p, struct box box);
void draw_shutdown(const struct pen *p, struct box box);
void draw_pin(const struct pen *p, struct box box);
void draw_meetup(const struct pen *p, struct box box);

/* Shared parts. */
void person_line(const struct pen *p, const struct staff_person *who, char *out, size_t size);
void person_state(const struct pen *p, const struct staff_person *who, char *out, size_t size);
void admit_label(const struct pen *p, const struct staff_person *who, char out[TEXT_MAX]);
void draw_refusal(const struct pen *p, struct box box);
void draw_reasons(const struct pen *p, struct box box, const char *key); /* key.1 .. key.4 */
double reasons_height(const struct pen *p, struct box box);
void draw_ask(const struct pen *p, struct box box, const char *hint_key, const char *do_key, bool ready);

#endif
