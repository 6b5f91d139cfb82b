// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"flag"
	"fmt"
	"net"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"

	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/ui/text"
)

var soak = flag.Duration("soak", 20*time.Second, "how long TestSoak lets people come")

// TestSoak lets one person after the other come, of all kinds, and fails when
// the page, its browser or the station beside it grow.
func TestSoak(t *testing.T) {
	t.Parallel()
	s := newSoaking(t)
	var all []sample
	const warm = 3 // visits until everything was loaded once
	end, log := time.Now().Add(*soak), time.Now()
	for i := 0; time.Now().Before(end) || i < warm+6; i++ {
		s.person(i)
		if i < warm {
			continue
		}
		all = append(all, s.sample())
		if time.Since(log) > *soak/12 {
			log = time.Now()
			t.Logf("visit %5d: %v", i, all[len(all)-1])
		}
	}
	first, last := thirds(all)
	t.Logf("%d visits, first third: %v", len(all)+warm, middle(first))
	t.Logf("%d visits, last third:  %v", len(all)+warm, middle(last))
	for _, fault := range grown(all) {
		t.Error(fault)
	}
}

// A soaking is a station with a browser before it and people who come and go.
type soaking struct {
	*browser
	g    *stage
	plug *plug
}

func newSoaking(t *testing.T) *soaking {
	t.Helper()
	s := &soaking{browser: openFor(t, *soak+4*time.Minute), g: newStage()}
	s.g.code.Start = time.Now().Add(*soak + time.Hour)
	server := httptest.NewUnstartedServer(New(s.g, newAlbum(), settings()))
	s.plug = &plug{Listener: server.Listener, open: map[net.Conn]bool{}}
	server.Listener = s.plug
	server.Start()
	t.Cleanup(server.CloseClientConnections)
	s.size(1080, 1920)
	s.do(chromedp.Navigate(server.URL))
	if _, err := chromedp.Call(s.ctx, network.Disable, cdp.Empty{}); err != nil { // else the debugger keeps every picture
		t.Fatal(err)
	}
	if _, err := chromedp.Call(s.ctx, performance.Enable, performance.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	return s
}

// person is one visit; which one is decided by its number.
func (s *soaking) person(i int) {
	s.t.Helper()
	v := visit{s.browser, s.g, text.Languages()[i%len(text.Languages())]}
	s.arrive(v, i%2 == 0)
	if i%3 == 0 {
		s.hesitate(v)
	}
	v.press("start")
	v.stands("position")
	v.until(`document.getElementById("mirror").classList.contains("live")`)
	switch i % 4 {
	case 0:
		s.mishap(v)
	case 1:
		s.plug.pull()
		v.until(`document.getElementById("mirror").classList.contains("live")`)
	case 2:
		s.unplugged(v)
		return
	}
	s.photograph(v)
	switch i % 5 {
	case 0:
		v.press("cancel")
	case 1:
		now, _ := s.g.look()
		now.Deadline = time.Now()
		s.g.set(now)
		v.tell(session.Tick{})
	case 2:
		v.press("counter")
		v.stands("done")
		v.press("cancel")
	default:
		s.consent(v, i%2 == 0)
	}
	v.stands("idle")
}

// arrive chooses the language, looks at the help and shows a code.
func (s *soaking) arrive(v visit, typed bool) {
	v.t.Helper()
	v.stands("idle")
	v.speak()
	v.until(fmt.Sprintf("document.documentElement.lang === %q", v.l.Tag()))
	v.do(chromedp.Click(".help"), chromedp.Click("#help > button"))
	v.until(`!document.querySelector(":popover-open")`)
	if typed {
		v.do(chromedp.SendKeys("#typed", "WRJD8T6V3\r"))
	} else {
		v.scan("FB1:$%*+-./: 0123456789ABCDEF")
	}
	v.stands("welcome")
}

// hesitate waits until the page asks whether anybody is there.
func (s *soaking) hesitate(v visit) {
	v.t.Helper()
	now, _ := s.g.look()
	now.Deadline = time.Now().Add(18 * time.Second)
	s.g.set(now)
	v.until(`document.querySelector("dialog[open]")`)
	v.do(chromedp.Click("#more"))
	v.until(`!document.querySelector("dialog[open]")`)
}

// mishap takes the camera away and brings it back.
func (s *soaking) mishap(v visit) {
	v.t.Helper()
	v.tell(session.Lost{Need: session.Camera})
	v.stands("out-of-order")
	v.tell(session.Found{Need: session.Camera})
	v.until(`document.documentElement.dataset.stage !== "out-of-order"`)
	if now, _ := s.g.look(); now.Stage == session.Welcome {
		v.stands("welcome")
		v.press("start")
	}
	v.stands("position")
	v.until(`document.getElementById("mirror").classList.contains("live")`)
}

// unplugged is a visit that a power cut ends: the page covers itself, and the
// station knows nobody afterwards.
func (s *soaking) unplugged(v visit) {
	v.t.Helper()
	s.plug.away.Store(true)
	s.plug.pull()
	v.until(`!document.getElementById("lost").hidden`)
	now, _ := s.g.look()
	s.g.set(session.State{Visit: now.Visit + 1})
	s.plug.away.Store(false)
	v.until(`document.getElementById("lost").hidden`)
	v.stands("idle")
}

// photograph takes a picture of nobody, then some to choose from.
func (s *soaking) photograph(v visit) {
	v.t.Helper()
	for _, hint := range []string{"left", "nearer"} {
		now, _ := s.g.look()
		now.Hint, now.HintSince = hint, time.Now()
		s.g.set(now)
		v.reads(v.l, "hint."+hint)
	}
	for _, photos := range [][]session.Photo{nil, {{Advice: []string{"roll.low", "eyes-open.low"}}}, {{Accepted: true}, {Accepted: true, Advice: []string{"even-light.low"}}, {}}} {
		v.press("release")
		v.stands("capture")
		now, _ := s.g.look()
		v.tell(session.Shot{Visit: now.Visit, Attempt: now.Attempts, Photos: photos})
		if len(photos) == 0 {
			v.stands("position")
			continue
		}
		v.stands("review")
		v.pictures(len(photos))
		if !photos[0].Accepted {
			v.press("retake")
			v.stands("position")
		}
	}
	v.do(chromedp.Click("#photos li:nth-child(2) .photo"))
}

// consent goes back once, and with a full disk twice, before the photo is kept.
func (s *soaking) consent(v visit, full bool) {
	v.t.Helper()
	v.press("keep")
	v.stands("consent")
	v.press("back")
	v.stands("review")
	v.press("keep")
	v.stands("consent")
	v.press("agree")
	v.stands("store")
	now, _ := s.g.look()
	if full {
		v.tell(session.StoreFailed{Visit: now.Visit, Problem: "full"})
		v.stands("consent")
		v.press("agree")
		v.stands("store")
	}
	v.tell(session.Stored{Visit: now.Visit, Expires: time.Now().Add(session.Lifetime)})
	v.stands("done")
	v.tell(session.Arrived{Visit: now.Visit})
	v.reads(v.l, "kiosk.done.delivered.title")
	v.press("cancel")
}

// A plug is a listener whose connections can be pulled.
type plug struct {
	net.Listener
	away atomic.Bool // what connects is cut off at once
	mu   sync.Mutex
	open map[net.Conn]bool
}

func (p *plug) Accept() (net.Conn, error) {
	c, err := p.Listener.Accept()
	if err != nil {
		return nil, err
	}
	if p.away.Load() {
		c.Close()
		return c, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open[c] = true
	return plugged{c, p}, nil
}

func (p *plug) pull() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.open {
		c.Close()
	}
	clear(p.open)
}

// plugged is a connection that its plug forgets when it is closed.
type plugged struct {
	net.Conn
	plug *plug
}

func (c plugged) Close() error {
	c.plug.mu.Lock()
	delete(c.plug.open, c.Conn)
	c.plug.mu.Unlock()
	return c.Conn.Close()
}
