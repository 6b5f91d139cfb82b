// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"context"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// browser is a page of Chromium of 1440x900 pixels that ends with the test.
func browser(t *testing.T) context.Context {
	t.Helper()
	return browserFor(t, time.Minute)
}

// browserFor is one that may take longer.
func browserFor(t *testing.T, limit time.Duration) context.Context {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed: the desk is not tested in a browser")
	}
	flags := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.WindowSize(1440, 900), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("accept-lang", "de"),
	)
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), flags...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	do(t, ctx, chromedp.EmulateViewport(1440, 900)) // starts the browser, which a time limit would stop
	ctx, cancel = context.WithTimeout(ctx, limit)
	t.Cleanup(cancel)
	return ctx
}

// step is one thing that a person does or sees.
type step = chromedp.Action[chromedp.Void]

// do runs the steps or ends the test.
func do(t *testing.T, ctx context.Context, steps ...step) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// ask is what the expression is worth in the page.
func ask[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return got
}

// until waits for the expression to become true. While one page makes way for
// the next it cannot be asked.
func until(t *testing.T, ctx context.Context, expression string) {
	t.Helper()
	for end := time.Now().Add(8 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if got, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression)); err == nil && got {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("never: %s", expression)
		}
	}
}

// enter signs the browser in.
func (o *office) enter(t *testing.T, ctx context.Context) {
	t.Helper()
	do(t, ctx,
		chromedp.Navigate(o.server.URL+"/"),
		chromedp.SendKeys("#name", "adam"),
		chromedp.SendKeys("#password", password+"\r"),
		chromedp.WaitVisible("main .head"),
	)
}
