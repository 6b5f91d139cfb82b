// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/internal/contracttest"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/link"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

const contractFile = "../../docs/openapi-booking.json"

// TestContractHasTheRoutes: no operation without a line in the document and no line without its operation.
func TestContractHasTheRoutes(t *testing.T) {
	var want, got []string
	for _, op := range contracttest.Read(t, contractFile).Operations(t) {
		want = append(want, strings.ToUpper(op[1])+" "+op[0])
	}
	for _, r := range (&site{}).operations() {
		got = append(got, r.pattern)
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("routes (-document +handlers):\n%s", diff)
	}
}

// A program walks through the document: what it sends and what comes back must fit.
type program struct {
	t      *testing.T
	c      contracttest.Contract
	h      http.Handler
	ops    map[string][2]string
	walked map[string]bool
}

func newProgram(t *testing.T, o *town, l Limits) *program {
	c := contracttest.Read(t, contractFile)
	h := New(Town{Name: "Musterstadt", Book: o.book, Links: o.links, Limits: l, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	return &program{t, c, h, c.Operations(t), map[string]bool{}}
}

// reply is an answer as a program reads it.
type reply struct {
	header  http.Header
	problem string
	told    told
	raw     string
}

// ask makes a request of the operation, and compares the answer with the document.
func (p *program) ask(operation string, status int, to, content string) (a reply) {
	p.t.Helper()
	op, ok := p.ops[operation]
	if !ok {
		p.t.Fatalf("the contract has no operation %s", operation)
	}
	path, query, _ := strings.Cut(to, "?")
	path = strings.ReplaceAll(op[0], "{link}", path)
	r := httptest.NewRequestWithContext(p.t.Context(), strings.ToUpper(op[1]), path, strings.NewReader(content))
	r.URL.RawQuery = query
	if strings.HasPrefix(content, "{") {
		r.Header.Set("Content-Type", "application/json")
		if status < 300 {
			var value any
			if err := json.Unmarshal([]byte(content), &value); err != nil {
				p.t.Fatal(err)
			}
			p.c.Fits(p.t, operation+", what is sent", value, "paths", op[0], op[1], "requestBody", "content", "application/json", "schema")
		}
	}
	w := httptest.NewRecorder()
	p.h.ServeHTTP(w, r)
	name := fmt.Sprintf("%s %d", operation, status)
	p.walked[name] = true
	if w.Code != status {
		p.t.Errorf("%s: answered %d %s", name, w.Code, w.Body)
		return a
	}
	a.header, a.raw = w.Header(), w.Body.String()
	p.c.Compare(p.t, name, w.Code, w.Header(), w.Body.Bytes(), "paths", op[0], op[1], "responses", fmt.Sprint(status))
	var said struct{ Type string }
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &said); err != nil {
			p.t.Errorf("%s: %v", name, err)
		}
		_ = json.Unmarshal(w.Body.Bytes(), &a.told) // an answer of another shape is compared above
	}
	a.problem = strings.TrimPrefix(said.Type, "urn:fotobox:problem:")
	return a
}

// says checks the problem's type.
func (a reply) says(t *testing.T, want string) {
	t.Helper()
	if a.problem != want {
		t.Errorf("the problem is %q, want %q", a.problem, want)
	}
}

func wants(office string, service, persons int, start time.Time, nonce string) string {
	return fmt.Sprintf(`{"service":%d,"persons":%d,"office":%q,"start":%q,"nonce":%q}`, service, persons, office, start.UTC().Format(time.RFC3339), nonce)
}

const person = `{"name":"Erika Mustermann","email":"erika@example.org","language":"de"}`

// TestContractWalk asks for every status of every operation of the document, on
// the real book, and compares each question and answer with it.
func TestContractWalk(t *testing.T) {
	o := newTown(t)
	p := newProgram(t, o, Limits{})
	p.books(o)
	p.refused(o)
	few := newProgram(t, o, Limits{Looks: 1, LooksAMinute: 1, Takes: 1, TakesAMinute: 1})
	few.walked = p.walked
	few.h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/offices", nil))
	few.h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/moves/x", nil))
	for operation := range p.ops {
		few.ask(operation, http.StatusTooManyRequests, "x", "{}").says(t, "many")
	}
	p.broken()
	p.c.Walked(t, p.walked)
}

