/* SPDX-License-Identifier: Apache-2.0
 * The dashboard: its page, who is signed in, and what they are told, live by server-sent events. A thread of its own steps
 * the roll at most once a second, and wakes the pages where something has changed. Everything but the page and signing
 * in asks for a session; what isn't a GET asks for the header that only our own page can send.
 */
#ifndef YINGBIN_TOOLS_HUB_WEB_H
#define YINGBIN_TOOLS_HUB_WEB_H

#include "tools/hub/hub.h"
#include "tools/hub/limit.h"
#include "tools/hub/roll.h"

enum { WEB_FILES_MOST = 32 };

struct web_file {
  char name[64]; /* as in the address */
  const char *type;
  char *bytes; /* owned */
  size_t len;
  char etag[40];
};

struct web {
  struct hub *hub;
  const char *roster;  /* borrowed: the event's folder; "": none */
  struct names *names; /* owned */
  struct roll *roll;
  struct web_file file[WEB_FILES_MOST];
  int files;
  struct limit by_name, by_address, all; /* tries to sign in */
  struct limit looks;                    /* of a volunteer, for people */
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t ended;
  bool started, stop;
  atomic_bool wanted;       /* somebody has signed in: until then nothing is read */
  void (*wake)(void *self); /* the server's streams */
  void *wake_self;
};

/* assets: the folder of web/; roster: the event's folder as `yingbin` has it, "": none. */
bool web_open(struct hub *hub, const char *assets, const char *roster, struct web **web, struct problem *problem);
bool web_start(struct web *web, void (*wake)(void *self), void *self, struct problem *problem);
void web_stop(struct web *web); /* the thread; before the server goes. NULL is fine */
void web_close(struct web *web);
void web_look(struct web *web,
              bool anyway); /* reads the roster again where it has changed; what can't be read changes nothing */

/* False: nobody who may is signed in, and the reply says so. */
bool web_user(struct hub *hub, const struct request *request, enum role least, struct user *user, struct reply *reply);
bool web_files_read(struct web *web, const char *folder, struct problem *problem);
void web_refuse(struct reply *reply, int status, const char *zh, const char *en);

#endif
