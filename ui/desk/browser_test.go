// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/fotobox-project/fotobox/ui/browsertest"
)

// browser is a page of Chromium of 1440x900 pixels that ends with the test.
func browser(t *testing.T) context.Context {
	t.Helper()
	return browserFor(t, time.Minute)
}

// browserFor is one that may take longer.
func browserFor(t *testing.T, limit time.Duration) context.Context {
	t.Helper()
	return browsertest.Open(t, 1440, 900, limit)
}

// step is one thing that a person does or sees.
type step = browsertest.Step

func do(t *testing.T, ctx context.Context, steps ...step) {
	t.Helper()
	browsertest.Do(t, ctx, steps...)
}

func ask[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	return browsertest.Ask[T](t, ctx, expression)
}

func until(t *testing.T, ctx context.Context, expression string) {
	t.Helper()
	browsertest.Until(t, ctx, expression)
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
