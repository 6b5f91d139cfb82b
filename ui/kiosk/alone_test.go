// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// alone are the flags of a browser that finds nobody but this machine.
func alone(log string) []chromedp.ExecAllocatorOption {
	return []chromedp.ExecAllocatorOption{
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND , EXCLUDE localhost"),
		chromedp.Flag("log-net-log", log),
	}
}

// A traffic is what a page asked for and was answered.
type traffic struct {
	mu      sync.Mutex
	asked   []string
	blocked []string
	caching map[string]string // Cache-Control of every answer, by path
}

func (a *traffic) hear(ev any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		a.asked = append(a.asked, ev.Request.URL)
	case *network.EventWebSocketCreated:
		a.asked = append(a.asked, ev.URL)
	case *network.EventLoadingFailed:
		if !ev.Canceled {
			a.blocked = append(a.blocked, ev.ErrorText+" "+string(ev.BlockedReason))
		}
	case *network.EventResponseReceived:
		a.note(ev.Response)
	}
}

func (a *traffic) note(r *network.Response) {
	address, err := url.Parse(r.URL)
	if err != nil {
		a.blocked = append(a.blocked, r.URL+" is no address")
		return
	}
	for name, value := range r.Headers {
		if strings.EqualFold(name, "Cache-Control") {
			a.caching[address.Path], _ = value.(string)
		}
	}
	if _, ok := a.caching[address.Path]; !ok {
		a.caching[address.Path] = ""
	}
}

// TestAlone: through a whole visit the browser asks for nothing that is not the
// station's, nothing is refused, and nothing of a person may be kept.
func TestAlone(t *testing.T) {
	t.Parallel()
	log := filepath.Join(t.TempDir(), "net.json")
	b := open(t, alone(log)...)
	b.size(1080, 1920)
	heard := &traffic{caching: map[string]string{}}
	if err := chromedp.Listen(b.ctx, heard.hear); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(b.ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	g := newStage()
	g.code.Start = time.Now().Add(time.Hour)
	station := serve(t, g, newAlbum())
	b.do(chromedp.Navigate(station))
	v := visit{b, g, "fa"}
	v.begin()
	v.stand()
	v.choose()
	v.end()
	b.leave()
	heard.check(t, station)
	if err := chromedp.Cancel(b.ctx); err != nil { // the log of the network is whole when the browser is closed
		t.Fatal(err)
	}
	for _, fault := range readJournal(t, log).faults(station) {
		t.Error(fault)
	}
}

// check fails the test for what the page may not do, and when it did not do what a visit does.
func (a *traffic) check(t *testing.T, station string) {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, address := range a.asked {
		if !ours(address, station) {
			t.Errorf("the page asked for %s", address)
		}
	}
	for _, fault := range a.blocked {
		t.Errorf("a request failed: %s", fault)
	}
	seen := map[string]bool{}
	for path, caching := range a.caching {
		first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
		seen[first] = true
		if first != "assets" && caching != "no-store" {
			t.Errorf("%s: Cache-Control %q, want no-store", path, caching)
		}
	}
	for _, want := range []string{"", "state", "press", "code", "language", "photo", "assets"} {
		if !seen[want] {
			t.Errorf("the visit asked nothing of /%s: this proves nothing", want)
		}
	}
}

// ours reports whether an address is the station's.
func ours(address, station string) bool {
	a, err := url.Parse(address)
	s, bad := url.Parse(station)
	return err == nil && bad == nil && (a.Host == s.Host || a.Scheme == "blob" || address == "about:blank")
}

// A journal is Chromium's log of its network: of every page, worker and of the browser itself.
type journal struct {
	Constants struct{ LogEventTypes map[string]int }
	Events    []struct {
		Type   int
		Params struct {
			URL, Initiator string // Initiator is the origin whose page or worker asks
			Address        string // of a TCP connection that is tried
		}
	}
}

// faults lists what the page and its workers asked of others, and every
// connection that leaves this machine. What the browser asks for on its own
// account is no page's doing; here it finds nobody.
func (j journal) faults(station string) (faults []string) {
	asked, connected := 0, 0
	for _, e := range j.Events {
		switch {
		case strings.HasPrefix(e.Params.Initiator, "http"):
			asked++
			if !ours(e.Params.URL, station) {
				faults = append(faults, e.Params.Initiator+" asked for "+e.Params.URL)
			}
		case e.Type == j.Constants.LogEventTypes["TCP_CONNECT_ATTEMPT"] && e.Params.Address != "":
			connected++
			if at, err := netip.ParseAddrPort(e.Params.Address); err != nil || !at.Addr().IsLoopback() {
				faults = append(faults, "the browser connected to "+e.Params.Address)
			}
		}
	}
	if asked == 0 || connected == 0 {
		faults = append(faults, fmt.Sprintf("%d requests of the page and %d connections: this proves nothing", asked, connected))
	}
	return faults
}

// TestAloneComplains: a page that asks for something elsewhere is found out.
func TestAloneComplains(t *testing.T) {
	t.Parallel()
	log := filepath.Join(t.TempDir(), "net.json")
	b := open(t, alone(log)...)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `<!doctype html><img src="http://elsewhere.example/seen.png">`)
	}))
	t.Cleanup(server.Close)
	station := strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	b.do(chromedp.Navigate(station))
	b.until(`document.images[0].complete`)
	if err := chromedp.Cancel(b.ctx); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(readJournal(t, log).faults(station), "\n"); !strings.Contains(got, "asked for http://elsewhere.example/seen.png") {
		t.Errorf("found %q, want the picture from elsewhere", got)
	}
}

func readJournal(t *testing.T, name string) (j journal) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &j); err != nil {
		t.Fatal(err)
	}
	return j
}
