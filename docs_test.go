// SPDX-License-Identifier: EUPL-1.2

package fotobox

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// page reads a document.
func page(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile("docs/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestPartsList adds up what a station costs: the sum in the guide is right, and below 1,500 EUR.
func TestPartsList(t *testing.T) {
	list := page(t, "technician.md")
	var low, high, parts int
	for _, m := range regexp.MustCompile(`(?m)^\| [a-z0-9].* \| (\d+) \| (\d+) \|$`).FindAllStringSubmatch(list, -1) {
		from, _ := strconv.Atoi(m[1]) // the pattern has digits only
		to, _ := strconv.Atoi(m[2])
		if from > to {
			t.Errorf("%s: from more than to", m[0])
		}
		low, high, parts = low+from, high+to, parts+1
	}
	sum := "**" + strconv.Itoa(low) + "** | **" + strconv.Itoa(high) + "** |"
	t.Logf("%d parts, %d to %d EUR", parts, low, high)
	if parts < 10 || high >= 1500 || !strings.Contains(list, sum) {
		t.Errorf("%d parts cost %d to %d EUR; want below 1500, and %q in the guide", parts, low, high, sum)
	}
}

// TestWiring: drawing, guide and example settings name the same lines, each at its pin
// of the 40-pin header, and no lamp is on a line that is high from power-on.
func TestWiring(t *testing.T) {
	pins := map[string]int{ // Raspberry Pi 4 and 5
		"GPIO2": 3, "GPIO3": 5, "GPIO4": 7, "GPIO5": 29, "GPIO6": 31, "GPIO7": 26, "GPIO8": 24, "GPIO9": 21, "GPIO10": 19, "GPIO11": 23,
		"GPIO12": 32, "GPIO13": 33, "GPIO14": 8, "GPIO15": 10, "GPIO16": 36, "GPIO17": 11, "GPIO18": 12, "GPIO19": 35, "GPIO20": 38, "GPIO21": 40,
		"GPIO22": 15, "GPIO23": 16, "GPIO24": 18, "GPIO25": 22, "GPIO26": 37, "GPIO27": 13,
	}
	guide, drawing, settings := page(t, "technician.md"), page(t, "wiring.svg"), page(t, "operations.md")
	_, settings, _ = strings.Cut(settings, "```toml\n[panel]")
	settings, _, _ = strings.Cut(settings, "```")
	rows := regexp.MustCompile(`(?m)^\| (.+) \| (GPIO\d+) \| (\d+) \|$`).FindAllStringSubmatch(guide, -1)
	if len(rows) != 11 {
		t.Errorf("the guide wires %d lines, want 11", len(rows))
	}
	for _, m := range rows {
		what, line, pin := m[1], m[2], m[3]
		if strconv.Itoa(pins[line]) != pin {
			t.Errorf("%s: %s is at pin %d, the guide says %s", what, line, pins[line], pin)
		}
		if !strings.Contains(drawing, line+", pin "+pin+"<") {
			t.Errorf("%s: the drawing has no %q", what, line+", pin "+pin)
		}
		if pwm := strings.Contains(what, "PWM"); !pwm && !strings.Contains(settings, `"`+line+`"`) {
			t.Errorf("%s: the example settings do not name %s", what, line)
		}
		if n, _ := strconv.Atoi(strings.TrimPrefix(line, "GPIO")); strings.Contains(what, "lamp") && n <= 8 {
			t.Errorf("%s: %s is pulled up from power-on", what, line)
		}
	}
}
