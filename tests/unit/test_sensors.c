/* SPDX-License-Identifier: Apache-2.0
 * The computer's sensors, out of folders that look like a Raspberry Pi's, a PC's and a virtual machine's sysfs; and how long a
 * trouble is told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/file.h"
#include "kiosk_machine.h"
#include "scratch.h"

static struct scratch root;

static int set_up(void **state) {
  (void)state;
  scratch_make(&root);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  scratch_remove(&root);
  return 0;
}

static void write_file(const char *name, const char *text) {
  struct problem problem;
  char folder[PATH_MAX];
  snprintf(folder, sizeof folder, "%s", scratch_file(&root, name));
  *strrchr(folder, '/') = '\0';
  assert_true(folder_make(folder, 0700, &problem));
  assert_true(file_write(scratch_file(&root, name), text, strlen(text), 0600, &problem));
}

#define ZONE0 "class/thermal/thermal_zone0/temp"
#define PI_VOLT "class/hwmon/hwmon1/name"
#define PI_ALARM "class/hwmon/hwmon1/in0_lcrit_alarm"
#define PI_FIRMWARE "bus/platform/drivers/raspberrypi-firmware/soc:firmware/get_throttled"
#define COOL "class/thermal/cooling_device0/"
#define X86 "devices/system/cpu/cpu0/thermal_throttle/package_throttle_count"

struct file {
  const char *name, *text;
};

static const struct sensors_case {
  const char *title;
  struct file file[4];
  struct machine is;
} cases[] = {
    {"a virtual machine has none", {{NULL}}, {.slowed = KNOWN_NOT}},
    {"Debian's kernel on a Raspberry Pi",
     {{ZONE0, "52342\n"}, {PI_VOLT, "rpi_volt\n"}, {PI_ALARM, "0\n"}},
     {.temperature_c10 = 523, .low_power = KNOWN_NO}},
    {"a cable that is too thin",
     {{ZONE0, "52342\n"}, {PI_VOLT, "rpi_volt\n"}, {PI_ALARM, "1\n"}},
     {.temperature_c10 = 523, .low_power = KNOWN_YES}},
    {"Raspberry Pi OS, held back by its firmware",
     {{ZONE0, "81000\n"}, {PI_VOLT, "rpi_volt\n"}, {PI_ALARM, "0\n"}, {PI_FIRMWARE, "60006\n"}},
     {.temperature_c10 = 810, .slowed = KNOWN_YES, .low_power = KNOWN_NO}},
    {"what the firmware held back in the past isn't now",
     {{ZONE0, "60000\n"}, {PI_FIRMWARE, "f0000\n"}},
     {.temperature_c10 = 600, .slowed = KNOWN_NO, .low_power = KNOWN_NO}},
    {"the firmware alone tells of the voltage", {{PI_FIRMWARE, "1\n"}}, {.slowed = KNOWN_NO, .low_power = KNOWN_YES}},
    {"the hottest zone counts, and one that doesn't work isn't any",
     {{ZONE0, "27800\n"}, {"class/thermal/thermal_zone1/temp", "71500\n"}, {"class/thermal/thermal_zone2/temp", "-274000\n"}},
     {.temperature_c10 = 715}},
    {"freezing is a temperature", {{ZONE0, "0\n"}}, {.temperature_c10 = 1}},
    {"below it, too", {{ZONE0, "-7250\n"}}, {.temperature_c10 = -72}},
    {"what is no number is not known", {{ZONE0, "hot\n"}, {PI_FIRMWARE, "\n"}}, {.slowed = KNOWN_NOT}},
    {"the kernel holds a processor back", {{COOL "type", "cpufreq-cpu0\n"}, {COOL "cur_state", "3\n"}}, {.slowed = KNOWN_YES}},
    {"it doesn't", {{COOL "type", "Processor\n"}, {COOL "cur_state", "0\n"}}, {.slowed = KNOWN_NO}},
    {"a fan that turns is none", {{COOL "type", "pwm-fan\n"}, {COOL "cur_state", "3\n"}}, {.slowed = KNOWN_NOT}},
    {"another chip's alarm is none of ours", {{PI_VOLT, "nct6775\n"}, {PI_ALARM, "1\n"}}, {.low_power = KNOWN_NOT}},
};

static void check(const struct machine *is, const struct machine *expected) {
  assert_int_equal(is->temperature_c10, expected->temperature_c10);
  assert_int_equal(is->slowed, expected->slowed);
  assert_int_equal(is->low_power, expected->low_power);
}

static void test_folders(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct problem problem;
    struct machine m;
    void *sensors;
    print_message("%s\n", cases[i].title);
    for (size_t f = 0; f < 4 && cases[i].file[f].name; f++) write_file(cases[i].file[f].name, cases[i].file[f].text);
    assert_true(sensors_linux_ops.open(root.path, &sensors, &problem));
    sensors_linux_ops.read(sensors, &m);
    check(&m, &cases[i].is);
    sensors_linux_ops.close(sensors);
    scratch_remove(&root);
    assert_int_equal(mkdir(root.path, 0700), 0);
  }
}

static void test_counters(void **state) { /* of an x86 processor: only that they grow tells */
  static const struct {
    const char *text;
    enum known slowed;
  } steps[] = {{"7\n", KNOWN_NOT}, {"7\n", KNOWN_NO}, {"9\n", KNOWN_YES}, {"9\n", KNOWN_NO}};
  struct problem problem;
  struct machine m;
  void *sensors;
  (void)state;
  assert_true(sensors_linux_ops.open(root.path, &sensors, &problem));
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
    write_file(X86, steps[i].text);
    sensors_linux_ops.read(sensors, &m);
    assert_int_equal(m.slowed, steps[i].slowed);
  }
  sensors_linux_ops.close(sensors);
}

