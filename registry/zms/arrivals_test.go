// SPDX-License-Identifier: EUPL-1.2

package zms_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/inbox"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/registry/zms"
	"github.com/fotobox-project/fotobox/registry/zms/zmstest"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

func TestMain(m *testing.M) { os.Exit(storetest.Both(m).Run()) }

var booked = appointment.ID{1, 2, 3}

// office is a real inbox beside a fake ZMS.
type office struct {
	*zms.Arrivals
	zms      *zmstest.Server
	store    *store.Store
	inbox    *inbox.Inbox
	identity *age.HybridIdentity
	token    string
	logged   bytes.Buffer // of one goroutine at a time
}

func newOffice(t *testing.T) *office {
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
	o := &office{zms: zmstest.New(t), store: s, identity: identity, token: zmstest.Token}
	c, err := zms.New(o.zms.API(), func() string { return o.token }, o.zms.Roots())
	if err != nil {
		t.Fatal(err)
	}
	o.inbox = inbox.New(s, key, []age.Identity{identity}, slog.New(slog.DiscardHandler))
	o.Arrivals = zms.NewArrivals(s, c, o.inbox, slog.New(slog.NewTextHandler(&o.logged, nil)))
	o.zms.Add(process)
	if err := o.links(t, booked, process.AuthKey, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	return o
}

// links links an appointment with that of ZMS.
func (o *office) links(t *testing.T, id appointment.ID, key string, over time.Time) error {
	t.Helper()
	return o.store.Write(t.Context(), func(tx *sql.Tx) error { return o.Link(t.Context(), tx, id, process.ID, key, over) })
}

// photo delivers a capture of the appointment, and gives when it was taken.
func (o *office) photo(t *testing.T) time.Time {
	t.Helper()
	m := envelope.Manifest{
		Capture: uuid.Must(uuid.NewV7()), Appointment: booked, CapturedAt: time.Now(), CapturedBy: "05112000", Mode: envelope.ModeLobby,
		Software: "test", Photos: []envelope.Photo{{Chosen: true, Report: json.RawMessage(`{"verdict":"accept"}`)}},
	}
	var sealed bytes.Buffer
	if err := envelope.Seal(&sealed, m, [][]byte{[]byte("JPEG")}, []age.Recipient{o.identity.Recipient()}); err != nil {
		t.Fatal(err)
	}
	digest := envelope.Digest(sha256.Sum256(sealed.Bytes()))
	if _, _, err := o.inbox.Put(t.Context(), "station-1", m.Capture, booked, digest, &sealed); err != nil {
		t.Fatal(err)
	}
	return envelope.ExpiryOf(m.Capture).Add(-envelope.Lifetime)
}

func (o *office) actions(t *testing.T) (list []string) {
	t.Helper()
	for e, err := range audit.All(t.Context(), o.store) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, e.Action)
	}
	return list
}

