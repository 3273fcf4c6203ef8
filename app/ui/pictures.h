/* SPDX-License-Identifier: Apache-2.0
 * The pack's logos and slides, read once when the kiosk begins to serve, each in the size that the screen
 * can need and all of them within a fixed budget. What can't be read is logged and missing. Ui thread.
 */
#ifndef YINGBIN_UI_PICTURES_H
#define YINGBIN_UI_PICTURES_H

#include "ui/image.h"

enum { PICTURES_BUDGET = 24 << 20, PICTURES_KEPT = 64 };

enum picture_kind { PICTURE_LOGO, PICTURE_SLIDE, PICTURE_KINDS };

struct picture_room { /* the largest place that a screen has for one: it is kept no larger, so that drawing only copies it */
  int w, h;
};

struct pictures; /* owned by the opener */

/* How many of each kind will come: they share the budget. NULL: no memory. */
struct pictures *pictures_open(const struct picture_room room[PICTURE_KINDS], int logos, int slides);
void pictures_close(struct pictures *p); /* NULL: nothing */

/* False: logged. A name that is there already stays as it is. */
bool pictures_add(struct pictures *p, const char *name, enum picture_kind kind, const uint8_t *bytes, size_t len);

/* Borrowed until pictures_close; NULL: there is none of that name, or p is NULL. */
const struct image *pictures_find(const struct pictures *p, const char *name);

size_t pictures_bytes(const struct pictures *p); /* of pixels */

#endif
