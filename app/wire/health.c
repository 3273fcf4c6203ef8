/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>
#include <string.h>

#include "wire/wire.h"

static void add_text(json_t *o, const char *key, const char *value) {
  if (value && *value) json_object_set_new(o, key, json_string(value)); /* what isn't UTF-8 is left out */
}

static void add_desk(json_t *o, const struct desk_health *d) {
  json_object_set_new(o, "clock_ok", json_boolean(d->clock_ok));
  json_object_set_new(o, "disk_free", json_integer((json_int_t)d->disk_free_mb << 20));
  json_object_set_new(o, "today", json_integer((json_int_t)d->people_today));
}

static void add_watch(json_t *o, const struct watch_health *w) {
  json_object_set_new(o, "camera", json_string(watch_camera_name(w->camera)));
  json_object_set_new(o, "fps", json_real(w->fps_x10 / 10.0));
}

/* In the words of whoever looks at the hub. */
static json_t *troubles_of(const struct wire_health *h) {
  static const char *const faults[] = {[DESK_FAULT_PACK] = "the pack is damaged",
                                       [DESK_FAULT_DISK_FULL] = "the disk is full: nobody is checked in",
                                       [DESK_FAULT_DISK_ERROR] = "the journal can't be written: nobody is checked in",
                                       [DESK_FAULT_READ_ONLY] = "the disk is read-only: nobody is checked in"};
  static const char *const machine[] = {[MACHINE_LOW_POWER] = "it has too little power, and may end at any moment",
                                        [MACHINE_HOT] = "it is too hot",
                                        [MACHINE_SLOWED] = "it is too hot and runs slower"};
  const struct watch_health *w = h->watch;
  const enum machine_trouble trouble = h->desk ? machine_trouble(&h->desk->machine) : MACHINE_WELL;
  const struct {
    bool is;
    const char *text;
  } list[] = {
      {h->desk && h->desk->fault != DESK_FAULT_NONE, h->desk ? faults[h->desk->fault] : NULL},
      {w && w->camera == WATCH_CAMERA_LOST, "the camera gives no picture"},
      {w && w->sandbox_refused, "the decoder can't be confined: nothing is scanned"},
      {w && w->decoder_fails, "decoders fail: nothing is scanned"},
      {h->desk && !h->desk->clock_ok, "nobody has told it the time"},
      {trouble != MACHINE_WELL, machine[trouble]},
      {h->pack_why && *h->pack_why, "the newest pack was kept out"},
      {h->waits && !h->missing, "it waits for its first pack"},
      {h->waits && h->missing, "it waits for its first pack, and this hub has none of that name"},
  };
  json_t *out = json_array();
  for (size_t i = 0; i < sizeof list / sizeof *list; i++)
    if (list[i].is) json_array_append_new(out, json_string(list[i].text));
  return out;
}

size_t wire_health(const struct wire_health *h, char body[WIRE_HEALTH]) {
  json_t *o = json_object();
  json_object_set_new(o, "v", json_integer(1));
  add_text(o, "version", h->version);
  add_text(o, "pack", h->pack);
  if (h->build) json_object_set_new(o, "build", json_integer((json_int_t)h->build));
  add_text(o, "event", h->event);
  add_text(o, "station", h->station);
  json_object_set_new(o, "queue", json_integer((json_int_t)h->queue));
  json_object_set_new(o, "records", json_integer((json_int_t)h->records));
  json_object_set_new(o, "up_s", json_integer((json_int_t)h->up_s));
  if (h->desk) add_desk(o, h->desk);
  if (h->watch) add_watch(o, h->watch);
  json_object_set_new(o, "trouble", troubles_of(h));
  const size_t len = json_dumpb(o, body, WIRE_HEALTH, JSON_COMPACT);
  json_decref(o);
  return len <= WIRE_HEALTH ? len : 0;
}
