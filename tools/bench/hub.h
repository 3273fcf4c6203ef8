/* SPDX-License-Identifier: Apache-2.0
 * A fleet against real hubs: kiosks that never were, with real journals, keys and HTTP connections, and the processes that
 * serve them, which are killed at random moments where that is asked for. One thread.
 */
#ifndef YINGBIN_TOOLS_BENCH_HUB_H
#define YINGBIN_TOOLS_BENCH_HUB_H

#include <limits.h>
#include <stdatomic.h>
#include <sys/types.h>

#include "journal/chain.h"
#include "tools/bench/bench.h"

enum { HUBS_MOST = 8, SERVER_MOST = 256 };

struct hub_options {
  int kiosks, records, batch, hubs, threads;
  int live;       /* of the records, so many come one by one when all others are in */
  int kills;      /* SIGKILLs while they push: of hubs, and of PostgreSQL where it is one of our own */
  int faults;     /* of a thousand pushes, how many are stalled, cut off, repeated, begun anew, each */
  int every;      /* seconds from one live record of a kiosk to its next */
  int dashboards; /* open while the live ones come */
  int listeners;  /* kiosks with a question for the feed held open, during the second half of the live ones */
  int lose;       /* records taken out before the comparison, which then has to fail */
  uint64_t seed;
  const char *db;      /* "sqlite", "postgresql", or a postgresql://... that is empty */
  const char *scratch; /* a folder */
};

/* --- the fleet --- */

struct fleet_batch {
  char *body; /* owned */
  size_t len;
  int64_t to_seq;
  uint8_t chain[JOURNAL_CHAIN]; /* of its last record */
};

struct fleet_kiosk {
  char name[32], token[64], setup[64]; /* token: the hub's; setup: the card's */
  uint8_t public_key[32], secret_key[64];
  struct fleet_batch *batch; /* owned */
  int batches;
  atomic_llong pushed_ms; /* when its last live push began, of clock_wall_ms */
};

struct fleet {
  struct fleet_kiosk *kiosk; /* owned */
  int count, backlog;        /* batches of each one before the live ones */
  int64_t records;
};

bool fleet_make(struct fleet *fleet, const struct hub_options *options, const char *kiosks_csv, struct problem *problem);
void fleet_free(struct fleet *fleet);

/* --- the processes --- */

struct world {
  const struct hub_options *options;
  char db[512], server[SERVER_MOST]; /* what hubs are told; PostgreSQL's folder, "" where it isn't ours */
  char csv[PATH_MAX], log[PATH_MAX];
  pid_t hub[HUBS_MOST], starting; /* starting: the command that starts PostgreSQL again, 0: none */
  int port[HUBS_MOST];
  int killed_hubs, killed_servers;
  double peak_mb; /* of the hubs that ended, and hub_memory's */
};

bool world_start(struct world *world, const struct hub_options *options, const char *csv, struct problem *problem);
bool world_start_hub(struct world *world, int hub, struct problem *problem);
/* A hub, by chance which, or every third time PostgreSQL where it is ours; and starts it again. */
bool world_kill(struct world *world, uint64_t chance, struct problem *problem);
bool world_ready(struct world *world, struct problem *problem); /* false: PostgreSQL isn't up yet, or failed */
void world_memory(struct world *world);                         /* into peak_mb */
void world_stop(struct world *world);

/* --- what it costs --- */

struct hub_cpu { /* seconds of CPU: the hubs, the database's server where it is ours, and this process */
  double hub, server, clients;
};
struct hub_cpu hub_cpu(const struct world *world);

struct hub_phase { /* a sum over slices of one kind */
  double seconds;
  int64_t records; /* each counted once */
  struct hub_cpu cpu;
  double began_ms; /* of the slice that runs */
  struct hub_cpu before;
};
void hub_phase_begin(struct hub_phase *phase, const struct world *world);
void hub_phase_end(struct hub_phase *phase, const struct world *world, int64_t records);

/* The same rows in batches of the same size, each committed: COPY into the same PostgreSQL by as many connections, INSERT into
 * a SQLite file with full sync. In slices, between those of the fleet: what else the machine does then slows both. */
struct hub_control; /* owned by the opener */
bool hub_control_open(const struct fleet *fleet, const struct world *world, int connections, struct hub_control **control,
                      struct problem *problem);
bool hub_control_step(struct hub_control *control, int from, int to, struct problem *problem); /* each kiosk's batches */
const struct hub_phase *hub_control_phase(const struct hub_control *control);
void hub_control_close(struct hub_control *control); /* NULL is fine */

/* --- dashboards, from which nobody pushes --- */

struct hub_watched { /* by all of them together */
  double seconds;
  int64_t bytes, messages;
  int broken; /* that were closed under us */
};
struct hub_watch; /* owned by the opener */
bool hub_watch_start(const struct world *world, struct hub_watch **watch, struct problem *problem);
struct hub_watched hub_watch_end(struct hub_watch *watch); /* and frees it; NULL is fine */

/* --- kiosks that listen --- */

struct hub_heard { /* by all of them together */
  double seconds;
  int64_t answers, records;
  int broken;           /* connections, and answers that were none */
  struct samples heard; /* ms from a push's beginning to another kiosk's knowing; the caller's to free */
};
struct hub_listen; /* owned by the opener */
bool hub_listen_start(const struct world *world, struct fleet *fleet, struct hub_listen **listen, struct problem *problem);
struct hub_heard hub_listen_end(struct hub_listen *listen); /* and frees it; NULL is fine */

/* --- pushing --- */

enum { SLICES = 8, CONTROLS_MOST = 2 };

struct hub_figures {
  struct hub_watched watched;
  struct hub_phase live_cost;                 /* of the live ones */
  struct hub_phase backlog;                   /* from each slice's first push to its last answer */
  struct hub_control *control[CONTROLS_MOST]; /* owned; NULL: nothing is measured */
  struct samples push;                        /* ms, of each push of the backlog that was answered with 200 */
  struct samples live;                        /* and of the live ones */
  struct samples listened;                    /* of those that came while others listened: the second half */
  struct hub_heard heard;
  int64_t answers, stalls, cuts, repeats, restarts, refused, lost; /* lost: connections that broke under us */
};

bool hub_push_all(struct fleet *fleet, struct world *world, struct hub_figures *figures, struct problem *problem);

/* --- looking --- */

/* The database against the journals: every record, line and chain, once each, and nothing else. */
bool hub_lose(const struct world *world, int records, struct problem *problem); /* the test of the test */
bool hub_check(const struct fleet *fleet, const struct world *world, struct problem *problem);

uint64_t hub_chance(uint64_t *state);

#endif
