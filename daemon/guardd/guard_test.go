// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var (
	oldVersion = version{2, "v1"}
	newVersion = version{3, "v2"}
)

// usual are guardd's own limits.
func usual() limits {
	return limits{confirm: 5 * time.Minute, steady: time.Minute, hang: time.Minute, patience: 3 * time.Minute, boots: 3}
}

// A boot plays one boot of the machine against a state that outlives it.
type boot struct {
	state state
	up    time.Duration
	did   []string // actions with their time since boot
}

var names = map[action]string{keep: "keep", restart: "restart", back: "back"}

func (b *boot) send(event any) {
	var do action
	b.state, do = step(b.state, usual(), moment{b.up, time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC).Add(b.up)}, event)
	if do != wait {
		b.did = append(b.did, names[do]+" "+b.up.String())
	}
}

// start boots the version; of the state only what is exported survives.
func start(s state, v version, id string) *boot {
	b := &boot{state: state{Confirmed: s.Confirmed, Trial: s.Trial, Boots: s.Boots, Boot: s.Boot, Story: s.Story}, up: 5 * time.Second}
	b.send(started{v, id})
	return b
}

// answers lets the process answer in the same way for a while, asked every five seconds.
func (b *boot) answers(process string, a answer, d time.Duration) *boot {
	for end := b.up + d; b.up < end; {
		b.up += 5 * time.Second
		b.send(asked{process, a})
	}
	return b
}

func (b *boot) story() string {
	var s []string
	for _, e := range b.state.Story {
		s = append(s, e.Version.Release+" "+e.What)
	}
	return strings.Join(s, "; ")
}

func TestGuard(t *testing.T) {
	confirmed := state{Confirmed: oldVersion}
	updated := func(id string) *boot { return start(confirmed, newVersion, id) }
	for _, tc := range []struct {
		name  string
		boot  *boot
		did   string
		story string
	}{
		{"a first card has no way back", start(state{}, oldVersion, "a").answers("7", silent, 10*time.Minute),
			"keep 5s,restart 3m10s,restart 6m10s,restart 9m10s", "v1 first start; v1 station restarted: no answer for 3m0s; v1 station restarted: no answer for 3m0s; v1 station restarted: no answer for 3m0s"},
		{"a first card is confirmed", start(state{}, oldVersion, "a").answers("7", healthy, 5*time.Minute), "keep 5s,keep 1m10s", "v1 first start; v1 confirmed"},
		{"nothing is written in a normal boot", start(confirmed, oldVersion, "b").answers("7", healthy, time.Hour), "", ""},
		{"a healthy update is confirmed", updated("b").answers("", silent, 10*time.Second).answers("7", healthy, 2*time.Minute), "keep 5s,keep 1m20s", "v2 first start; v2 confirmed"},
		{"an update that crashes goes back", updated("b").answers("", silent, 6*time.Minute), "keep 5s,back 5m0s,back 5m5s", "v2 first start; v2 switched back to v1: not healthy 5m0s after boot"},
		{"an update that is sick goes back", updated("b").answers("7", sick, 295*time.Second), "keep 5s,back 5m0s", "v2 first start; v2 switched back to v1: not healthy 5m0s after boot"},
		{"an update that hangs goes back", updated("b").answers("7", silent, 295*time.Second), "keep 5s,restart 3m10s,back 5m0s",
			"v2 first start; v2 station restarted: no answer for 3m0s; v2 switched back to v1: not healthy 5m0s after boot"},
		{"a late update is confirmed", updated("b").answers("7", sick, 4*time.Minute).answers("7", healthy, 2*time.Minute), "keep 5s,keep 5m10s", "v2 first start; v2 confirmed"},
		{"a sick station is not restarted", start(confirmed, oldVersion, "b").answers("7", sick, time.Hour), "", ""},
		{"a station that hangs is restarted", start(confirmed, oldVersion, "b").answers("7", healthy, time.Hour).answers("7", silent, time.Minute),
			"restart 1h1m5s", "v1 station restarted: no answer for 1m0s"},
		{"guardd's own restart counts no boot", start(updated("b").state, newVersion, "b"), "", "v2 first start"},
		{"the fourth boot goes back", start(start(start(updated("b").state, newVersion, "c").state, newVersion, "d").state, newVersion, "e"),
			"back 5s", "v2 first start; v2 switched back to v1: not healthy after 3 boots"},
		{"the old version runs again", start(updated("b").state, oldVersion, "c").answers("7", healthy, time.Minute), "keep 5s", "v2 first start; v1 runs again"},
		{"another update replaces a trial", start(updated("b").state, version{3, "v3"}, "c"), "keep 5s", "v2 first start; v3 first start"},
	} {
		if got := strings.Join(tc.boot.did, ","); !strings.HasPrefix(got, tc.did) || tc.did == "" && got != "" {
			t.Errorf("%s: did %q, want %q", tc.name, got, tc.did)
		}
		if diff := cmp.Diff(tc.story, tc.boot.story()); diff != "" {
			t.Errorf("%s: story (-want +got):\n%s", tc.name, diff)
		}
	}
}

// TestFlappingUpdateGoesBack: a version that is healthy for half a minute at a time is not healthy.
func TestFlappingUpdateGoesBack(t *testing.T) {
	b := start(state{Confirmed: oldVersion}, newVersion, "b")
	for _, process := range []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"} {
		b.answers(process, healthy, 30*time.Second)
	}
	if got := strings.Join(b.did, ","); !strings.Contains(got, "back 6m0s") {
		t.Errorf("did %q, want back after 6m0s", got)
	}
}

// TestUnknownRootIsLeftAlone: without the number of the root nothing is switched.
func TestUnknownRootIsLeftAlone(t *testing.T) {
	b := (&boot{state: state{Confirmed: oldVersion, Trial: newVersion}}).answers("7", sick, time.Hour)
	if len(b.did) != 0 {
		t.Errorf("did %q, want nothing", b.did)
	}
}

func TestStoryIsShort(t *testing.T) {
	s := state{running: oldVersion}
	for range 2 * storyLength {
		s = s.tell(moment{}, "x")
	}
	if len(s.Story) != storyLength {
		t.Errorf("the story has %d entries, want %d", len(s.Story), storyLength)
	}
}

func TestParseRoot(t *testing.T) {
	for cmdline, want := range map[string]int{
		"console=tty1 root=PARTUUID=60c24cc1-f3f9-427a-8199-dd02023b0001/PARTNROFF=1 ro init=/gokrazy/init": 2,
		"root=PARTUUID=60c24cc1-f3f9-427a-8199-dd02023b0001/PARTNROFF=2 ro":                                 3,
		"console=ttyS0 root=PARTUUID=60c24cc1-f3f9-427a-8199-dd02023b0003 init=/gokrazy/init":               3,
		"root=/dev/mmcblk0p2":       2,
		"root=PARTUUID=2e18c40c-02": 2,
	} {
		if got, err := parseRoot(cmdline); got != want || err != nil {
			t.Errorf("parseRoot(%q) = %d, %v, want %d", cmdline, got, err, want)
		}
	}
	if got, err := parseRoot("console=tty1 ro"); err == nil {
		t.Errorf("parseRoot without a root = %d, want an error", got)
	}
}
