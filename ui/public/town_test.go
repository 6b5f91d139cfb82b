// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/link"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/registry/wishes"
)

func TestMain(m *testing.M) { os.Exit(storetest.Both(m).Run()) }

// The services of the tests' town: a passport takes a slot, a naturalisation
// two, a registration wants no photo.
const passport, naturalise, register = 102, 103, 104

// town is a small one with a real book: mitte and ruhrort are booked online,
// archiv is not.
type town struct {
	book   *book.Book
	links  *link.Signer
	key    ed25519.PublicKey
	server *httptest.Server
	log    *lines

	wishes *wishes.Wishes
	told   *notices
}

// notices are what would be told of wishes by mail.
type notices struct {
	mu   sync.Mutex
	list []wishes.Notice
}

func (n *notices) Notify(_ context.Context, _ *sql.Tx, one wishes.Notice) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.list = append(n.list, one)
	return nil
}

// last is the newest of that kind.
func (n *notices) last(t testing.TB, kind wishes.Kind) wishes.Notice {
	t.Helper()
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, one := range slices.Backward(n.list) {
		if one.Kind == kind {
			return one
		}
	}
	t.Fatalf("no %s among %d notices", kind, len(n.list))
	return wishes.Notice{}
}

// lines is a log that a test reads.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// everyDay is how an office receives on each day, so that a test has free times
// whenever it runs.
func everyDay(office string, seats int) calendar.Rule {
	return calendar.Rule{Office: office, Group: "pass", Days: 1<<7 - 1, From: 8 * 60, To: 18 * 60, Minutes: 15, Public: seats, Internal: 1}
}

func newTown(t testing.TB) *town { return townWith(t, everyDay("mitte", 2), everyDay("ruhrort", 1)) }

func townWith(t testing.TB, rules ...calendar.Rule) *town {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	links, err := link.New([]byte("the tests' secret"))
	if err != nil {
		t.Fatal(err)
	}
	db := storetest.Open(t)
	o := &town{book: book.New(db, 5112000, private), links: links, key: public, log: &lines{}, told: &notices{}}
	o.wishes = wishes.New(db, o.book, o.told, wishes.Defaults())
	o.book.Follow(o.wishes)
	now := time.Now()
	_, plan := o.book.SetPlan(t.Context(), "clerk:anna", calendar.Plan{}, now)
	err = errors.Join(plan,
		o.book.PutLocation(t.Context(), "clerk:anna", book.Location{Code: "mitte", Name: "Bürger-Service Mitte", Online: true}, now),
		o.book.PutLocation(t.Context(), "clerk:anna", book.Location{Code: "ruhrort", Name: "Bürger-Service Ruhrort", Online: true}, now),
		o.book.PutLocation(t.Context(), "clerk:anna", book.Location{Code: "archiv", Name: "Stadtarchiv"}, now),
		o.book.PutService(t.Context(), "clerk:anna", book.Service{Code: passport, Name: "Reisepass beantragen", Group: "pass", Minutes: 15, Seats: 1, PhotoWanted: true}, now),
		o.book.PutService(t.Context(), "clerk:anna", book.Service{Code: naturalise, Name: "Einbürgerung", Group: "pass", Minutes: 30, Seats: 1, PhotoWanted: true}, now),
		o.book.PutService(t.Context(), "clerk:anna", book.Service{Code: register, Name: "Wohnsitz anmelden", Group: "pass", Minutes: 15, Seats: 1}, now),
		o.book.PutService(t.Context(), "clerk:anna", book.Service{Code: 105, Name: "Untersuchungsberechtigungsscheinverlängerung", Group: "pass", Minutes: 15, Seats: 1}, now))
	if err == nil {
		_, err = o.book.SetPlan(t.Context(), "clerk:anna", calendar.Plan{Rules: rules}, now)
	}
	if err != nil {
		t.Fatal(err)
	}
	o.server = httptest.NewServer(New(Town{
		Name: "Bürgeramt Musterstadt", Book: o.book, Wishes: o.wishes, Links: links, Privacy: "https://www.example.org/datenschutz",
		Stations: []Station{{"mitte", "Foyer, links neben dem Eingang"}}, Log: slog.New(slog.NewTextHandler(o.log, nil)),
	}))
	t.Cleanup(o.server.Close)
	t.Cleanup(func() {
		if said := o.log.String(); strings.Contains(said, "level=ERROR") {
			t.Errorf("the log says:\n%s", said)
		}
	})
	return o
}

// free is the n-th free time of an office at least a day ahead.
func (o *town) free(t testing.TB, office string, n int) time.Time {
	t.Helper()
	now := time.Now()
	all, err := o.book.Free(t.Context(), book.Request{Location: office, Service: passport, Persons: 1}, now.Add(24*time.Hour), now.Add(40*24*time.Hour), now)
	if err != nil || len(all) <= n {
		t.Fatalf("%d free times: %v", len(all), err)
	}
	return all[n].Start
}

