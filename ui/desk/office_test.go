// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"image"
	"image/color"
	stdjpeg "image/jpeg"
	"log/slog"
	"net/http/httptest"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/image/rule"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/clerks"
	"github.com/fotobox-project/fotobox/registry/devices"
	"github.com/fotobox-project/fotobox/registry/fleet"
	"github.com/fotobox-project/fotobox/registry/inbox"
	"github.com/fotobox-project/fotobox/registry/retention"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/registry/visits"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

func TestMain(m *testing.M) { os.Exit(storetest.Both(m).Run()) }

const password = "lusab-babad-gutih-tugad"

// office is a whole office behind a desk: real store, book and inbox.
type office struct {
	store    *store.Store
	book     *book.Book
	inbox    *inbox.Inbox
	visits   *visits.Visits
	fleet    *fleet.Fleet
	keeper   *retention.Keeper
	clerks   *clerks.Clerks // nil where adam stands for them
	identity *age.HybridIdentity
	key      ed25519.PrivateKey // of codes and receipts
	server   *httptest.Server
	office   Office // what the server was made of
	log      *lockedBuffer
	logger   *slog.Logger
}

// lockedBuffer takes the log of many requests.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// adam is a list of clerks with one clerk in it. It saves the time of hashing
// where a test is not about signing in.
type adam struct {
	out  atomic.Bool
	role clerks.Role // supervisor where empty
}

func (a *adam) SignIn(_ context.Context, name, given, _ string) (string, error) {
	if name != "adam" || given != password {
		return "", clerks.ErrSignIn
	}
	a.out.Store(false)
	return "adam's token", nil
}

func (a *adam) SignOut(context.Context, string) error {
	a.out.Store(true)
	return nil
}

func (a *adam) Session(_ context.Context, token string) (clerks.Clerk, error) {
	if token != "adam's token" || a.out.Load() {
		return clerks.Clerk{}, clerks.ErrSession
	}
	return clerks.Clerk{Name: "adam", Role: cmp.Or(a.role, clerks.RoleSupervisor)}, nil
}

func (a *adam) Valid(ctx context.Context, token string) (clerks.Clerk, error) {
	return a.Session(ctx, token)
}

func newOffice(t testing.TB) *office {
	t.Helper()
	return openOffice(t, func(*store.Store) Clerks { return &adam{} })
}

// newOfficeWithClerks has the real list of clerks.
func newOfficeWithClerks(t testing.TB) *office {
	t.Helper()
	return openOffice(t, func(s *store.Store) Clerks {
		c := clerks.New(s, audit.Append)
		if err := c.Add(t.Context(), "adam", password, clerks.RoleSupervisor); err != nil {
			t.Fatal(err)
		}
		return c
	})
}

func openOffice(t testing.TB, signIn func(*store.Store) Clerks) *office {
	t.Helper()
	s := storetest.Open(t)
	identity, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	o := &office{store: s, identity: identity, key: key, log: &lockedBuffer{}}
	log := slog.New(slog.NewTextHandler(o.log, nil))
	o.book = book.New(s, 5112000, key)
	o.inbox = inbox.New(s, key, []age.Identity{identity}, log)
	o.visits = visits.New(s, log)
	o.keeper = retention.New(s, o.inbox, retention.Classes(), log)
	o.fleet, o.logger = fleet.New(devices.New(s, nil, log), s, log), log
	list := signIn(s)
	o.clerks, _ = list.(*clerks.Clerks)
	o.office = Office{
		Name: "Bürgeramt Duisburg-Mitte", Clerks: list, Staff: o.clerks, Book: o.book, Town: o.book, Letters: true, Inbox: o.inbox, Visits: o.visits, Stations: o.fleet, Officer: o.keeper, Log: log,
		Calendars: o.book, FeedKey: func(office string) string { return "key-of-" + office },
		Station: func(context.Context, string) string { return "Station Foyer links" },
		Record: func(o inbox.Opening) ([]byte, error) {
			return []byte("<record of=\"" + o.Item.ID.String() + "\"/>"), nil
		},
	}
	o.server = httptest.NewServer(New(o.office))
	t.Cleanup(func() {
		o.server.CloseClientConnections()
		o.server.Close()
		s.Close()
	})
	return o
}

