/* SPDX-License-Identifier: Apache-2.0
 * The kiosk whole: opens the screen, then what else the options name, starts the services in order, runs
 * ui on the calling (main) thread, stops in the reverse order. What fails at the start is shown to the volunteer on the
 * screen and tried again every few seconds; with `once` it ends the kiosk instead.
 */
#ifndef YINGBIN_KIOSK_H
#define YINGBIN_KIOSK_H

#include "platform/camera.h"
#include "platform/finder.h"
#include "platform/reader.h"
#include "platform/sensors.h"
#include "platform/tick.h"
#include "platform/uplink.h"
#include "ui/ui.h"

struct kiosk_options { /* texts and pointers are borrowed */
  const char *name;    /* of this kiosk, in its records */
  const char *pack;    /* file; empty: the pack that is in the data folder */
  const char *pub;     /* minisign public key: file, or the base64 line itself */
  const char *data;    /* folder; made 0700 */
  const char *station; /* event/station; may be empty where the pack has just one */
  const char *camera;  /* camera.h's spec */
  struct camera_options camera_options;
  bool once;     /* end, with 0, when the recording has ended and everything from it is shown */
  bool lockstep; /* a recording as fast as it goes, each frame read and each payload dealt with */
  const char *decoder;
  bool insecure_decoder;
  uint32_t allow_build; /* lower than the last one used, and yet wanted; 0: none */
  struct tick *clock;
  const char *clock_source;        /* why its wall_ok is to be believed: goes into the journal */
  const struct reader_ops *reader; /* NULL: none */
  const char *reader_address;
  const char *console_pin;         /* hash of the PIN that opens the staff console, too; empty: none */
  const char *export_to;           /* a folder that staff may export the journal to, besides sticks; empty: none */
  const struct uplink_ops *uplink; /* to the hub; NULL: none */
  const char *uplink_address;
  const struct finder_ops *finder; /* where the card's hub can't be reached; NULL: none */
  bool hub_here;                   /* this kiosk carries the hub */
  const char *finder_address;
  const struct sensors_ops *sensors; /* NULL: none */
  const char *sensors_address;
  const char *hub, *hub_pin, *hub_ca; /* empty: as the setup card says */
  int64_t hub_wait_ms;                /* for an answer, at most */
  const char *monitor;                /* ADDR:PORT of the volunteers' phones' page; NULL or empty: none */
  bool monitor_tls;
  const char *web; /* folder of its files */
  bool mirror;     /* the idle screen shows what the camera sees */
  struct ui_options ui;
};

/* How others (a signal handler, a test) stop a kiosk that runs. */
struct kiosk_stop {
  struct bell bell; /* wakes the main thread, for notices too */
  atomic_bool asked;
  bool shut_down; /* after kiosk_run: a lead asked the machine to be switched off */
};
bool kiosk_stop_init(struct kiosk_stop *stop);
void kiosk_stop_fini(struct kiosk_stop *stop);
void kiosk_stop_ask(struct kiosk_stop *stop); /* async-signal-safe */

/* The process's exit code: 0 stopped or `once` done, 1 it could not do its work (said on stderr). */
int kiosk_run(const struct kiosk_options *options, struct kiosk_stop *stop);

/* --check-config: the pack's signature, station, fonts, camera and reader, without starting or writing
 * anything. A JSON line on `out`, or the first problem. */
bool kiosk_check(const struct kiosk_options *options, FILE *out, struct problem *problem);

#endif