func TestArrivalIsToldOnce(t *testing.T) {
	o := newOffice(t)
	if err := o.Tell(t.Context(), time.Now()); err != nil || o.zms.Process(process.ID).Status != "confirmed" {
		t.Fatalf("before the photo: %v, %+v", err, o.zms.Process(process.ID))
	}
	first := o.photo(t)
	o.photo(t)
	for range 2 {
		if err := o.Tell(t.Context(), time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	if got := o.zms.Process(process.ID); got.Status != "queued" || got.ArrivedAt != first.Unix() {
		t.Errorf("zms has %+v, want queued since %d", got, first.Unix())
	}
	if got := o.actions(t); !slices.Equal(got, []string{"delivered", "delivered", "zms-arrived"}) {
		t.Errorf("record %q", got)
	}
}

// together is the captures of two programs, each of which asks when the other does.
type together struct {
	zms.Captures
	asked *sync.WaitGroup
}

func (b together) Of(ctx context.Context, a appointment.ID) ([]inbox.Item, error) {
	b.asked.Done()
	b.asked.Wait()
	return b.Captures.Of(ctx, a)
}

// TestTwoProgramsRecordAnArrivalOnce: both are about to tell ZMS.
func TestTwoProgramsRecordAnArrivalOnce(t *testing.T) {
	o := newOffice(t)
	o.photo(t)
	c, err := zms.New(o.zms.API(), func() string { return o.token }, o.zms.Roots())
	if err != nil {
		t.Fatal(err)
	}
	var asked, done sync.WaitGroup
	asked.Add(2)
	for range 2 {
		done.Go(func() {
			a := zms.NewArrivals(o.store, c, together{o.inbox, &asked}, slog.New(slog.DiscardHandler))
			if err := a.Tell(t.Context(), time.Now()); err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
	if got := o.actions(t); !slices.Equal(got, []string{"delivered", "zms-arrived"}) {
		t.Errorf("record %q", got)
	}
}

// TestArrivalWaitsForZMS and for an account whose session is over.
func TestArrivalWaitsForZMS(t *testing.T) {
	o := newOffice(t)
	o.photo(t)
	o.token = "over"
	if err := o.Tell(t.Context(), time.Now()); !errors.Is(err, zms.ErrRights) {
		t.Errorf("session over: %v", err)
	}
	o.token = zmstest.Token
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := o.Tell(ctx, time.Now()); err == nil {
		t.Error("told although it was stopped")
	}
	if err := o.Tell(t.Context(), time.Now()); err != nil || o.zms.Process(process.ID).Status != "queued" {
		t.Errorf("afterwards: %v, %+v", err, o.zms.Process(process.ID))
	}
}

// TestArrivalOutlivesStrangeAnswers: ZMS is being mended, and says so in a page.
func TestArrivalOutlivesStrangeAnswers(t *testing.T) {
	o := newOffice(t)
	o.photo(t)
	for status, page := range map[int]string{200: "<html>", 302: "", 400: "{}"} {
		a := zms.NewArrivals(o.store, answers(t, status, page), o.inbox, slog.New(slog.DiscardHandler))
		if err := a.Tell(t.Context(), time.Now()); err == nil {
			t.Errorf("told, though ZMS answers %d %s", status, page)
		}
	}
	if err := o.Tell(t.Context(), time.Now()); err != nil || o.zms.Process(process.ID).Status != "queued" {
		t.Errorf("afterwards: %v, %+v", err, o.zms.Process(process.ID))
	}
	if got := o.actions(t); !slices.Equal(got, []string{"delivered", "zms-arrived"}) {
		t.Errorf("record %q", got)
	}
}

// TestArrivalThatZMSRefuses is not asked for again.
func TestArrivalThatZMSRefuses(t *testing.T) {
	o := newOffice(t)
	deleted := process
	deleted.Status = "deleted"
	o.zms.Add(deleted)
	o.photo(t)
	if err := o.Tell(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	o.zms.Add(process)
	if err := o.Tell(t.Context(), time.Now()); err != nil || o.zms.Process(process.ID).Status != "confirmed" {
		t.Errorf("asked again: %v, %+v", err, o.zms.Process(process.ID))
	}
	if got := o.actions(t); !slices.Equal(got, []string{"delivered", "zms-refused"}) {
		t.Errorf("record %q", got)
	}
	for _, secret := range []string{process.AuthKey, process.ID, process.Name, booked.String()} {
		if strings.Contains(o.logged.String(), secret) {
			t.Errorf("the log repeats %q:\n%s", secret, o.logged.String())
		}
	}
}

func TestLinkIsOnceAndForgotten(t *testing.T) {
	o := newOffice(t)
	if err := o.links(t, appointment.ID{9}, "x", time.Now()); !errors.Is(err, zms.ErrLinked) {
		t.Errorf("linked twice: %v", err)
	}
	if is, err := o.Linked(t.Context(), process.ID); !is || err != nil {
		t.Errorf("Linked = %t, %v", is, err)
	}
	o.photo(t)
	if err := o.Tell(t.Context(), time.Now().Add(time.Hour)); err != nil || o.zms.Process(process.ID).Status != "confirmed" {
		t.Errorf("told after it was over: %v", err)
	}
}

func TestArrivalsRun(t *testing.T) {
	o := newOffice(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- o.Run(ctx) }()
	o.photo(t)
	for deadline := time.Now().Add(10 * time.Second); o.zms.Process(process.ID).Status != "queued"; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("zms was not told")
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Run = %v", err)
	}
}