// books is the way on which all goes well, each step sent twice.
func (p *program) books(o *town) {
	t := p.t
	p.ask("listServices", 200, "", "")
	p.ask("listOffices", 200, "", "")
	p.ask("listTimes", 200, "?service=102&persons=2&office=mitte", "")
	p.ask("listTimes", 200, "?service=102&persons=1&office=mitte&from="+time.Now().AddDate(0, 0, 5).Format(time.DateOnly), "")
	start, other := o.free(t, "mitte", 3), o.free(t, "ruhrort", 5)
	held := p.ask("holdTime", 201, "", wants("mitte", passport, 1, start, "one")).told
	if twice := p.ask("holdTime", 201, "", wants("mitte", passport, 1, start, "one")).told; !twice.Start.Equal(held.Start) || o.seats(t, start) != 1 {
		t.Errorf("sent twice: %+v, %d seats are left", twice, o.seats(t, start))
	}
	p.ask("showBooking", 200, held.Links["booking"], "")
	var sent told
	for range 2 {
		sent = p.ask("submitBooking", 200, held.Links["booking"], person).told
	}
	l, err := o.links.Open(sent.Links["booking"], link.Fill, time.Now())
	if err != nil || sent.State != book.Preconfirmed || sent.Code != "" || sent.Terminkennung != "" {
		t.Fatalf("%+v (%v)", sent, err)
	}
	confirm := strings.TrimPrefix(o.link(link.Confirm, o.get(t, l.ID)), "/confirm/")
	var stands told
	for range 2 {
		stands = p.ask("confirmBooking", 200, confirm, "").told
	}
	check := appointment.Checker{Office: 5112000, Keys: []ed25519.PublicKey{o.key}}
	if code, says := check.Check(stands.Code, stands.Start); says != appointment.OK || code.ID != appointment.ID(l.ID) {
		t.Errorf("a station says to the code: %s", says)
	}
	p.ask("showAppointment", 200, stands.Links["appointment"], "")
	place := fmt.Sprintf(`{"office":"ruhrort","start":%q}`, other.UTC().Format(time.RFC3339))
	moved := stands
	for range 2 {
		moved = p.ask("moveAppointment", 200, stands.Links["move"], place).told
	}
	if moved.Office != "ruhrort" || !moved.Start.Equal(other) || moved.Code == stands.Code || o.get(t, l.ID).Revision != 1 {
		t.Errorf("moved: %+v", moved)
	}
	p.ask("cancelAppointment", 409, stands.Links["cancel"], "").says(t, "stale")
	for range 2 {
		if gone := p.ask("cancelAppointment", 200, moved.Links["cancel"], "").told; gone.State != book.Cancelled || gone.Code != "" {
			t.Errorf("cancelled: %+v", gone)
		}
	}
	p.ask("moveAppointment", 409, moved.Links["move"], place).says(t, "state")
	back := p.ask("holdTime", 201, "", wants("mitte", passport, 2, start, "two")).told
	for range 2 {
		p.ask("returnBooking", 204, back.Links["booking"], "")
	}
}

