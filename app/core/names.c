/* SPDX-License-Identifier: Apache-2.0
 * What values are called where they leave the program: on the wire, for a page, as keys of the screens' texts.
 */
#include "core/notice.h"
#include "core/staff.h"

const char *watch_camera_name(enum watch_camera camera) {
  static const char *const names[] = {[WATCH_CAMERA_STARTING] = "starting",
                                      [WATCH_CAMERA_GOOD] = "good",
                                      [WATCH_CAMERA_LOST] = "lost",
                                      [WATCH_CAMERA_NONE] = "none",
                                      [WATCH_CAMERA_ENDED] = "ended"};
  return names[camera];
}

const char *staff_why_name(enum staff_why why) {
  static const char *const names[STAFF_WHYS] = {[STAFF_NO_REASON] = "",
                                                [STAFF_RULE] = "rule",
                                                [STAFF_FOR_LEAD] = "for_lead",
                                                [STAFF_NO_SEARCH] = "no_search",
                                                [STAFF_NOT_FOUND] = "not_found",
                                                [STAFF_UNDONE] = "undone",
                                                [STAFF_NOTHING] = "nothing",
                                                [STAFF_NAME_NOT_KEPT] = "name_not_kept",
                                                [STAFF_CLOCK_IS_SET] = "clock_is_set",
                                                [STAFF_PLACE_GONE] = "place_gone",
                                                [STAFF_PLACE_BAD] = "place_bad",
                                                [STAFF_PLACE_FULL] = "place_full",
                                                [STAFF_PLACE_READ_ONLY] = "place_read_only",
                                                [STAFF_BUSY] = "busy",
                                                [STAFF_PIN_NONE] = "pin_none",
                                                [STAFF_PIN_WRONG] = "pin_wrong",
                                                [STAFF_PIN_WAIT] = "pin_wait",
                                                [STAFF_GRANT_GONE] = "grant_gone",
                                                [STAFF_PHONES_FULL] = "phones_full",
                                                [STAFF_NO_HUB_KEY] = "no_hub_key"};
  return names[why];
}
