// SPDX-License-Identifier: EUPL-1.2

package main

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

// A screen is what a visitor reads from the kiosk's document.
type screen struct {
	Visit, Stage, Look, Problem string
	Title, Text                 string
	Photos                      []struct {
		URL  string
		Good bool
	}
	Buttons []struct{ Key string }
}

// A visitor goes through a visit over the kiosk page's own requests, without a browser.
type visitor struct {
	base     string
	patience time.Duration // for one answer; 0: 5 s
	rest     time.Duration // between two looks; 0: 20 ms
	now      screen
}

func (v *visitor) timeout(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, cmp.Or(v.patience, 5*time.Second))
}

// see reads the screen.
func (v *visitor) see(ctx context.Context) error {
	ctx, cancel := v.timeout(ctx)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, v.base+"/state", nil)
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
		if data, ok := strings.CutPrefix(line, "data: {"); ok {
			v.now = screen{}
			return json.Unmarshal([]byte("{"+data), &v.now)
		}
	}
}

// await waits until the screen is one of the stages.
func (v *visitor) await(ctx context.Context, stages ...string) error {
	for {
		if err := v.see(ctx); err != nil {
			return err
		}
		if slices.Contains(stages, v.now.Stage) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the screen stays at %q, want %q: %w", v.now.Stage, stages, ctx.Err())
		case <-time.After(cmp.Or(v.rest, 20*time.Millisecond)):
		}
	}
}

func (v *visitor) post(ctx context.Context, path string, form url.Values) error {
	form.Set("visit", v.now.Visit)
	ctx, cancel := v.timeout(ctx)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, v.base+path, strings.NewReader(form.Encode()))
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

func (v *visitor) scan(ctx context.Context, code string) error {
	return v.post(ctx, "/code", url.Values{"code": {code}})
}

func (v *visitor) press(ctx context.Context, button string) error {
	return v.post(ctx, "/press", url.Values{"button": {button}, "photo": {strconv.Itoa(0)}})
}

// next is what a visitor presses on each screen to come to the end with
// whatever photo came of it.
var next = map[string]string{"welcome": "start", "position": "release", "review": "keep", "consent": "agree"}

// visit goes the whole way, also past a camera that is away for a moment.
func (v *visitor) visit(ctx context.Context, code string) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	if err := v.await(ctx, "idle", "done"); err != nil {
		return err
	}
	if err := v.scan(ctx, code); err != nil {
		return err
	}
	if err := v.await(ctx, "welcome"); err != nil {
		return err
	}
	return v.goOn(ctx, "done")
}

// goOn presses what leads on until the stage is reached.
func (v *visitor) goOn(ctx context.Context, to string) error {
	stages := append(slices.Collect(maps.Keys(next)), to)
	for v.now.Stage != to {
		if err := v.press(ctx, next[v.now.Stage]); err != nil {
			return err
		}
		was := v.now.Stage
		if err := v.await(ctx, slices.DeleteFunc(slices.Clone(stages), func(s string) bool { return s == was })...); err != nil {
			return err
		}
	}
	return nil
}

// awaitProblem waits until the consent screen says that something went wrong.
func (v *visitor) awaitProblem(ctx context.Context) error {
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if err := v.await(ctx, "consent", "done"); err != nil {
			return err
		}
		if v.now.Stage == "done" {
			return fmt.Errorf("the visit ended on %+v, want to be told of the problem", v.now)
		}
		if v.now.Problem != "" {
			return nil
		}
	}
	return errors.New("the screen never said what went wrong")
}