// refused are the ways on which something is wrong.
func (p *program) refused(o *town) {
	t := p.t
	start := o.free(t, "ruhrort", 10)
	large := `{"name":"` + strings.Repeat("a", maxForm) + `"}`
	p.ask("listTimes", 404, "?service=102&persons=1&office=archiv", "").says(t, "offline")
	for _, query := range []string{"", "?service=9&persons=1&office=mitte", "?service=102&persons=99&office=mitte", "?service=102&office=mitte", "?service=102&persons=1&office=mitte&from=tomorrow"} {
		p.ask("listTimes", 422, query, "").says(t, "invalid")
	}
	p.ask("holdTime", 404, "", wants("archiv", passport, 1, start, "a")).says(t, "offline")
	held := p.ask("holdTime", 201, "", wants("ruhrort", passport, 1, start, "b")).told.Links["booking"]
	p.ask("holdTime", 409, "", wants("ruhrort", passport, 1, start, "c")).says(t, "gone")
	for _, content := range []string{wants("mitte", 9, 1, start, "d"), wants("mitte", passport, 0, start, "d"), wants("mitte", passport, 9, start, "d"), wants("mitte", passport, 1, start, ""), `{"inside":true}`, `{}{}`, `{"start":"yesterday"}`} {
		p.ask("holdTime", 422, "", content).says(t, "invalid")
	}
	for _, content := range []string{"{}", `{"name":"Erika","email":"erika","language":"de"}`, `{"name":"","email":"erika@example.org","language":"de"}`, `{"name":"Erika","email":"erika@example.org","language":"xx"}`} {
		p.ask("submitBooking", 422, held, content).says(t, "invalid")
	}
	lapsed := o.held(t, "/held/"+held)
	if _, err := o.book.Advance(t.Context(), lapsed.ID, book.Step{Do: book.Cancel, At: time.Now(), Actor: "citizen"}); err != nil {
		t.Fatal(err)
	}
	p.ask("holdTime", 201, "", wants("ruhrort", passport, 1, start, "e"))
	p.ask("submitBooking", 409, held, person).says(t, "gone")
	a := o.booked(t, o.free(t, "mitte", 30), "Erika")
	p.ask("confirmBooking", 409, last(o.link(link.Confirm, lapsed)), "").says(t, "state")
	p.ask("moveAppointment", 409, last(o.link(link.Move, a)), fmt.Sprintf(`{"office":"ruhrort","start":%q}`, start.UTC().Format(time.RFC3339))).says(t, "gone")
	p.ask("moveAppointment", 404, last(o.link(link.Move, a)), `{"office":"archiv","start":"2026-12-01T08:00:00Z"}`).says(t, "offline")
	p.ask("moveAppointment", 422, last(o.link(link.Move, a)), `{"to":"mitte"}`).says(t, "invalid")
	for operation, purpose := range map[string]link.Purpose{
		"showBooking": link.Fill, "submitBooking": link.Fill, "returnBooking": link.Fill, "confirmBooking": link.Confirm, "showAppointment": link.View, "moveAppointment": link.Move, "cancelAppointment": link.Cancel,
	} {
		content := map[string]string{"submitBooking": person, "moveAppointment": `{"office":"mitte","start":"2026-12-01T08:00:00Z"}`}[operation]
		p.ask(operation, 404, strings.Repeat("A", 44), content).says(t, "forged")
		ended := last(o.links.Address("", link.Link{Purpose: purpose, ID: a.ID, End: time.Now().Add(-time.Second)}))
		p.ask(operation, 410, ended, content).says(t, "ended")
	}
	for operation, to := range map[string]string{"holdTime": "", "submitBooking": held, "moveAppointment": last(o.link(link.Move, a))} {
		p.ask(operation, 415, to, "service=102").says(t, "media-type")
		p.ask(operation, 413, to, large).says(t, "form")
	}
	if now := o.get(t, a.ID); now.State != book.Confirmed || now.Revision != 0 {
		t.Errorf("after all that it is %s at revision %d", now.State, now.Revision)
	}
}

// last is the link of an address.
func last(address string) string { return address[strings.LastIndexByte(address, '/')+1:] }

// broken asks an office whose store is gone.
func (p *program) broken() {
	t := p.t
	s, err := store.Open(t.Context(), storetest.Empty(t))
	if err != nil {
		t.Fatal(err)
	}
	links, err := link.New([]byte("the tests' secret"))
	if err != nil {
		t.Fatal(err)
	}
	o := &town{book: book.New(s, 5112000, nil), links: links}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	b := newProgram(t, o, Limits{})
	b.walked = p.walked
	sign := func(purpose link.Purpose) string {
		return last(links.Address("", link.Link{Purpose: purpose, ID: [8]byte{1}, End: time.Now().Add(time.Hour)}))
	}
	for operation, to := range map[string]string{
		"listServices": "", "listOffices": "", "listTimes": "?service=102&persons=1&office=mitte", "holdTime": "", "showBooking": sign(link.Fill), "submitBooking": sign(link.Fill), "returnBooking": sign(link.Fill),
		"confirmBooking": sign(link.Confirm), "showAppointment": sign(link.View), "moveAppointment": sign(link.Move), "cancelAppointment": sign(link.Cancel),
	} {
		content := map[string]string{"holdTime": wants("mitte", passport, 1, time.Now(), "x"), "submitBooking": person, "moveAppointment": `{"office":"mitte","start":"2026-12-01T08:00:00Z"}`}[operation]
		b.ask(operation, 500, to, content).says(t, "internal")
	}
}

// TestNothingElseForPrograms: other paths and methods are problems too, and a
// browser on another site sends nothing.
func TestNothingElseForPrograms(t *testing.T) {
	o := newTown(t)
	for _, q := range [][2]string{{"GET", "/v1/"}, {"DELETE", "/v1/services"}, {"GET", "/v1/captures/x"}} {
		w := httptest.NewRecorder()
		o.server.Config.Handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), q[0], q[1], nil))
		if w.Code != http.StatusNotFound || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%v: %d %s", q, w.Code, w.Header().Get("Content-Type"))
		}
	}
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/v1/bookings", strings.NewReader(wants("mitte", passport, 1, o.free(t, "mitte", 0), "x")))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	w := httptest.NewRecorder()
	o.server.Config.Handler.ServeHTTP(w, r)
	if w.Code != http.StatusForbidden || o.seats(t, o.free(t, "mitte", 0)) != 2 {
		t.Errorf("from another site: %d", w.Code)
	}
}
