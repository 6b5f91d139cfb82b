// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"fmt"
	"image/jpeg"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// shots is the environment variable that names a directory for pictures of the screens.
const shots = "DEMO_SHOTS"

// A browser is a page in Chromium.
type browser struct {
	t   *testing.T
	ctx context.Context
}

func openBrowser(t *testing.T, width, height int64) browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("browser test: no chromium found in PATH")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU)
	for _, f := range []string{"disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync"} {
		options = append(options, chromedp.Flag(f, true))
	}
	options = append(options, chromedp.Flag("accept-lang", "de"))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	// The first call starts the browser, which its time limit would stop.
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, height)); err != nil {
		t.Fatal(err)
	}
	return browser{t, ctx}
}

func (b browser) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// until waits for an expression to become true.
func (b browser) until(script string) {
	b.t.Helper()
	var last string
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("Boolean("+script+")"))
		if err != nil {
			b.t.Fatal(err)
		}
		if ok {
			return
		}
	}
	last, _ = chromedp.Run(b.ctx, chromedp.Evaluate[string]("document.body.innerText"))
	b.t.Fatalf("waited in vain for %s; the page reads:\n%s", script, last)
}

// stands waits for a stage of the kiosk.
func (b browser) stands(stage string) {
	b.t.Helper()
	b.until(fmt.Sprintf("document.documentElement.dataset.stage === %q", stage))
}

// press clicks a button of the kiosk.
func (b browser) press(key string) {
	b.t.Helper()
	b.do(chromedp.Click(fmt.Sprintf(`#buttons button[value=%q]:enabled`, key)))
}

// keep stores a picture of the screen when a directory for it is named.
func (b browser) keep(name string) {
	b.t.Helper()
	dir := os.Getenv(shots)
	if dir == "" {
		return
	}
	b.do(chromedp.Sleep(500 * time.Millisecond))
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// TestCitizenToClerk drives the pages as people do: from the code of the
// appointment, over the picture that the station releases by itself, to the
// clerk who takes it over. Once with the sitter, once with photos of people.
func TestCitizenToClerk(t *testing.T) {
	if testing.Short() {
		t.Skip("browser test: left out by -short")
	}
	t.Run("sitter", func(t *testing.T) {
		// The sitter is drawn at preview rate, which the race detector would make too slow.
		citizenToClerk(t, newTown(t, "sitter", newLedger(t)))
	})
	t.Run("photos", func(t *testing.T) {
		citizenToClerk(t, newTown(t, "folder:"+portraits(t), newLedger(t), raceFlags()...))
	})
}

// portraits is a folder with some of the photos of people that lie beside the
// project; the test is skipped where they do not.
func portraits(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"london-002-03.jpg", "london-007-03.jpg", "london-010-03.jpg"} {
		photo, err := os.ReadFile(filepath.Join(top(), "..", "shared", "photos", name))
		if err != nil {
			t.Skipf("no photos of people beside the project: %v", err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), photo, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func citizenToClerk(t *testing.T, w *town) {
	password, err := w.clerk(t.Context(), "erika")
	if err != nil {
		t.Fatal(err)
	}
	b, err := w.book(t.Context(), "Ada Beispiel", nextSlot(time.Now(), 0))
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Base(t.Name())
	citizen := openBrowser(t, 1080, 1920)
	citizen.do(chromedp.Navigate("http://" + w.kiosk))
	citizen.stands("idle")
	citizen.keep(name + "-1-idle")
	citizen.do(chromedp.SendKeys("#typed", b.code+"\r"))
	citizen.stands("welcome")
	citizen.keep(name + "-2-welcome")
	citizen.press("start")
	citizen.stands("position")
	citizen.keep(name + "-3-position")
	citizen.stands("review") // nobody presses: the station releases the picture by itself
	citizen.keep(name + "-4-review")
	citizen.press("keep")
	citizen.stands("consent")
	citizen.keep(name + "-5-consent")
	citizen.press("agree")
	citizen.stands("done")
	citizen.until(`document.documentElement.dataset.look === "good"`)
	citizen.keep(name + "-6-done")
	w.awaitCaptures(t, 1)

	clerk := openBrowser(t, 1440, 900)
	clerk.do(
		chromedp.Navigate("http://"+w.desk),
		chromedp.SendKeys("#name", "erika"), chromedp.SendKeys("#password", password+"\r"),
		chromedp.WaitVisible("main .head"),
	)
	clerk.keep(name + "-7-list")
	clerk.do(chromedp.SendKeys("input[name=q]", b.kennung.String()+"\r"), chromedp.WaitVisible("#take-over"))
	clerk.keep(name + "-8-capture")
	clerk.do(chromedp.Click("#take-over"), chromedp.WaitVisible("#done"), chromedp.WaitVisible("#download"))
	clerk.keep(name + "-9-taken")
	checkDownload(t, clerk)
}

// checkDownload fetches the photo with the clerk's cookies, as the link does.
func checkDownload(t *testing.T, clerk browser) {
	t.Helper()
	url, err := chromedp.Run(clerk.ctx, chromedp.Evaluate[string](`document.querySelector("#download").href`))
	if err != nil {
		t.Fatal(err)
	}
	cookies, err := chromedp.Call(clerk.ctx, network.GetCookies, network.GetCookiesParams{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cookies.Cookies {
		r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var data bytes.Buffer
	if _, err := data.ReadFrom(resp.Body); err != nil {
		t.Fatal(err)
	}
	photo, err := jpeg.DecodeConfig(&data)
	if err != nil || photo.Width != 1244 || photo.Height != 1600 {
		t.Errorf("the downloaded photo is %dx%d (%v), want a JPEG of 1244x1600", photo.Width, photo.Height, err)
	}
}
