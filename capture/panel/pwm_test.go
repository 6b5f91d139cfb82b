// SPDX-License-Identifier: EUPL-1.2

package panel

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// fakeClass is a /sys/class/pwm with two chips, as on a Raspberry Pi 5; channel 2 of the second was
// exported before.
func fakeClass(t *testing.T) string {
	t.Helper()
	class := t.TempDir()
	for chip, device := range map[string]string{"pwmchip0": "107d517a80.pwm", "pwmchip4": "1f00098000.pwm"} {
		dir := filepath.Join(class, chip)
		real := filepath.Join(class, "devices", device)
		for _, d := range []string{filepath.Join(dir, "pwm2"), real} {
			if err := os.MkdirAll(d, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Symlink(real, filepath.Join(dir, "device")); err != nil {
			t.Fatal(err)
		}
		for _, f := range []string{"export", "pwm2/duty_cycle", "pwm2/period", "pwm2/enable"} {
			if err := os.WriteFile(filepath.Join(dir, f), nil, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	return class
}

func content(t *testing.T, parts ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestPWM(t *testing.T) {
	class := fakeClass(t)
	c, err := openChannel(class, "1f00098000.pwm", 2)
	if err != nil {
		t.Fatal(err)
	}
	chip := filepath.Join(class, "pwmchip4")
	if got := content(t, chip, "pwm2/period") + " " + content(t, chip, "pwm2/enable") + " " + content(t, chip, "export"); got != "50000 1 " {
		t.Errorf("period, enable, export: got %q", got)
	}
	for level, want := range map[float64]string{0: "0", 0.25: "12500", 1: "50000", 7: "50000"} {
		fresh(t, chip, "pwm2/duty_cycle")
		if err := c.set(level); err != nil || content(t, chip, "pwm2/duty_cycle") != want {
			t.Errorf("level %v: got %q, %v, want %s", level, content(t, chip, "pwm2/duty_cycle"), err, want)
		}
	}
	fresh(t, chip, "pwm2/duty_cycle")
	fresh(t, chip, "pwm2/enable")
	if err := c.close(); err != nil || content(t, chip, "pwm2/duty_cycle") != "0" || content(t, chip, "pwm2/enable") != "0" {
		t.Errorf("closed: %v, duty %q", err, content(t, chip, "pwm2/duty_cycle"))
	}
}

// fresh empties a file: sysfs has no contents that a shorter write would leave.
func fresh(t *testing.T, parts ...string) {
	t.Helper()
	if err := os.Truncate(filepath.Join(parts...), 0); err != nil {
		t.Fatal(err)
	}
}

// TestStartOfPWM: the order in which the kernel takes it (pwm_apply_state and drivers/pwm/sysfs.c).
func TestStartOfPWM(t *testing.T) {
	for _, tc := range []struct{ period, duty int }{{0, 0}, {50_000, 50_000}, {20_000_000, 1_500_000}} {
		period, duty, enable := tc.period, tc.duty, 0
		for _, s := range startChannel(strconv.Itoa(tc.period)) {
			*map[string]*int{"period": &period, "duty_cycle": &duty, "enable": &enable}[s.file] = s.value
			if period == 0 || duty > period {
				t.Errorf("%+v: refused at %+v", tc, s)
			}
		}
		if period != 50_000 || duty != 0 || enable != 1 {
			t.Errorf("%+v: got period %d, duty %d, enable %d", tc, period, duty, enable)
		}
	}
}

func TestPWMThatIsNotThere(t *testing.T) {
	class := fakeClass(t)
	_, err := openChannel(class, "fe20c000.pwm", 0)
	if err == nil || !strings.Contains(err.Error(), "dtoverlay") || !strings.Contains(err.Error(), "1f00098000.pwm") {
		t.Errorf("got %v, want what is there and what to do", err)
	}
	// the kernel makes the channel's folder when its number is written; here nothing does
	if _, err := openChannel(class, "107d517a80.pwm", 0); err == nil || content(t, class, "pwmchip0/export") != "0" {
		t.Errorf("got %v and export %q, want an error after export", err, content(t, class, "pwmchip0/export"))
	}
}
