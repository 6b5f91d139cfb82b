// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/fotobox-project/fotobox/daemon/session"
)

// TestFrozenCamera: when frames stop, the face is gone in time, from the screen and from the canvas.
func TestFrozenCamera(t *testing.T) {
	t.Parallel()
	b := open(t)
	g, a := newStage(), newAlbum()
	b.do(chromedp.Navigate(serve(t, g, a)))
	g.set(atCamera())
	b.until(`document.getElementById("mirror").classList.contains("live")`)
	b.until(canvas + " > 0") // the worker's picture reaches the page after the word of it; without one this test would prove nothing
	b.do(chromedp.Evaluate[chromedp.Void](`new MutationObserver(() => { globalThis.blanked = performance.now(); })
		.observe(document.getElementById("mirror"), { attributeFilter: ["class"] }); globalThis.stopped = performance.now(); undefined`))
	close(a.stop)
	b.until(`globalThis.blanked`)
	if took := ask[float64](b, "blanked - stopped"); took > 900 {
		t.Errorf("the last face stayed for %.0f ms, want at most %v and a little", took, Fresh)
	}
	if ask[bool](b, `document.getElementById("mirror").classList.contains("live")`) {
		t.Error("the picture still counts as live")
	}
	if shown := ask[int](b, canvas); shown > 0 {
		t.Errorf("%d values of the last face are left on the canvas", shown)
	}
	b.leave()
}

// canvas counts the values on the preview that are not black.
const canvas = `(() => {
	const copy = document.createElement("canvas").getContext("2d");
	copy.drawImage(document.getElementById("preview"), 0, 0, 48, 64);
	return copy.getImageData(0, 0, 48, 64).data.filter((v, i) => i % 4 < 3 && v).length;
})()`

// TestRestart: the page covers itself when the station goes, comes back by
// itself, and nothing of the time before can be pressed.
func TestRestart(t *testing.T) {
	t.Parallel()
	b := open(t)
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	g := newStage()
	g.set(session.State{Visit: 4, Code: code(), Stage: session.Review, Photos: make([]session.Photo, 1), Deadline: time.Now().Add(time.Minute)})
	first := &http.Server{Handler: New(g, newAlbum(), settings())}
	go first.Serve(l)
	b.do(chromedp.Navigate("http://" + l.Addr().String()))
	visit{b, g, "de"}.pictures(1)
	first.Close()
	b.reads("de", "kiosk.word.lost")
	if ask[bool](b, `document.querySelector("#photos img") !== null`) {
		t.Error("the page without a station still holds a photo")
	}
	l, err = net.Listen("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	g = newStage()
	second := &http.Server{Handler: New(g, newAlbum(), settings())}
	t.Cleanup(func() { second.Close() })
	go second.Serve(l)
	b.stands("idle")
	b.until(`document.getElementById("lost").hidden`)
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#code input[name=visit]").value = "from-before"; undefined`),
		chromedp.SendKeys("#typed", "WRJD8T6V3\r"))
	b.reads("de", "kiosk.refusal.stale")
	if len(g.scanned) > 0 {
		t.Errorf("a page from before the restart scanned %q", g.scanned)
	}
}

// TestDoublePress: the second half of a double press finds a dead button.
func TestDoublePress(t *testing.T) {
	t.Parallel()
	b := open(t)
	g := newStage()
	g.set(session.State{Visit: 4, Code: code(), Stage: session.Welcome, Deadline: time.Now().Add(time.Minute)})
	b.do(chromedp.Navigate(serve(t, g, newAlbum())))
	b.stands("welcome")
	b.do(chromedp.Evaluate[chromedp.Void](`(() => {
		const button = document.querySelector("#buttons button[value=start]");
		for (let i = 0; i < 5; i++) button.click();
	})()`))
	b.stands("position")
	time.Sleep(100 * time.Millisecond)
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.told) != 1 {
		t.Errorf("five clicks told %d events, want 1: %v", len(g.told), g.told)
	}
}
