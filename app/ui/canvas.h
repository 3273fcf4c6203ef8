/* SPDX-License-Identifier: Apache-2.0
 * What a screen is drawn on: a few operations with two drivers, SDL's renderer and a transcript for
 * tests, which tells what was drawn where. Colours are roles; the theme says which. Pixels, origin at
 * the top left. Ui thread.
 */
#ifndef YINGBIN_UI_CANVAS_H
#define YINGBIN_UI_CANVAS_H

#include "core/notice.h"
#include "ui/image.h"
#include "ui/qr.h"
#include "ui/text.h"

struct box {
  int x, y, w, h;
};

enum colour {
  COLOUR_GROUND,
  COLOUR_INK,
  COLOUR_SOFT,
  COLOUR_CARD,
  COLOUR_LINE,
  COLOUR_GOOD,
  COLOUR_CARE,
  COLOUR_WASH_GOOD, /* the ground of a verdict's screen: a little of good or care in it */
  COLOUR_WASH_CARE,
  COLOUR_WHITE, /* under logos, in any theme: what they were drawn for */
  COLOUR_NIGHT,
  COLOUR_COUNT,
  COLOUR_OWN = 1 << 24 /* + 0xRRGGBB: a ticket type's, shown as much darker or lighter as it takes to be seen */
};

struct palette {
  uint32_t rgb[COLOUR_COUNT]; /* 0xRRGGBB */
  bool dark;
  bool dim; /* nobody is there: everything at a third of its light */
};

/* In one colour, with holes. A family of verdicts has its own outline, whatever its colour, and each verdict its own
 * drawing in it. */
enum shape {
  SHAPE_NONE,
  /* In a disc: come in. */
  SHAPE_TICK,
  SHAPE_LEAVE,
  SHAPE_GIFT,
  SHAPE_HEART,
  SHAPE_PARTY, /* how many? */
  /* Two discs: been here. */
  SHAPE_DISCS,
  SHAPE_DISCS_CLOCK,
  /* In a rounded square: something to sort out. */
  SHAPE_MARK,
  SHAPE_ALARM,    /* early */
  SHAPE_SIGN,     /* closed */
  SHAPE_PIN,      /* another event */
  SHAPE_CALENDAR, /* another day */
  SHAPE_SIGNPOST, /* nowhere here */
  SHAPE_BADGE,    /* not of this type */
  SHAPE_STEPS,
  SHAPE_SEATS, /* all taken */
  SHAPE_HOURGLASS,
  SHAPE_TORN,  /* a ticket */
  SHAPE_STALE, /* a ticket, and its time */
  SHAPE_SEAL,
  SHAPE_MAGNIFIER,
  SHAPE_CODE, /* of nobody knows what */
  SHAPE_PERSON_CARD,
  SHAPE_BRIEFCASE,
  SHAPE_WALLET,
  SHAPE_GLOBE,
  SHAPE_BOOK,
  SHAPE_WIFI,
  SHAPE_ENVELOPE,
  SHAPE_KEY,
  /* In a hexagon: the kiosk itself. */
  SHAPE_HEXAGON,
  SHAPE_TOOL,
  /* By themselves. */
  SHAPE_ARROW, /* to the right */
  SHAPE_ARROW_UP,
  SHAPE_ARROW_DOWN,
  SHAPE_ARROW_LEFT,
  SHAPE_DISC,
  SHAPE_SQUARE, /* in the health line: good, not good */
  SHAPE_PHONE,  /* with a code */
  SHAPE_ICON,   /* + enum type_icon */
  SHAPE_ICON_LAST = SHAPE_ICON + ICON_COUNT - 1,
  SHAPE_COUNT
};

struct canvas_ops {
  void (*clear)(void *self, enum colour colour);
  void (*round)(void *self, struct box box, int radius, enum colour colour); /* a filled rounded rectangle */
  void (*shape)(void *self, struct box box, enum shape shape, enum colour colour);
  void (*text)(void *self, int x, int y, const struct text_layout *layout, int align,
               enum colour colour);                                       /* of lines in its width: -1, 0, 1 */
  void (*veil)(void *self, struct box box, enum colour colour, int part); /* laid over what is there; 255: hides it */
  void (*qr)(void *self, struct box box, const struct qr *qr); /* black on white, with its quiet zone, in the box's middle */
  /* What people see of themselves, as large as the box allows, with corners round the code; without a picture: empty. */
  void (*mirror)(void *self, struct box box, const struct mirror *mirror);
  /* In the box's middle, as large as it may be in its own shape; one that hides all has round corners. Part: as veil's. */
  void (*picture)(void *self, struct box box, const struct image *image, int part);
  void (*hit)(void *self, struct box box, int action, int arg); /* told by the transcript; NULL: by nobody */
};

enum { HITS_MAX = 128 };

struct hit { /* what a tap there does: ui/action.h */
  struct box box;
  int16_t action, arg;
};

struct canvas {
  const struct canvas_ops *ops;
  void *self;
  int w, h;
  struct box mirror; /* where the screen drawn last has it; w = 0: nowhere */
  int hits;          /* of the screen drawn last */
  struct hit hit[HITS_MAX];
};

/* Recorded while drawing, so that a tap is found from what was drawn; what comes later lies above. */
void canvas_hit(struct canvas *canvas, struct box box, int action, int arg);
const struct hit *canvas_hit_at(const struct canvas *canvas, int x, int y); /* NULL: nothing is there */

/* Draws with an SDL renderer (borrowed), from whose thread it must be called. Runs of text and shapes stay
 * as textures within a fixed budget. */
struct SDL_Renderer;
bool canvas_sdl_open(struct SDL_Renderer *renderer, struct fonts *fonts, int w, int h, const struct palette *palette,
                     struct canvas *out);
/* What was never drawn before takes time to make: the next drawing makes that much of it, in pixels (0: all), and leaves the
 * rest out; whoever draws the same again until nothing is left out has it all, and no frame is late. */
enum { CANVAS_FRAME_WORK = 700 * 1000 };
void canvas_sdl_limit(struct canvas *canvas, int64_t pixels);
bool canvas_sdl_left_out(const struct canvas *canvas);
void canvas_sdl_forget(struct canvas *canvas); /* the kept texts: they hold names */
void canvas_sdl_close(struct canvas *canvas);
size_t canvas_sdl_bytes(const struct canvas *canvas); /* of the textures kept: never more than its budget */
void canvas_sdl_paint(struct canvas *canvas, const struct palette *palette); /* from the next drawing on */

/* The picture in the middle of the box, as large as it may be in its own shape. */
struct box mirror_picture_box(struct box box, const struct mirror *mirror);
struct box canvas_picture_box(struct box box, const struct image *image);

/* Writes a line an operation into text and keeps the boxes. */
enum { TRANSCRIPT_BOXES = 512, TRANSCRIPT_TEXT = 64 * 1024 };

struct transcript {
  struct transcript_box {
    char kind; /* r, s, t, q, m, p: round, shape, text, QR code, mirror, picture */
    struct box box;
  } box[TRANSCRIPT_BOXES];
  int boxes;
  bool tofu, cut;   /* of any text */
  int largest;      /* size of the largest bold text */
  char large[1024]; /* its runs, joined */
  size_t len;
  char text[TRANSCRIPT_TEXT];
};

void canvas_transcript(struct transcript *t, int w, int h, struct canvas *out);

#endif
