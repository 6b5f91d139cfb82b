// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/fotobox-project/fotobox/ui/text"
)

// shots is the environment variable that names a directory for pictures of every screen.
const shots = "KIOSK_SHOTS"

// A browser is a page in Chromium, and what it complained of.
type browser struct {
	t    testing.TB
	ctx  context.Context
	mu   sync.Mutex
	said []string
}

// open starts one Chromium for a test.
func open(t testing.TB, flags ...chromedp.ExecAllocatorOption) *browser {
	return openFor(t, 10*time.Minute, flags...)
}

// openFor starts one Chromium that may live for a while; longer when pictures are taken.
func openFor(t testing.TB, life time.Duration, flags ...chromedp.ExecAllocatorOption) *browser {
	if os.Getenv(shots) != "" {
		life += time.Hour
	}
	path := chromium(t)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU)
	for _, f := range []string{"disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync"} {
		options = append(options, chromedp.Flag(f, true))
	}
	options = append(options, chromedp.Flag("autoplay-policy", "no-user-gesture-required"), chromedp.Flag("mute-audio", true)) // as docs/display.md has it
	ctx, stop := chromedp.NewExecAllocator(t.Context(), append(options, flags...)...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, life)
	t.Cleanup(stop)
	b := &browser{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	return b
}

func chromium(t testing.TB) string {
	if testing.Short() {
		t.Skip("browser test: left out by -short")
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("browser test: no chromium found in PATH")
	return ""
}

// hear collects errors, warnings and violations of the policy.
func (b *browser) hear(ev any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch ev := ev.(type) {
	case *log.EventEntryAdded:
		if ev.Entry.Level == log.EntryLevelError || ev.Entry.Level == log.EntryLevelWarning {
			b.said = append(b.said, fmt.Sprint(ev.Entry.Level, " ", ev.Entry.Text, " ", ev.Entry.URL))
		}
	case *runtime.EventExceptionThrown:
		b.said = append(b.said, fmt.Sprint(ev.ExceptionDetails.Text, " ", ev.ExceptionDetails.URL, " ", ev.ExceptionDetails.LineNumber))
	case *runtime.EventConsoleAPICalled:
		b.said = append(b.said, fmt.Sprint("console.", ev.Type))
	}
}

// leave closes the page, before its station goes, and fails the test when it complained.
func (b *browser) leave() {
	b.t.Helper()
	b.do(chromedp.Navigate("about:blank"))
	b.quiet()
}

// quiet fails the test when the page complained.
func (b *browser) quiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.said {
		b.t.Errorf("the browser complains: %s", s)
	}
	b.said = nil
}

func (b *browser) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *browser) size(w, h int64) { b.do(chromedp.EmulateViewport(w, h)) }

// ask evaluates an expression.
func ask[T any](b *browser, script string) T {
	b.t.Helper()

	answer, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatal(err)
	}
	return answer
}

// until waits for an expression to become true.
func (b *browser) until(script string) {
	b.t.Helper()
	end := time.Now().Add(8 * time.Second)
	for !ask[bool](b, "Boolean("+script+")") {
		if time.Now().After(end) {
			b.quiet()
			b.t.Fatalf("waited in vain for %s; the page reads:\n%s", script, ask[string](b, "document.body.innerText"))
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// reads waits until the screen shows the text of a key.
func (b *browser) reads(l text.Language, key string, args ...any) {
	b.t.Helper()
	words := l.Text(key, args...)
	b.until(fmt.Sprintf("document.body.innerText.includes(%q)", words))
}

// stands waits for a stage with nothing lying over it.
func (b *browser) stands(stage string) {
	b.t.Helper()
	b.until(fmt.Sprintf("document.documentElement.dataset.stage === %q", stage))
}

// press clicks a button of the screen.
func (b *browser) press(key string) {
	b.t.Helper()
	b.do(chromedp.Click(fmt.Sprintf(`#buttons button[value=%q]:enabled`, key)))
}

// scan types as a scanner does, anywhere on the page. Keys that come too slowly are
// no scan: on a busy machine it is tried again.
func (b *browser) scan(code string) {
	b.t.Helper()
	for range 5 {
		b.do(chromedp.KeyEvent(code + "\r"))
		for end := time.Now().Add(2 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			if ask[string](b, "document.documentElement.dataset.stage") != "idle" {
				return
			}
		}
	}
}

// keep stores a picture of the screen when a directory for it is named.
func (b *browser) keep(name string) {
	b.t.Helper()
	dir := os.Getenv(shots)
	if dir == "" {
		return
	}
	b.do(chromedp.Sleep(250 * time.Millisecond))
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// serve starts the kiosk on a loopback address.
func serve(t testing.TB, g *stage, a *album) string {
	server := httptest.NewServer(New(g, a, settings()))
	t.Cleanup(server.CloseClientConnections)
	return strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
}
