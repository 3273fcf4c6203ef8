/* SPDX-License-Identifier: Apache-2.0 */
#include <avahi-client/client.h>
#include <avahi-client/publish.h>
#include <avahi-common/alternative.h>
#include <avahi-common/error.h>
#include <avahi-common/malloc.h>
#include <avahi-common/thread-watch.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "platform/finder.h"

struct announce { /* the library's thread has it while the poll runs */
  AvahiThreadedPoll *poll;
  AvahiClient *client;
  AvahiEntryGroup *group;
  char *name; /* avahi's */
  uint16_t port;
  char txt[80];
};

static void publish(struct announce *a);

static void on_group(AvahiEntryGroup *group, AvahiEntryGroupState state, void *self) {
  struct announce *a = self;
  a->group = group;
  if (state == AVAHI_ENTRY_GROUP_ESTABLISHED) log_info("announced in this network as \"%s\"", a->name);
  if (state == AVAHI_ENTRY_GROUP_FAILURE) log_warn("can't be announced: avahi-daemon refuses");
  if (state != AVAHI_ENTRY_GROUP_COLLISION) return;
  char *other = avahi_alternative_service_name(a->name);
  avahi_free(a->name);
  a->name = other;
  avahi_entry_group_reset(group);
  publish(a);
}

static void publish(struct announce *a) {
  if (!a->group) a->group = avahi_entry_group_new(a->client, on_group, a);
  if (!a->group || !avahi_entry_group_is_empty(a->group)) return;
  int error = avahi_entry_group_add_service(a->group, AVAHI_IF_UNSPEC, AVAHI_PROTO_INET, 0, a->name, FINDER_SERVICE, NULL, NULL,
                                            a->port, a->txt, NULL);
  if (error == 0) error = avahi_entry_group_commit(a->group);
  if (error != 0) log_warn("can't be announced: %s", avahi_strerror(error));
}

static void on_client(AvahiClient *client, AvahiClientState state, void *self) {
  struct announce *a = self;
  a->client = client;
  if (state == AVAHI_CLIENT_S_RUNNING) publish(a);
  if (state == AVAHI_CLIENT_CONNECTING) log_info("waits for avahi-daemon to be announced");
  if ((state == AVAHI_CLIENT_S_COLLISION || state == AVAHI_CLIENT_S_REGISTERING) && a->group) avahi_entry_group_reset(a->group);
  if (state != AVAHI_CLIENT_FAILURE) return;
  if (avahi_client_errno(client) != AVAHI_ERR_DISCONNECTED) return;
  int error; /* the daemon was started anew: so is the client */
  a->group = NULL;
  avahi_client_free(client);
  a->client = NULL;
  if (!avahi_client_new(avahi_threaded_poll_get(a->poll), AVAHI_CLIENT_NO_FAIL, on_client, a, &error))
    log_warn("can't be announced: %s", avahi_strerror(error));
}

bool announce_open(const char *name, uint16_t port, const char *spki, struct announce **out, struct problem *problem) {
  struct announce *a = *out = calloc(1, sizeof *a);
  int error = AVAHI_ERR_NO_MEMORY;
  if (!a) return problem_set(problem, "内存不足", "out of memory");
  a->port = port;
  a->name = avahi_strdup(name);
  snprintf(a->txt, sizeof a->txt, "spki=%s", spki);
  a->poll = avahi_threaded_poll_new();
  if (a->poll) a->client = avahi_client_new(avahi_threaded_poll_get(a->poll), AVAHI_CLIENT_NO_FAIL, on_client, a, &error);
  if (a->client && avahi_threaded_poll_start(a->poll) == 0) return true;
  announce_close(a);
  *out = NULL;
  return problem_set(problem, "不能在局域网里宣告汇总站（avahi）：%s", "the hub can't be announced (avahi): %s",
                     avahi_strerror(error));
}

void announce_close(struct announce *a) {
  if (!a) return;
  if (a->poll) avahi_threaded_poll_stop(a->poll);
  if (a->client) avahi_client_free(a->client);
  if (a->poll) avahi_threaded_poll_free(a->poll);
  avahi_free(a->name);
  free(a);
}