// booked is an appointment that stands.
func (o *town) booked(t testing.TB, start time.Time, name string) book.Appointment {
	t.Helper()
	now := time.Now()
	email, err := book.ParseEmail("erika@example.org")
	if err != nil {
		t.Fatal(err)
	}
	a, err := o.book.Take(t.Context(), book.Request{Location: "mitte", Service: passport, Persons: 1}, start, book.Step{Do: book.Hold, At: now, Actor: "citizen"})
	for _, do := range []book.Verb{book.Submit, book.Confirm} {
		if err == nil {
			a, err = o.book.Advance(t.Context(), a.ID, book.Step{Do: do, At: now, Actor: "citizen", Name: book.NameOf(name), Email: email, Language: "de"})
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// link is the path of a signed address that holds for an hour.
func (o *town) link(p link.Purpose, a book.Appointment) string {
	return o.links.Address("", link.Link{Purpose: p, ID: a.ID, Number: uint32(a.Revision), End: time.Now().Add(time.Hour)})
}

// get is the appointment as it is now.
func (o *town) get(t testing.TB, id appointment.ID) book.Appointment {
	t.Helper()
	a, err := o.book.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// held is the appointment that the address of a form is about.
func (o *town) held(t testing.TB, address string) book.Appointment {
	t.Helper()
	l, err := o.links.Open(strings.TrimPrefix(address, "/held/"), link.Fill, time.Now())
	if err != nil {
		t.Fatalf("%q: %v", address, err)
	}
	return o.get(t, l.ID)
}

// citizen is a browser without scripts: it follows no redirect by itself.
type citizen struct {
	http.Client
	base, language string
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (o *town) citizen() *citizen {
	c := &citizen{base: o.server.URL, language: "de"}
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c
}

func (c *citizen) get(t testing.TB, path string) answer {
	t.Helper()
	return c.send(t, http.MethodGet, path, nil)
}

// post sends a form as the browser does from one of the pages.
func (c *citizen) post(t testing.TB, path string, form url.Values) answer {
	t.Helper()
	return c.send(t, http.MethodPost, path, strings.NewReader(form.Encode()))
}

func (c *citizen) send(t testing.TB, method, path string, body io.Reader) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, c.base+path, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Language", c.language)
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", c.base)
	}
	w, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	read, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{w.StatusCode, w.Header, string(read)}
}

// want checks the status and that the page has all the words.
func (a answer) want(t testing.TB, status int, words ...string) answer {
	t.Helper()
	if a.status != status {
		t.Errorf("status %d, want %d", a.status, status)
	}
	for _, w := range words {
		if !strings.Contains(a.body, w) {
			t.Errorf("the page does not say %q:\n%s", w, a.body)
		}
	}
	return a
}

// without checks that the page lacks the words.
func (a answer) without(t testing.TB, words ...string) answer {
	t.Helper()
	for _, w := range words {
		if strings.Contains(a.body, w) {
			t.Errorf("the page says %q:\n%s", w, a.body)
		}
	}
	return a
}

// leads checks that the answer leads to an address with that beginning, and gives it.
func (a answer) leads(t testing.TB, to string) string {
	t.Helper()
	got := a.header.Get("Location")
	if a.status != http.StatusSeeOther || !strings.HasPrefix(got, to) {
		t.Fatalf("%d to %q, want 303 to %q:\n%s", a.status, got, to, a.body)
	}
	return got
}

// nonce is that of the page's form.
func (a answer) nonce(t testing.TB) string {
	t.Helper()
	m := regexp.MustCompile(`name="nonce" value="(\w+)"`).FindStringSubmatch(a.body)
	if m == nil {
		t.Fatalf("the page has no form:\n%s", a.body)
	}
	return m[1]
}

// address is the first one on the page with that beginning.
func (a answer) address(t testing.TB, begin string) string {
	t.Helper()
	m := regexp.MustCompile(`"(` + regexp.QuoteMeta(begin) + `[^"]*)"`).FindStringSubmatch(a.body)
	if m == nil {
		t.Fatalf("the page leads nowhere at %s:\n%s", begin, a.body)
	}
	return strings.ReplaceAll(m[1], "&amp;", "&")
}

// chosen is the form of a time.
func chosen(office string, service, persons int, start time.Time, nonce string) url.Values {
	return url.Values{
		"office": {office}, "service": {strconv.Itoa(service)}, "persons": {strconv.Itoa(persons)}, "start": {strconv.FormatInt(start.Unix(), 10)}, "nonce": {nonce},
	}
}

// erika is a form that is filled.
func erika() url.Values {
	return url.Values{"name": {"Erika Mustermann"}, "email": {"erika@example.org"}, "language": {"de"}}
}