static void test_no_folder(void **state) {
  struct problem problem;
  void *sensors;
  (void)state;
  assert_false(sensors_linux_ops.open(scratch_file(&root, "gone"), &sensors, &problem));
  assert_non_null(strstr(problem.zh, "gone"));
  assert_non_null(strstr(problem.en, "sensors = none"));
}

static void test_held(void **state) { /* a dip of two seconds is told for a minute */
  static const struct {
    int64_t at_ms;
    const char *temperature, *alarm;
    enum known low_power;
    bool hot;
    enum machine_trouble trouble;
  } steps[] = {
      {1000, "79900\n", "0\n", KNOWN_NO, false, MACHINE_WELL},
      {3000, "80000\n", "0\n", KNOWN_NO, true, MACHINE_HOT},
      {5000, "79000\n", "1\n", KNOWN_YES, true, MACHINE_LOW_POWER},
      {7000, "79000\n", "0\n", KNOWN_YES, true, MACHINE_LOW_POWER},
      {62999, "79000\n", "0\n", KNOWN_YES, true, MACHINE_LOW_POWER},
      {63000, "79000\n", "0\n", KNOWN_YES, false, MACHINE_LOW_POWER},
      {65000, "79000\n", "0\n", KNOWN_NO, false, MACHINE_WELL},
  };
  struct problem problem;
  struct kiosk_machine k = {.ops = NULL};
  struct machine m;
  uint64_t seen = 0;
  (void)state;
  assert_true(kiosk_machine_init(&k, &sensors_linux_ops, root.path));
  assert_true(k.ops->open(k.address, &k.sensors, &problem));
  write_file(PI_VOLT, "rpi_volt\n");
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
    write_file(ZONE0, steps[i].temperature);
    write_file(PI_ALARM, steps[i].alarm);
    assert_int_equal(kiosk_machine_step(&k, (struct moment){.mono_ms = steps[i].at_ms}), steps[i].at_ms + 2000);
    assert_true(latest_get(&k.latest, &m, &seen));
    assert_int_equal(m.low_power, steps[i].low_power);
    assert_int_equal(m.hot, steps[i].hot);
    assert_int_equal(machine_trouble(&m), steps[i].trouble);
  }
  kiosk_machine_stop(&k);
  kiosk_machine_fini(&k);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_folders, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_counters, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_no_folder, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_held, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