// books adds an appointment whose slot starts so many minutes from now, today.
func (o *office) books(t testing.TB, minutes int, name string) book.Appointment {
	t.Helper()
	start := time.Now().Truncate(15 * time.Minute).Add(time.Duration(minutes) * time.Minute)
	from, to := book.Day(time.Now())
	if start.Before(from) || !start.Before(to) { // around midnight
		start = noon(time.Now())
	}
	a, err := o.book.Add(t.Context(), book.Appointment{
		Name: book.NameOf(name), Start: start, Length: 15 * time.Minute, Service: 102, Persons: 1, PhotoWanted: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// delivery is what a station sends; zero fields get a plain value.
type delivery struct {
	taken   time.Time
	reports []rule.Report
	mode    string
	attack  *float64
	chosen  int
	subject string // of a covered head, in these tests
	photo   []byte // every photo; drawn when nil
}

// delivers sends a capture for the appointment through the inbox.
func (o *office) delivers(t testing.TB, appt appointment.ID, d delivery) uuid.UUID {
	t.Helper()
	if d.taken.IsZero() {
		d.taken = time.Now()
	}
	if d.mode == "" {
		d.mode = envelope.ModeLobby
	}
	m := envelope.Manifest{
		Capture: captureID(t, d.taken), Appointment: appt, CapturedAt: d.taken, CapturedBy: "05112000", Mode: d.mode,
		Subject: d.subject, HeadCovered: d.subject != "",
		AttackScore: d.attack, Software: "stationd 0.2.0", SoftwareHash: "6d1f00aa",
	}
	var photos [][]byte
	for i, report := range d.reports {
		data, err := json.Marshal(report)
		if err != nil {
			t.Fatal(err)
		}
		if report.Engine == "none" {
			data = []byte(`"no report"`)
		}
		m.Photos = append(m.Photos, envelope.Photo{Chosen: i == d.chosen, Report: data})
		photo := d.photo
		if photo == nil {
			photo = drawn(t, i)
		}
		photos = append(photos, photo)
	}
	var sealed bytes.Buffer
	if err := envelope.Seal(&sealed, m, photos, []age.Recipient{o.identity.Recipient()}); err != nil {
		t.Fatal(err)
	}
	digest := envelope.Digest(sha256.Sum256(sealed.Bytes()))
	if _, _, err := o.inbox.Put(t.Context(), "0123456789abcdef", m.Capture, appt, digest, &sealed); err != nil {
		t.Fatal(err)
	}
	return m.Capture
}

// captureID is a UUIDv7 of that time.
func captureID(t testing.TB, at time.Time) uuid.UUID {
	t.Helper()
	id, err := uuid.NewV7()
	if err != nil {
		t.Fatal(err)
	}
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(at.UnixMilli()))
	copy(id[:6], ms[2:])
	return id
}

// drawn is a small portrait: a head on a grey ground, another one for every i.
func drawn(t testing.TB, i int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 311, 400))
	for y := range 400 {
		for x := range 311 {
			dx, dy := float64(x-155-4*i)/75, float64(y-190)/105
			c := color.RGBA{205, 205, 205, 255}
			if dx*dx+dy*dy < 1 {
				c = color.RGBA{216, uint8(168 + 8*i), 140, 255}
			} else if y > 330 && (x-155)*(x-155) < 150*150*(y-310)/90 {
				c = color.RGBA{60, 70, 110, 255}
			}
			img.Set(x, y, c)
		}
	}
	var out bytes.Buffer
	if err := stdjpeg.Encode(&out, img, &stdjpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// report judges every rule of the German set as inside, but for those named.
func report(outside map[rule.ID]rule.Side) rule.Report {
	set := rule.DePassport2025()
	r := rule.Report{Engine: rule.Engine, Set: set.Name, Hash: set.Hash(), Verdict: rule.Accept}
	for _, one := range rule.All() {
		limits, judged := set.Limits[one.ID]
		if !judged {
			continue
		}
		f := rule.Finding{ID: one.ID, Name: one.Name, Mandatory: one.Mandatory, Advisory: !set.Binds(one.ID), Unit: one.Unit, Min: limits.Min, Max: limits.Max, Side: outside[one.ID]}
		f.Value = value(f)
		if f.Side != rule.Inside {
			f.Advice = f.Name + "." + f.Side.String()
			if f.Side == rule.Unclear {
				f.Reason = "the eyes could not be located exactly"
			}
		}
		r.Findings = append(r.Findings, f)
		switch {
		case f.Advisory || f.Side == rule.Inside || r.Verdict == rule.Reject:
		case f.Side == rule.Unclear:
			r.Verdict = rule.NotClear
		default:
			r.Verdict = rule.Reject
		}
	}
	return r
}
