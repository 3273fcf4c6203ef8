/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/hub/user_errand.h"

#include <sodium.h>
#include <string.h>

#include "tools/hub/users.h"
#include "tools/yingbin/password.h"

int user_read(int argc, char **argv, struct errand *e) {
  if (argc < 3 || strcmp(argv[1], "user") != 0) return 1;
  e->word = argv[2];
  if (argc < 4 || argv[3][0] == '-') return 3;
  e->name = argv[3];
  return 4;
}

static bool add(const struct errand *e, const struct store_ops *store, void *db, struct problem *problem) {
  struct user user = {.role = ROLE_VOLUNTEER};
  char password[PASSWORD_MAX];
  if (!e->name || !e->role || !role_read(e->role, &user.role))
    return problem_set(problem, "应是 user add 名字 --role volunteer 或 organizer",
                       "expected user add NAME --role volunteer or organizer");
  if (strlen(e->name) >= sizeof user.name || (e->host && strlen(e->host) >= sizeof user.host))
    return problem_set(problem, "名字太长", "the name is too long");
  strcpy(user.name, e->name);
  if (e->host) strcpy(user.host, e->host);
  const bool good = password_new(password, problem) && user_add(store, db, &user, password, problem);
  sodium_memzero(password, sizeof password);
  return good;
}

static bool do_it(const struct errand *e, const struct store_ops *store, void *db, struct problem *problem) {
  if (!strcmp(e->word, "add")) return add(e, store, db, problem);
  if (!strcmp(e->word, "list")) return user_list(store, db, stdout, problem);
  if (!strcmp(e->word, "remove") && e->name) return user_remove(store, db, e->name, problem);
  return problem_set(problem, "user 后面应是 add 名字、list 或 remove 名字", "user takes add NAME, list or remove NAME");
}

int user_run(const struct errand *e, const char *file) {
  const struct store_ops *store = store_for(file);
  struct problem problem;
  void *db = NULL;
  const bool good = store->open(file, &db, &problem) && do_it(e, store, db, &problem);
  if (!good) problem_print(&problem, "yingbin-hub user");
  if (db) store->close(db);
  return good ? 0 : 1;
}
