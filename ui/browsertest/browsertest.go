// SPDX-License-Identifier: EUPL-1.2

// Package browsertest opens pages in Chromium for tests, and has axe-core judge them.
package browsertest

import (
	"context"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Open gives a page of Chromium of that size that ends with the test, or after
// the limit. Without Chromium the test is left out.
func Open(t testing.TB, width, height int64, limit time.Duration, flags ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed: nothing is tested in a browser")
	}
	all := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.WindowSize(int(width), int(height)), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("accept-lang", "de"),
	)
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), append(all, flags...)...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	Do(t, ctx, chromedp.EmulateViewport(width, height)) // starts the browser, which a time limit would stop
	ctx, cancel = context.WithTimeout(ctx, limit)
	t.Cleanup(cancel)
	return ctx
}

// Step is one thing that a person does or sees.
type Step = chromedp.Action[chromedp.Void]

// Do runs the steps or ends the test.
func Do(t testing.TB, ctx context.Context, steps ...Step) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// Ask is what the expression is worth in the page.
func Ask[T any](t testing.TB, ctx context.Context, expression string) T {
	t.Helper()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return got
}

// Until waits for the expression to become true. While one page makes way for
// the next it cannot be asked.
func Until(t testing.TB, ctx context.Context, expression string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if got, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression)); err == nil && got {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("never: %s", expression)
		}
	}
}
