// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestTyping: the field takes keys where they belong, and no more than fit.
func TestTyping(t *testing.T) {
	t.Parallel()
	b := open(t)
	b.do(chromedp.Navigate(serve(t, newStage(), newAlbum())))
	b.until(`document.querySelector("#keys button")`)
	for _, step := range []struct{ keys, want string }{
		{"WRJD", "WRJD"},
		{kb.Backspace, "WRJ"},
		{kb.ArrowLeft + "8", "WR8J"},
		{kb.Delete, "WR8"},
		{kb.Home + kb.Backspace, "WR8"},
		{kb.End + kb.Delete + "T", "WR8T"},
		{strings.Repeat("9", maxCode), "WR8T" + strings.Repeat("9", maxCode-4)},
	} {
		b.do(chromedp.Focus("#typed"), chromedp.KeyEvent(step.keys))
		if got := ask[string](b, `document.getElementById("typed").value`); got != step.want {
			t.Errorf("after %q the field reads %q, want %q", step.keys, got, step.want)
		}
	}
	b.leave()
}
