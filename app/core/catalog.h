/* SPDX-License-Identifier: Apache-2.0
 * What the organizer's pack says of events, stations, types, hosts and the programme; loaded once, read-only, shared
 * between threads by const pointer. Things refer to one another by their index here. Texts and times as in types.h.
 */
#ifndef YINGBIN_CORE_CATALOG_H
#define YINGBIN_CORE_CATALOG_H

#include "core/types.h"

struct host {
  char id[ID_MAX];
  struct text name;
  char logo[FILE_NAME_MAX]; /* a picture of the pack */
  char group_qr[URL_MAX]; /* payload of the group chat's QR */
  int64_t group_expires_ms; /* 0: never */
  struct text group_fallback;
  char group_fallback_qr[URL_MAX];
};

enum { ZONE_SPANS_MAX = 8 };

struct zone { /* the event's time zone round its days, resolved when the pack is built */
  char name[ID_MAX];
  int spans;
  int64_t since_s[ZONE_SPANS_MAX]; /* ascending; the first one counts before it, too */
  int32_t offset_s[ZONE_SPANS_MAX]; /* east of UTC */
};

enum event_theme { EVENT_THEME_NONE, EVENT_THEME_LIGHT, EVENT_THEME_DARK }; /* what the event wishes */

/* Its two colours as given, 0xRRGGBB: the theme makes them darker or lighter (core/accent.h). Both 0: the theme's own. */
struct accents {
  uint32_t good, care;
};

enum self_lookup { SELF_LOOKUP_NO, SELF_LOOKUP_PHONE };
enum event_voice { VOICE_ADMIT, VOICE_AGAIN, VOICE_SORRY, VOICE_FAULT, VOICE_READY, VOICE_COUNT };
enum { SLIDES_MAX = 8 };

struct event {
  char id[ID_MAX];
  struct text title, venue, city;
  int64_t starts_ms, ends_ms;
  struct zone zone;
  int32_t day_border_s; /* after local midnight: when a new day begins, 04:00 by default */
  char site[URL_MAX];
  uint32_t hosts;  /* bit i: catalog host i */
  bool roster;     /* false: admits and counts whoever comes */
  bool foreign;    /* some tickets of its rosters carry foreign codes */
  uint32_t tag;    /* signed tickets: which event they are for */
  char logo[FILE_NAME_MAX], slide[SLIDES_MAX][FILE_NAME_MAX]; /* pictures of the pack */
  int slides;
  char voice[VOICE_COUNT][FILE_NAME_MAX]; /* recorded words, WAV files of the pack */
  struct accents accents;
  enum event_theme theme;
  enum lang lang[LANG_COUNT]; /* in which it speaks, the first one first */
  int langs;                  /* 0: as the kiosk is set */
  struct text help;           /* to who has no code: whom to ask */
  enum self_lookup self_lookup;
};

/* Drawn as shapes; `icon =` in pack.ini has these names in this order. */
enum type_icon {
  ICON_NONE, ICON_PERSON, ICON_MIC, ICON_STAR, ICON_HEART, ICON_DIAMOND, ICON_RINGS, ICON_CAMERA, ICON_BADGE, ICON_CUP,
  ICON_COUNT
};

enum show_name { SHOW_NAME_FULL, SHOW_NAME_MASKED, SHOW_NAME_NONE };

struct ticket_type {
  int16_t id; /* never reused, whatever the order in pack.ini */
  char key[ID_MAX];
  struct text label;
  uint32_t colour; /* 0xRRGGBB, 0: none; as given, accent_fit makes it readable */
  enum type_icon icon;
  bool late_admit; /* closing time doesn't refuse it */
  enum show_name show_name;
  int days;        /* valid on these local days only; 0: on all */
  int32_t day[8];  /* local days since 1970-01-01 */
};

enum station_kind { STATION_ENTRY, STATION_EXIT, STATION_SESSION, STATION_REDEEM };
enum again { AGAIN_WELCOME, AGAIN_STOP };
enum walkin { WALKIN_STAFF, WALKIN_SELF, WALKIN_NO };
enum offline { OFFLINE_ADMIT, OFFLINE_ASK };
enum { TIMES_EVERY = -1, TIMES_DAILY = -2 }; /* other values: that many times in all */

struct hours {
  bool set, daily;
  int64_t at; /* daily: seconds after the local midnight of that event day (over 86400 past midnight); else UTC, ms */
};

struct station {
  char id[ID_MAX * 2]; /* event/station */
  int16_t event;       /* index in the catalog */
  enum station_kind kind;
  struct text label, room, greeting;
  uint64_t admits;  /* bit i: catalog type i; all ones: every type */
  int32_t times;
  struct hours opens, closes;
  int16_t after;    /* index of the station that comes first, -1: none */
  bool after_today; /* it must have been today */
  int32_t capacity, share; /* 0: no limit; share: this kiosk's part while it is alone */
  enum again again;
  enum offline offline;
  enum walkin walkin;
  bool party_all;   /* one scan admits the whole party */
  bool party_ask;   /* one scan asks how many have come */
  bool show_nth;    /* "第 128 位" */
  bool anonymous;   /* a tap counts a person without a code, though the event has a roster */
  struct text handout; /* REDEEM: what it hands out */
  char accept[TEXT_MAX]; /* POSIX extended regular expression: any code of that shape, once each */
};

struct session { /* of the programme */
  char id[ID_MAX];
  struct text title, room; /* room: the station's where none was given */
  int64_t starts_ms, ends_ms; /* ends: 0 where not given */
  int16_t event;
  int16_t station; /* -1: none of this pack */
};

enum { EVENTS_MAX = 16, STATIONS_MAX = 64, TYPES_MAX = 64, HOSTS_MAX = 32, SESSIONS_MAX = 200 };

struct catalog {
  char name[ID_MAX]; /* of the pack */
  uint32_t build;
  enum show_name show_name; /* of who has no ticket type */
  int64_t retain_until_ms;  /* from then on nobody's data may be kept; 0: it doesn't say */
  int events, stations, types, hosts, sessions;
  struct event event[EVENTS_MAX];
  struct station station[STATIONS_MAX];
  struct ticket_type type[TYPES_MAX];
  struct host host[HOSTS_MAX];
  struct session session[SESSIONS_MAX]; /* by start */
};

#endif
