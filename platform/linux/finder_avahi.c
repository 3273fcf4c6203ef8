/* SPDX-License-Identifier: Apache-2.0 */
#include <avahi-client/client.h>
#include <avahi-client/lookup.h>
#include <avahi-common/address.h>
#include <avahi-common/domain.h>
#include <avahi-common/error.h>
#include <avahi-common/malloc.h>
#include <avahi-common/simple-watch.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "platform/finder.h"

enum { TURN_MS = 50 }; /* how soon an abort is seen */

struct finder {
  atomic_bool aborted;
};

struct search {
  AvahiClient *client;
  const char *spki, *avoid;
  int open; /* resolvers at work */
  bool all, failed;
  char name[AVAHI_LABEL_MAX], url[FINDER_URL], spare[FINDER_URL]; /* spare: what is to be avoided, if it is all there is */
};

static bool open_finder(const char *address, void **self, struct problem *problem) {
  struct finder *f = calloc(1, sizeof *f);
  (void)address;
  if (!f) return problem_set(problem, "内存不足", "out of memory");
  atomic_init(&f->aborted, false);
  *self = f;
  return true;
}

static void close_finder(void *self) { free(self); }

static void abort_finder(void *self) { atomic_store(&((struct finder *)self)->aborted, true); }

static bool has_key(AvahiStringList *txt, const char *spki) {
  char *value = NULL;
  size_t len = 0;
  AvahiStringList *found = avahi_string_list_find(txt, "spki");
  const bool good = found && avahi_string_list_get_pair(found, NULL, &value, &len) == 0 && value && len == strlen(spki) &&
                    !strncasecmp(value, spki, len);
  avahi_free(value);
  return good;
}

/* The least name of those with the key, so that all kiosks meet at one. */
static void on_resolved(AvahiServiceResolver *r, AvahiIfIndex interface, AvahiProtocol protocol, AvahiResolverEvent event,
                        const char *name, const char *type, const char *domain, const char *host, const AvahiAddress *address,
                        uint16_t port, AvahiStringList *txt, AvahiLookupResultFlags flags, void *self) {
  struct search *s = self;
  char at[AVAHI_ADDRESS_STR_MAX], url[FINDER_URL];
  (void)interface, (void)protocol, (void)type, (void)domain, (void)host, (void)flags;
  s->open--;
  if (event == AVAHI_RESOLVER_FOUND && has_key(txt, s->spki)) {
    avahi_address_snprint(at, sizeof at, address);
    snprintf(url, sizeof url, "https://%s:%u", at, (unsigned)port);
    if (!strcmp(url, s->avoid)) {
      strcpy(s->spare, url);
    } else if (!s->url[0] || strcmp(name, s->name) < 0) {
      strcpy(s->url, url);
      snprintf(s->name, sizeof s->name, "%s", name);
    }
  }
  avahi_service_resolver_free(r);
}

static void on_browsed(AvahiServiceBrowser *b, AvahiIfIndex interface, AvahiProtocol protocol, AvahiBrowserEvent event,
                       const char *name, const char *type, const char *domain, AvahiLookupResultFlags flags, void *self) {
  struct search *s = self;
  (void)b, (void)flags;
  if (event == AVAHI_BROWSER_FAILURE) s->failed = true;
  if (event == AVAHI_BROWSER_ALL_FOR_NOW) s->all = true;
  if (event == AVAHI_BROWSER_NEW &&
      avahi_service_resolver_new(s->client, interface, protocol, name, type, domain, AVAHI_PROTO_INET, 0, on_resolved, s))
    s->open++;
}

static void on_client(AvahiClient *client, AvahiClientState state, void *self) {
  (void)client;
  if (state == AVAHI_CLIENT_FAILURE) ((struct search *)self)->failed = true;
}

static void look(struct finder *f, AvahiSimplePoll *poll, struct search *s, int64_t limit_ms) {
  AvahiServiceBrowser *b =
      avahi_service_browser_new(s->client, AVAHI_IF_UNSPEC, AVAHI_PROTO_INET, FINDER_SERVICE, NULL, 0, on_browsed, s);
  if (!b) return;
  for (int64_t turns = limit_ms / TURN_MS; turns > 0 && !s->failed && !(s->all && s->open == 0) && !atomic_load(&f->aborted);
       turns--)
    if (avahi_simple_poll_iterate(poll, TURN_MS) != 0) break;
}

static bool find(void *self, const char *spki, const char *avoid, int64_t limit_ms, char url[FINDER_URL]) {
  struct search s = {.spki = spki, .avoid = avoid};
  AvahiSimplePoll *poll = avahi_simple_poll_new();
  int error = 0;
  if (!poll) return false;
  s.client = avahi_client_new(avahi_simple_poll_get(poll), 0, on_client, &s, &error);
  if (s.client)
    look(self, poll, &s, limit_ms);
  else
    log_debug("avahi-daemon: %s", avahi_strerror(error));
  if (s.client) avahi_client_free(s.client); /* with browser and resolvers */
  avahi_simple_poll_free(poll);
  strcpy(url, s.url[0] ? s.url : s.spare);
  return url[0] != '\0';
}

const struct finder_ops finder_avahi_ops = {"avahi", open_finder, find, abort_finder, close_finder};
