/* SPDX-License-Identifier: Apache-2.0
 * The organizer's commands, one a file cmd_NAME.c. Each gets argv from its own name on ("pack", "build",
 * ...), knows --help, and returns the exit code: 0 done, 1 the work failed (stderr says what and what
 * to do), 2 wrong usage. What scripts read goes to stdout, one JSON object a line; all else to stderr.
 */
#ifndef YINGBIN_TOOLS_COMMANDS_H
#define YINGBIN_TOOLS_COMMANDS_H

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

int cmd_key(int argc, char **argv);
int cmd_pack(int argc, char **argv);
int cmd_tickets(int argc, char **argv);
int cmd_card(int argc, char **argv);
int cmd_badges(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_new(int argc, char **argv);
int cmd_forget(int argc, char **argv);
int cmd_scan(int argc, char **argv);
int cmd_log(int argc, char **argv);
int cmd_demo(int argc, char **argv);

#endif
