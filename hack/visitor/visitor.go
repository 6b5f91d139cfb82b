// SPDX-License-Identifier: EUPL-1.2

// Package visitor is a citizen for tests of whole programs: how they go through a visit, over
// the kiosk page's own requests, and what a simulated USB camera sees of them.
package visitor

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Screen is what a visitor reads from the kiosk's document.
type Screen struct {
	Visit, Stage, Look, Problem string
	Title, Text, Warning        string
	Hint                        *Tip // what to do now
	Remaining                   int  // seconds until the station acts by itself
	Photos                      []struct {
		URL      string
		Good     bool
		Findings []Tip
	}
	Facts   []struct{ Icon, Value string }
	Buttons []struct{ Key string }
}

// A Tip is a sign and what it says.
type Tip struct{ Key, Text string }

// A Visitor goes through a visit without a browser.
type Visitor struct {
	Base     string        // URL of the kiosk page
	Patience time.Duration // for one answer; 0: 30 s, since a busy computer is no fault
	Rest     time.Duration // between two looks; 0: 20 ms
	Now      Screen        // as it was seen last
}

func (v *Visitor) timeout(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, cmp.Or(v.Patience, 30*time.Second))
}

// See reads the screen.
func (v *Visitor) See(ctx context.Context) error {
	ctx, cancel := v.timeout(ctx)
	defer cancel()
	return v.screens(ctx, func(s Screen) bool {
		v.Now = s
		return false
	})
}

// Follow hands over every screen that the station shows, as its page gets them, until ctx ends or
// the station does.
func (v *Visitor) Follow(ctx context.Context, seen func(Screen)) error {
	return v.screens(ctx, func(s Screen) bool {
		seen(s)
		return true
	})
}

// screens reads the page's stream while seen wants more.
func (v *Visitor) screens(ctx context.Context, seen func(Screen) bool) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, v.Base+"/state", nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	for lines := bufio.NewReader(resp.Body); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			return err
		}
		data, ok := strings.CutPrefix(line, "data: {")
		if !ok {
			continue
		}
		var s Screen
		if err := json.Unmarshal([]byte("{"+data), &s); err != nil || !seen(s) {
			return err
		}
	}
}

// Await waits until the screen is one of the stages.
func (v *Visitor) Await(ctx context.Context, stages ...string) error {
	for {
		if err := v.See(ctx); err != nil {
			return err
		}
		if slices.Contains(stages, v.Now.Stage) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the screen stays at %q, want %q: %w", v.Now.Stage, stages, ctx.Err())
		case <-time.After(cmp.Or(v.Rest, 20*time.Millisecond)):
		}
	}
}

func (v *Visitor) post(ctx context.Context, path string, form url.Values) error {
	form.Set("visit", v.Now.Visit)
	ctx, cancel := v.timeout(ctx)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, v.Base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, _ := io.ReadAll(resp.Body)
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("%s answers %s: %s", path, resp.Status, answer)
	}
	return nil
}

// Scan enters a code, as the page does.
func (v *Visitor) Scan(ctx context.Context, code string) error {
	return v.post(ctx, "/code", url.Values{"code": {code}})
}

// Press presses a button by its key; where there are photos, the first is chosen.
func (v *Visitor) Press(ctx context.Context, button string) error {
	return v.post(ctx, "/press", url.Values{"button": {button}, "photo": {strconv.Itoa(0)}})
}

// next is what a visitor presses on each screen to come to the end with
// whatever photo came of it.
var next = map[string]string{"checked": "start", "welcome": "start", "position": "release", "review": "keep", "consent": "agree"}

// Visit goes the whole way, also past a camera that is away for a moment.
func (v *Visitor) Visit(ctx context.Context, code string) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	if err := v.Await(ctx, "idle", "done"); err != nil {
		return err
	}
	if err := v.Scan(ctx, code); err != nil {
		return err
	}
	if err := v.Await(ctx, "checked", "welcome"); err != nil {
		return err
	}
	return v.GoOn(ctx, "done")
}

// GoOn presses what leads on until the stage is reached, for three minutes at most.
func (v *Visitor) GoOn(ctx context.Context, to string) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	stages := append(slices.Collect(maps.Keys(next)), to)
	for v.Now.Stage != to {
		if err := v.Press(ctx, next[v.Now.Stage]); err != nil {
			return err
		}
		was := v.Now.Stage
		if err := v.Await(ctx, slices.DeleteFunc(slices.Clone(stages), func(s string) bool { return s == was })...); err != nil {
			return err
		}
	}
	return nil
}

// AwaitProblem waits until the consent screen says that something went wrong.
func (v *Visitor) AwaitProblem(ctx context.Context) error {
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if err := v.Await(ctx, "consent", "done"); err != nil {
			return err
		}
		if v.Now.Stage == "done" {
			return fmt.Errorf("the visit ended on %+v, want to be told of the problem", v.Now)
		}
		if v.Now.Problem != "" {
			return nil
		}
	}
	return errors.New("the screen never said what went wrong")
}
