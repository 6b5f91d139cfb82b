// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// A screen is what a visitor reads from the kiosk's document.
type screen struct {
	Visit, Stage, Look, Problem string
	Text                        string
	Photos                      []struct {
		URL  string
		Good bool
	}
	Buttons []struct{ Key string }
}

// A visitor goes through a visit over the kiosk page's own requests, without a browser.
type visitor struct {
	base string
	now  screen
}

// see reads the screen.
func (v *visitor) see(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
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
		for _, s := range stages {
			if v.now.Stage == s {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the screen stays at %q, want %q: %w", v.now.Stage, stages, ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (v *visitor) post(ctx context.Context, path string, form url.Values) error {
	form.Set("visit", v.now.Visit)
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
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

// visit goes the whole way, with the button instead of the automatic release,
// and keeps whatever photo came of it.
func (v *visitor) visit(ctx context.Context, code string) error {
	ctx, cancel := context.WithTimeout(ctx, 90*time.Second)
	defer cancel()
	if err := v.await(ctx, "idle", "done"); err != nil {
		return err
	}
	if err := v.scan(ctx, code); err != nil {
		return err
	}
	for _, step := range []struct{ stage, button string }{
		{"welcome", "start"}, {"position", "release"}, {"review", "keep"}, {"consent", "agree"},
	} {
		if err := v.await(ctx, step.stage); err != nil {
			return err
		}
		if err := v.press(ctx, step.button); err != nil {
			return err
		}
	}
	return v.await(ctx, "done")
}
