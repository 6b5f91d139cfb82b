// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"fmt"
	"html"
	"image/png"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/capture/reader"
	"github.com/fotobox-project/fotobox/hack/visitor"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// TestChain: one code leads through all of it. A citizen books on the town's pages, confirms by the
// mail, shows the mail's code at the station, which checks them in and takes the photo; the clerk calls
// the number, takes the photo over and is done. Both programs are the real ones.
func TestChain(t *testing.T) {
	w := chainTown(t)
	clerk := w.signIn(t)
	clerk.place()
	if err := w.openStation(t.Context()); err != nil {
		t.Fatal(err)
	}
	code := w.bookOnline(t)
	number := w.visit(t, code)
	w.awaitCaptures(t, 1)
	w.again(t, code, number)
	clerk.serve(w, number)
	searchFiles(t, filepath.Join(w.dir, "station"), []byte(code)) // the office knows of the arrival
	if state := w.stateOf(t); state != string(book.Done) {
		t.Errorf("the appointment is %s, want it done", state)
	}
}

// TestArrivalIsNotLost: the office is down while somebody checks in, and the station is killed before
// the office is back. It learns of the person once, and of when they were there.
func TestArrivalIsNotLost(t *testing.T) {
	w := chainTown(t)
	w.signIn(t).place()
	if err := w.openStation(t.Context()); err != nil {
		t.Fatal(err)
	}
	b, err := w.book(t.Context(), "CANARY", time.Now().Add(5*time.Minute).Truncate(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	v := w.checksIn(t)
	if _, err := w.office.stop(); err != nil {
		t.Fatal(err)
	}
	w.arrives(t, v, b.code)
	if v.Now.Title != "Ihre Ankunft ist notiert" || len(v.Now.Facts) != 1 || v.Now.Facts[0].Icon != "clock" {
		t.Errorf("the screen says %+v, want when the arrival was noted", v.Now)
	}
	w.station.kill()
	if err := w.openOffice(t.Context()); err != nil {
		t.Fatal(err)
	}
	if state := w.stateOf(t); state != string(book.Confirmed) {
		t.Fatalf("the appointment is %s before the station runs again", state)
	}
	if err := w.openStation(t.Context()); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(time.Minute); w.stateOf(t) != string(book.Arrived); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the office does not learn of the arrival")
		}
	}
}

