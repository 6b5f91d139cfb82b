// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/cdproto/memory"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"
)

// A sample is what a page, its browser and this process hold between two visits.
type sample [5]float64

// A figure is one number of a sample. Growth below its slack is noise.
type figure struct {
	name  string
	unit  string
	slack float64
}

func figures() [len(sample{})]figure {
	return [...]figure{
		{"script memory", "MB", 1},
		{"nodes", "", 40},
		{"listeners", "", 20},
		{"browser memory", "MB", 60}, // of all its processes
		{"goroutines", "", 10},
	}
}

func (s sample) String() (line string) {
	for i, f := range figures() {
		line += fmt.Sprintf("%s %.4g %s; ", f.name, s[i], f.unit)
	}
	return line
}

// sample measures after the page's garbage has been collected and the browser has
// dropped what it keeps only because there is room, such as decoded pictures.
func (s *soaking) sample() sample {
	s.t.Helper()
	if _, err := chromedp.Call(s.ctx, memory.SimulatePressureNotification, memory.SimulatePressureNotificationParams{Level: memory.PressureLevelCritical}); err != nil {
		s.t.Fatal(err)
	}
	for range 2 {
		if _, err := chromedp.Call(s.ctx, heapprofiler.CollectGarbage, cdp.Empty{}); err != nil {
			s.t.Fatal(err)
		}
	}
	answer, err := chromedp.Call(s.ctx, performance.GetMetrics, cdp.Empty{})
	if err != nil {
		s.t.Fatal(err)
	}
	metrics := map[string]float64{}
	for _, m := range answer.Metrics {
		metrics[m.Name] = m.Value
	}
	const mega = 1 << 20
	browser := chromedp.FromContext(s.ctx).Browser.Process().Pid
	return sample{metrics["JSHeapUsedSize"] / mega, metrics["Nodes"], metrics["JSEventListeners"], share(s.t, browser) / mega, float64(runtime.NumGoroutine())}
}

// share is the memory of a process and of all below it, in bytes: what they
// wrote, and what they have in common once. Pages of files, such as the program,
// are left out: how much of them is whose depends on who else runs it.
func share(t testing.TB, process int) (sum float64) {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	parents := map[int]int{}
	for _, name := range stats {
		data, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended
		}
		if m := regexp.MustCompile(`^(\d+) \(.*\) \S (\d+) `).FindSubmatch(data); m != nil {
			pid, _ := strconv.Atoi(string(m[1])) // the pattern has digits only
			parents[pid], _ = strconv.Atoi(string(m[2]))
		}
	}
	for pid := range parents {
		above := pid
		for above > 1 && above != process {
			above = parents[above]
		}
		if above != process {
			continue
		}
		data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid)) // one that has ended has none
		for _, m := range regexp.MustCompile(`(?m)^Pss_(?:Anon|Shmem): +(\d+) kB`).FindAllSubmatch(data, -1) {
			kilos, _ := strconv.Atoi(string(m[1])) // the pattern has digits only
			sum += 1024 * float64(kilos)
		}
	}
	return sum
}

func thirds(all []sample) (first, last []sample) {
	n := len(all) / 3
	return all[:n], all[len(all)-n:]
}

// middle is the median of every figure.
func middle(some []sample) (m sample) {
	for i := range m {
		m[i] = median(column(some, i))
	}
	return m
}

func column(some []sample, i int) (values []float64) {
	for _, s := range some {
		values = append(values, s[i])
	}
	return values
}

// grown lists what is more in the last third than in the first by more than eight
// tenths of the first third vary, and by more than its slack. A young browser still fills its
// caches: a run of few visits is allowed three times as much.
func grown(all []sample) (faults []string) {
	first, last := thirds(all)
	before, after := middle(first), middle(last)
	for i, f := range figures() {
		values := slices.Sorted(slices.Values(column(first, i)))
		noise := max(f.slack, values[len(values)*9/10]-values[len(values)/10])
		if len(all) < 60 {
			noise *= 3
		}
		if more := after[i] - before[i]; more > noise {
			faults = append(faults, fmt.Sprintf("%s grew from %.4g to %.4g %s, noise is %.4g", f.name, before[i], after[i], f.unit, noise))
		}
	}
	return faults
}

// TestGrown: a leak is seen, a restless figure is none.
func TestGrown(t *testing.T) {
	still, leak := make([]sample, 90), make([]sample, 90)
	for i := range still {
		still[i] = sample{10 + float64(i%3), 900 + 90*float64(i%2), 50, 300 + 20*float64(i%5), 40}
		leak[i] = sample{10 + 0.1*float64(i), 900 + 40*float64(i), 50 + 2*float64(i), 300 + 5*float64(i), 40 + float64(i)}
	}
	if got := grown(still); len(got) != 0 {
		t.Errorf("nothing leaks: %q", got)
	}
	if got := grown(leak); len(got) != len(sample{}) {
		t.Errorf("everything leaks: %q, want %d faults", got, len(sample{}))
	}
	if got := share(t, os.Getpid()); runtime.GOOS == "linux" && got < 1<<20 {
		t.Errorf("this process has %.0f bytes, want some MB", got)
	}
}
