/* SPDX-License-Identifier: Apache-2.0
 * What the services tell one another, by value: watch's and desk's health, watch's mirror, and desk's notice to ui:
 * a verdict, its health, or that an operator's card opens the staff console.
 */
#ifndef YINGBIN_CORE_NOTICE_H
#define YINGBIN_CORE_NOTICE_H

#include "core/machine.h"
#include "core/sync.h"
#include "core/verdict.h"

enum watch_camera { WATCH_CAMERA_STARTING, WATCH_CAMERA_GOOD, WATCH_CAMERA_LOST, WATCH_CAMERA_NONE, WATCH_CAMERA_ENDED };
const char *watch_camera_name(enum watch_camera camera); /* good */

struct watch_health { /* by value to desk and ui, when it changes and every second */
  enum watch_camera camera;
  char state[96];       /* what the driver says */
  bool scanning;        /* a filtered decoder works (or --insecure-decoder) */
  bool sandbox_refused; /* the filter can't be installed here: no scanning */
  bool decoder_fails;   /* decoders end again and again without one frame read: no scanning */
  int32_t fps_x10;
  int64_t frames, decoded, killed, died, lost_frames;
  int32_t read_us; /* decoder's CPU time of the last frame */
};

enum camera_at { CAMERA_AT_TOP, CAMERA_AT_BOTTOM, CAMERA_AT_LEFT, CAMERA_AT_RIGHT }; /* of the screen */

enum { MIRROR_W = 320, MIRROR_H = 180 };

struct mirror { /* by value to ui, 15 times a second at most: what people see of themselves, without any code */
  struct moment at;
  int16_t w, h;                      /* 0: no picture */
  bool found, unread;                /* a code is seen, at quad; it wasn't read in this frame */
  struct point quad[4];              /* of the likeliest one, in pixels of luma, clockwise; corners may lie outside */
  uint8_t luma[MIRROR_W * MIRROR_H]; /* w x h, left and right exchanged; codes are painted over */
};

enum notice_kind {
  NOTICE_VERDICT,
  NOTICE_HEALTH,
  NOTICE_CONSOLE, /* an operator's card was shown */
  NOTICE_HEADS    /* how many of the party have come? Nothing is decided: verdict.attendee and `most` alone are set */
};

enum { ASK_MS = 15 * 1000 }; /* so long a guest has for an answer */

/* What an operator's or a setup card did. */
enum notice_card {
  CARD_NONE,
  CARD_OPENS,
  CARD_UNKNOWN,    /* withdrawn, newer than the pack, of others */
  CARD_UNREADABLE, /* the pack's part */
  CARD_ENROLS,     /* the kiosk enrols by it; sync_health tells what came of it */
  CARD_ASKS_AGAIN, /* it has a hub: a lead, whose console is open, shows it once more to have another one */
  CARD_ASKS_LEAD   /* it has a hub: only a lead may give it another one */
};

struct notice_operator { /* NOTICE_CONSOLE: whose card it was, or that it was the PIN (no name) */
  char name[TEXT_MAX];
  bool lead;
  bool pin;         /* opened by the PIN: it sees no people of the pack */
  uint32_t session; /* core/staff.h: what this console's requests carry */
};

enum desk_fault { /* worst first; what the screen tells the volunteer */
                  DESK_FAULT_NONE,
                  DESK_FAULT_PACK,
                  DESK_FAULT_DISK_FULL,
                  DESK_FAULT_DISK_ERROR,
                  DESK_FAULT_READ_ONLY
};

enum stick_state { /* the last stick with a folder yingbin-export, as long as it is there */
                   STICK_NONE,
                   STICK_WRITING,
                   STICK_WRITTEN, /* it can be pulled out */
                   STICK_FULL,
                   STICK_READ_ONLY,
                   STICK_FAILED
};

struct desk_health {
  enum desk_fault fault;
  int64_t people, people_today;       /* admitted at this station, by this kiosk */
  int64_t elsewhere, elsewhere_today; /* there by the other kiosks, as far as the hub told */
  int64_t disk_free_mb;
  bool clock_ok, pack_checked;
  enum sync_state hub;      /* how it is with the hub */
  bool hub_here;            /* a hub is to run beside this kiosk */
  int64_t hub_good_ms;      /* wall of the last exchange that succeeded; 0: none, or its time wasn't known */
  int64_t unsent;           /* records of this journal not yet exported or acknowledged by a hub */
  int64_t oldest_unsent_ms; /* wall of the oldest of them; 0: none */
  bool opened;              /* the event's day that is now has its opening check in the journal */
  char clock_source[16];    /* why the clock is trusted: ntp, operator, recording; empty: it isn't */
  struct machine machine;
  int16_t phones; /* volunteers' phones that are signed in */
  enum stick_state stick;
  uint32_t stick_changes; /* one more each time that a stick comes or goes */
  uint32_t groups_full; /* bit i: staff said that the group of the catalog's host i is full */
};

struct notice {
  enum notice_kind kind;
  struct verdict verdict; /* NOTICE_VERDICT */
  enum by by;
  int64_t seq;             /* 0: not in the journal (fault) */
  struct moment at;        /* of the payload */
  int64_t decided_mono_us; /* CLOCK_BOOTTIME when the record was on disk: the ui's screen_ms starts here */
  int32_t read_ms, commit_us;
  int64_t nth;  /* this is the n-th person at the station, by all kiosks that are known of */
  bool walkin;  /* a tap lets them in all the same; VERDICT_UNKNOWN: so does the same code once more */
  bool tapped;  /* VERDICT_ADMIT: "I'm here", by nothing but a tap */
  bool more;    /* VERDICT_ADMIT: the rest of the party may come later, with the same code */
  int16_t most; /* NOTICE_HEADS: so many may come in now, 2 at least */
  enum desk_fault fault;
  enum notice_card card; /* NOTICE_VERDICT: of a card that opens no console; NOTICE_CONSOLE: CARD_OPENS */
  struct notice_operator staff;
  struct desk_health health; /* all kinds */
};

#endif