// chainTown is a town with one office, in which a slot begins every five minutes, day and night. Its
// station is not open yet. A waiting list is of one day: shortly before midnight the test waits for the
// next. On holidays there are no slots.
func chainTown(t *testing.T) *town {
	t.Helper()
	now := time.Now().In(book.Zone())
	if soon := now.Add(8 * time.Minute); soon.Day() != now.Day() {
		y, m, d := soon.Date()
		time.Sleep(time.Until(time.Date(y, m, d, 0, 0, 1, 0, book.Zone())))
		now = time.Now().In(book.Zone())
	}
	state, err := calendar.StateOf(5112000)
	if _, holiday := state.Holiday(calendar.DayOf(now, book.Zone())); err != nil || holiday {
		t.Skip("today is a holiday: nothing is free")
	}
	log := newLedger(t)
	w := &town{dir: t.TempDir(), bin: programs(t, raceFlags()...), camera: "folder:" + sitterFolder(t), burst: 1, log: log}
	if w.mail, err = openMailbox(t.Context(), filepath.Join(w.dir, "mail"), log); err != nil {
		t.Fatal(err)
	}
	if err := w.freeAddresses(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.close)
	day := now.Format(time.DateOnly)
	plan := fmt.Appendf(nil, `{"locations": [{"code": "mitte", "name": "Bürgeramt Mitte", "online": true}],
"services": [{"code": 101, "name": "Personalausweis beantragen", "group": "ausweis", "minutes": 5, "seats": 1, "photo": true}],
"rules": [{"office": "mitte", "group": "ausweis", "days": "mon tue wed thu fri sat sun", "first": %q, "last": %q, "from": "00:00", "to": "24:00", "minutes": 5, "public": 1}],
"closures": []}`, day, day)
	for _, step := range []func(context.Context) error{
		w.found, func(ctx context.Context) error { return w.furnishWith(ctx, plan) }, w.openOffice, w.enrol,
	} {
		if err := step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// A surfer uses pages without script, by their links and forms.
type surfer struct {
	t    *testing.T
	base string
	http.Client
	page string // as it was loaded last
}

func newSurfer(t *testing.T, base string) *surfer {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &surfer{t: t, base: base, Client: http.Client{Jar: jar, Timeout: time.Minute}}
}

// load opens a page, or sends a form and follows to where it leads.
func (s *surfer) load(path string, form url.Values) {
	s.t.Helper()
	method, body := http.MethodGet, io.Reader(http.NoBody)
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.base+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", s.base)
	}
	answer, err := s.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	s.page = string(data)
	if err != nil || answer.StatusCode != http.StatusOK {
		s.t.Fatalf("%s %s: %d, %v\n%s", method, path, answer.StatusCode, err, s.page)
	}
}

// find is what the expression's group matches on the page.
func (s *surfer) find(expression string) string {
	s.t.Helper()
	m := regexp.MustCompile(expression).FindStringSubmatch(s.page)
	if m == nil {
		s.t.Fatalf("the page has no %s:\n%s", expression, s.page)
	}
	return html.UnescapeString(m[1])
}

// want fails unless the page has the words.
func (s *surfer) want(words ...string) {
	s.t.Helper()
	for _, word := range words {
		if !strings.Contains(s.page, word) {
			s.t.Fatalf("the page does not say %q:\n%s", word, s.page)
		}
	}
}

// bookOnline books the first slot that does not begin at once, confirms by the mail, and gives the code
// that the next mail shows.
func (t *town) bookOnline(test *testing.T) (code string) {
	test.Helper()
	c := newSurfer(test, "http://"+t.public)
	c.load("/times?office=mitte&service=101&persons=1", nil)
	nonce := c.find(`name="nonce" value="([^"]+)"`)
	start := ""
	for _, m := range regexp.MustCompile(`name="start" value="(\d+)"`).FindAllStringSubmatch(c.page, -1) {
		seconds, err := strconv.ParseInt(m[1], 10, 64)
		if err != nil {
			test.Fatal(err)
		}
		if time.Until(time.Unix(seconds, 0)) > 2*time.Minute {
			start = m[1]
			break
		}
	}
	c.load("/hold", url.Values{"office": {"mitte"}, "service": {"101"}, "persons": {"1"}, "start": {start}, "nonce": {nonce}})
	form := c.find(`action="(/held/[^"/]+)"`)
	c.load(form, url.Values{"name": {"Erika Mustermann"}, "email": {"erika@example.org"}, "language": {"de"}})
	confirm := onward.FindString(strings.ReplaceAll(string(t.awaitMail(test, 1)), "=\r\n", ""))
	link, err := url.Parse(confirm)
	if err != nil || !strings.HasPrefix(link.Path, "/confirm/") {
		test.Fatalf("the first mail leads to %q, %v", confirm, err)
	}
	c.load(link.Path, nil)
	c.load(c.find(`action="(/confirm/[^"]+)"`), url.Values{})
	c.want("Ihr Termin ist gebucht")
	return codeIn(test, t.awaitMail(test, 2))
}

// awaitMail waits for the n-th mail.
func (t *town) awaitMail(test *testing.T, n int) []byte {
	test.Helper()
	name := filepath.Join(t.dir, "mail", fmt.Sprintf("%03d.eml", n))
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if raw, err := os.ReadFile(name); err == nil && len(raw) > 0 {
			return raw
		}
	}
	test.Fatalf("mail %d did not come", n)
	return nil
}

// codeIn reads the picture in a mail as the station's camera would.
func codeIn(t *testing.T, raw []byte) string {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	picture := pictureIn(t, m.Header.Get("Content-Type"), m.Body)
	img, err := png.Decode(base64.NewDecoder(base64.StdEncoding, bytes.NewReader(picture)))
	if err != nil {
		t.Fatal(err)
	}
	text, ok := reader.QR().Decode(img)
	if !ok {
		t.Fatal("the mail's picture is no code")
	}
	return text
}

// pictureIn is the PNG in a mail, in base64, or nil.
func pictureIn(t *testing.T, kind string, body io.Reader) []byte {
	t.Helper()
	kind, params, err := mime.ParseMediaType(kind)
	if err != nil {
		t.Fatal(err)
	}
	if kind == "image/png" {
		data, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	if !strings.HasPrefix(kind, "multipart/") {
		return nil
	}
	for parts := multipart.NewReader(body, params["boundary"]); ; {
		part, err := parts.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			t.Fatal(err)
		}
		if found := pictureIn(t, part.Header.Get("Content-Type"), part); found != nil {
			return found
		}
	}
}

// visit shows the code at the station, is checked in, goes on to the photo, and gives the waiting number.
func (t *town) visit(test *testing.T, code string) (number string) {
	test.Helper()
	v := t.checksIn(test)
	t.arrives(test, v, code)
	if len(v.Now.Facts) != 1 || v.Now.Facts[0].Icon != "number" {
		test.Fatalf("the station says %+v, want a number", v.Now)
	}
	number = v.Now.Facts[0].Value
	if err := v.GoOn(test.Context(), "done"); err != nil {
		test.Fatal(err)
	}
	if last := v.Now.Facts; v.Now.Look != "good" || len(last) == 0 || last[len(last)-1].Value != number {
		test.Errorf("the last screen is %+v, want the photo kept and the number", v.Now)
	}
	return number
}

// again shows the code once more: the person is checked in already, and the office has the photo.
func (t *town) again(test *testing.T, code, number string) {
	test.Helper()
	v := &visitor.Visitor{Base: "http://" + t.kiosk}
	err := v.See(test.Context())
	if err == nil && v.Now.Stage == "done" {
		err = v.Press(test.Context(), "cancel")
	}
	if err != nil {
		test.Fatal(err)
	}
	v = t.checksIn(test)
	t.arrives(test, v, code)
	if v.Now.Stage != "done" || len(v.Now.Facts) != 1 || v.Now.Facts[0].Value != number {
		test.Errorf("once more: %+v; want the visit to end with the number %s", v.Now, number)
	}
}

// checksIn waits until the idle station says that it checks in.
func (t *town) checksIn(test *testing.T) *visitor.Visitor {
	test.Helper()
	ctx, cancel := context.WithTimeout(test.Context(), time.Minute)
	defer cancel()
	v := &visitor.Visitor{Base: "http://" + t.kiosk}
	for ; !strings.HasPrefix(v.Now.Title, "Anmeldung"); time.Sleep(50 * time.Millisecond) {
		if err := v.Await(ctx, "idle"); err != nil {
			test.Fatalf("the station does not check in: %v", err)
		}
	}
	return v
}

// arrives has somebody show the code, and waits for what comes of the check-in.
func (t *town) arrives(test *testing.T, v *visitor.Visitor, code string) {
	test.Helper()
	ctx, cancel := context.WithTimeout(test.Context(), time.Minute)
	defer cancel()
	err := v.Scan(ctx, code)
	if err == nil {
		err = v.Await(ctx, "checked", "done")
	}
	if err != nil {
		test.Fatal(err)
	}
}

// signIn is a supervisor at the desk.
func (t *town) signIn(test *testing.T) *surfer {
	test.Helper()
	password, err := t.clerk(test.Context(), "erika")
	if err != nil {
		test.Fatal(err)
	}
	s := newSurfer(test, "http://"+t.desk)
	s.load("/sign-in", url.Values{"name": {"erika"}, "password": {password}})
	return s
}

// place says that the town's only station stands in the office.
func (s *surfer) place() {
	s.t.Helper()
	s.load("/stations", nil)
	s.load(s.find(`href="(/stations/[0-9a-f]{16})"`), nil)
	s.load(s.find(`action="(/stations/[0-9a-f]{16}/place)"`), url.Values{"office": {"mitte"}})
}

// serve calls whose turn it is, sees the number in the hall, takes the photo over and is done.
func (s *surfer) serve(t *town, number string) {
	s.t.Helper()
	s.load("/waiting/counter", url.Values{"office": {"mitte"}, "counter": {"Platz 3"}})
	s.want(number, "Mustermann")
	s.load("/waiting/next", url.Values{})
	hall := newSurfer(s.t, "http://"+t.public)
	hall.load("/display/office/mitte", nil)
	hall.want(number, "Platz 3")
	s.load(s.find(`action="(/waiting/[0-9a-f]{16}/serve)"`), url.Values{})
	finish := s.find(`action="(/waiting/[0-9a-f]{16}/finish)"`)
	s.load(s.find(`href="(/appointments/[0-9a-f]{16})"`), nil)
	s.load(s.find(`action="(/captures/[0-9a-f-]{36}/take-over)"`), url.Values{"photo": {"1"}, "reason": {"ok-obvious"}})
	s.want(`id="download"`)
	s.load(finish, url.Values{})
}

// stateOf is how far the town's only appointment is.
func (t *town) stateOf(test *testing.T) (state string) {
	test.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(t.dir, "office", "office.db")+"?mode=ro")
	if err != nil {
		test.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRowContext(test.Context(), `SELECT state FROM appointment`).Scan(&state); err != nil {
		test.Fatal(err)
	}
	return state
}
