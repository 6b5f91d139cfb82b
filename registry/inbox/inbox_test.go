// SPDX-License-Identifier: EUPL-1.2

package inbox

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

var appt = appointment.ID{1, 2, 3, 4, 5, 6, 7, 8}

// bench is an inbox with its keys at hand.
type bench struct {
	*Inbox
	identity *age.HybridIdentity
	public   ed25519.PublicKey
	logged   *bytes.Buffer
}

func newBench(t testing.TB) *bench {
	t.Helper()
	return newBenchAt(t, storetest.Where(t))
}

// newBenchAt is the inbox of one more program on the database at where.
func newBenchAt(t testing.TB, where string) *bench {
	t.Helper()
	s := storetest.OpenAt(t, where)
	identity, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	logged := &bytes.Buffer{}
	b := New(s, private, []age.Identity{identity}, slog.New(slog.NewTextHandler(logged, nil)))
	return &bench{b, identity, public, logged}
}

// capture is a delivery in a station's hands.
type capture struct {
	manifest envelope.Manifest
	sealed   []byte
	digest   string
}

func (b *bench) capture(t testing.TB, taken time.Time, verdicts ...string) capture {
	t.Helper()
	m := envelope.Manifest{
		Capture: capturedAt(taken), Appointment: appt, CapturedAt: taken,
		CapturedBy: "09162000", Mode: envelope.ModeLobby, Software: "stationd test",
	}
	var photos [][]byte
	for i, verdict := range verdicts {
		m.Photos = append(m.Photos, envelope.Photo{Chosen: i == 0, Report: json.RawMessage(`{"verdict":"` + verdict + `"}`)})
		photos = append(photos, []byte("JPEG "+verdict))
	}
	return b.seal(t, m, photos)
}

func (b *bench) seal(t testing.TB, m envelope.Manifest, photos [][]byte) capture {
	t.Helper()
	var sealed bytes.Buffer
	if err := envelope.Seal(&sealed, m, photos, []age.Recipient{b.identity.Recipient()}); err != nil {
		t.Fatal(err)
	}
	return capture{m, sealed.Bytes(), envelope.Digest(sha256.Sum256(sealed.Bytes()))}
}

func (b *bench) deliver(t testing.TB, c capture) envelope.Receipt {
	t.Helper()
	r, _, err := b.Put(t.Context(), "station-1", c.manifest.Capture, appt, c.digest, bytes.NewReader(c.sealed))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (b *bench) state(t testing.TB, id uuid.UUID) State {
	t.Helper()
	i, err := b.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return i.State
}

// actions gives the record as "actor action" lines.
func (b *bench) actions(t testing.TB) (list []string) {
	t.Helper()
	for e, err := range audit.All(t.Context(), b.store) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, e.Actor+" "+e.Action)
	}
	return list
}

func TestPutGivesASignedReceiptOnce(t *testing.T) {
	b := newBench(t)
	c := b.capture(t, time.Now(), "accept")
	first, created, err := b.Put(t.Context(), "station-1", c.manifest.Capture, appt, c.digest, bytes.NewReader(c.sealed))
	if err != nil || !created {
		t.Fatalf("Put = %t, %v", created, err)
	}
	if err := first.Verify(b.public); err != nil {
		t.Error(err)
	}
	if first.ID != c.manifest.Capture || first.Digest != c.digest {
		t.Errorf("receipt %+v is for something else", first)
	}
	again, created, err := b.Put(t.Context(), "station-1", c.manifest.Capture, appt, c.digest, bytes.NewReader(c.sealed))
	if err != nil || created {
		t.Fatalf("second Put = %t, %v", created, err)
	}
	if diff := cmp.Diff(first, again); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"device:station-1 delivered"}, b.actions(t)); diff != "" {
		t.Error(diff)
	}
}

func TestPutRefuses(t *testing.T) {
	b := newBench(t)
	now := time.Now()
	good, other := b.capture(t, now, "accept"), b.capture(t, now, "accept")
	b.deliver(t, good)
	broken := errors.New("cable pulled")
	text := []byte("no envelope at all")
	tests := []struct {
		name   string
		id     uuid.UUID
		digest string
		body   []byte
		fault  error
		want   error
	}{
		{"other content, same id", good.manifest.Capture, other.digest, other.sealed, nil, ErrConflict},
		{"other content than announced", other.manifest.Capture, good.digest, other.sealed, nil, ErrDigest},
		{"cut short", other.manifest.Capture, other.digest, other.sealed[:100], nil, ErrDigest},
		{"no digest", other.manifest.Capture, "", other.sealed, nil, ErrDigest},
		{"no envelope", other.manifest.Capture, envelope.Digest(sha256.Sum256(text)), text, nil, ErrEnvelope},
		{"too large", other.manifest.Capture, other.digest, make([]byte, envelope.MaxSize+1), nil, ErrTooLarge},
		{"no time in the id", uuid.New(), other.digest, other.sealed, nil, ErrID},
		{"from the future", capturedAt(now.Add(time.Hour)), other.digest, other.sealed, nil, ErrFuture},
		{"four days old", capturedAt(now.Add(-envelope.Lifetime)), other.digest, other.sealed, nil, ErrExpired},
		{"cable pulled", other.manifest.Capture, other.digest, other.sealed, broken, broken},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			body := &faulty{bytes.NewReader(test.body), test.fault}
			if _, _, err := b.Put(t.Context(), "station-1", test.id, appt, test.digest, body); !errors.Is(err, test.want) {
				t.Errorf("Put = %v, want %v", err, test.want)
			}
		})
	}
	if list, err := b.Of(t.Context(), appt); len(list) != 1 || err != nil {
		t.Errorf("%d captures kept (%v), want the first alone", len(list), err)
	}
	if n := len(b.actions(t)); n != 1 {
		t.Errorf("%d entries in the record, want 1", n)
	}
}

// faulty is a body that breaks off.
type faulty struct {
	*bytes.Reader
	fault error
}

func (f *faulty) Read(p []byte) (int, error) {
	if f.fault != nil && f.Len() < int(f.Size())/2 {
		return 0, f.fault
	}
	return f.Reader.Read(p[:min(len(p), 64)])
}

func TestClerksWay(t *testing.T) {
	b := newBench(t)
	c := b.capture(t, time.Now(), "reject", "accept")
	id := c.manifest.Capture
	b.deliver(t, c)
	if _, err := b.TakeOver(t.Context(), "anna", id, 1, NoVeto); !errors.Is(err, ErrUnopened) {
		t.Errorf("TakeOver unseen = %v, want ErrUnopened", err)
	}
	o, err := b.Open(t.Context(), "anna", id)
	if err != nil {
		t.Fatal(err)
	}
	if len(o.Photos) != 2 || string(o.Photos[1]) != "JPEG accept" || o.Item.State != Opened || o.Manifest.Appointment != appt {
		t.Errorf("opened %+v", o)
	}
	if _, err := b.TakeOver(t.Context(), "anna", id, 0, NoVeto); !errors.Is(err, ErrVeto) {
		t.Errorf("TakeOver of a rejected photo without a reason = %v, want ErrVeto", err)
	}
	if _, err := b.TakeOver(t.Context(), "anna", id, 7, NoVeto); !errors.Is(err, ErrPhoto) {
		t.Errorf("TakeOver of photo 7 = %v, want ErrPhoto", err)
	}
	jpeg, err := b.TakeOver(t.Context(), "anna", id, 0, OKObvious)
	if err != nil || string(jpeg) != "JPEG reject" {
		t.Fatalf("TakeOver = %q, %v", jpeg, err)
	}
	if _, err := b.TakeOver(t.Context(), "ben", id, 1, NoVeto); !errors.Is(err, ErrTaken) {
		t.Errorf("second TakeOver = %v, want ErrTaken", err)
	}
	if err := b.Refuse(t.Context(), "ben", id, Unsuitable); !errors.Is(err, ErrTaken) {
		t.Errorf("Refuse after it = %v, want ErrTaken", err)
	}
	want := []string{"device:station-1 delivered", "clerk:anna opened", "clerk:anna taken"}
	if diff := cmp.Diff(want, b.actions(t)); diff != "" {
		t.Error(diff)
	}
	i, err := b.Get(t.Context(), id)
	if err != nil || i.Photo != 0 || i.Veto != OKObvious || i.ChangedBy != "anna" {
		t.Errorf("item %+v, %v", i, err)
	}
}

// TestRefusalIsTakenBack also has the clerk who only looks: that takes nothing back.
func TestRefusalIsTakenBack(t *testing.T) {
	b := newBench(t)
	c := b.capture(t, time.Now(), "accept")
	id := c.manifest.Capture
	b.deliver(t, c)
	if err := b.Reopen(t.Context(), "anna", id); !errors.Is(err, ErrUnrefused) {
		t.Errorf("Reopen of what nobody refused = %v, want ErrUnrefused", err)
	}
	_, err := b.Open(t.Context(), "anna", id)
	if err := errors.Join(err, b.Refuse(t.Context(), "anna", id, OtherPerson)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Open(t.Context(), "ben", id); !errors.Is(err, ErrRefused) || b.state(t, id) != Refused {
		t.Errorf("Open = %v, state %s, want ErrRefused and refused", err, b.state(t, id))
	}
	if err := b.Reopen(t.Context(), "anna", id); err != nil {
		t.Errorf("Reopen after a slip: %v", err)
	}
	if _, err := b.TakeOver(t.Context(), "anna", id, 0, NoVeto); err != nil {
		t.Errorf("TakeOver after a slip: %v", err)
	}
	want := []string{"device:station-1 delivered", "clerk:anna opened", "clerk:anna refused", "clerk:anna reopened", "clerk:anna taken"}
	if diff := cmp.Diff(want, b.actions(t)); diff != "" {
		t.Error(diff)
	}
}

// TestNewPhotoOfTheSameAppointment is what a refusal asks for.
func TestNewPhotoOfTheSameAppointment(t *testing.T) {
	b := newBench(t)
	first, second := b.capture(t, time.Now(), "reject"), b.capture(t, time.Now(), "accept")
	b.deliver(t, first)
	_, err := b.Open(t.Context(), "anna", first.manifest.Capture)
	if err := errors.Join(err, b.Refuse(t.Context(), "anna", first.manifest.Capture, Unsuitable)); err != nil {
		t.Fatal(err)
	}
	b.deliver(t, second)
	if list, err := b.Of(t.Context(), appt); err != nil || len(list) != 2 || b.state(t, second.manifest.Capture) != Arrived {
		t.Errorf("captures of the appointment: %+v, %v", list, err)
	}
}

// TestHistory is the same before and after the photos are erased, and of nobody else.
func TestHistory(t *testing.T) {
	b := newBench(t)
	c := b.capture(t, time.Now(), "accept")
	id := c.manifest.Capture
	b.deliver(t, c)
	b.deliver(t, b.capture(t, time.Now(), "accept"))
	_, err := b.Open(t.Context(), "anna", id)
	if err := errors.Join(err, b.Refuse(t.Context(), "anna", id, Wished)); err != nil {
		t.Fatal(err)
	}
	if n, err := b.Forget(t.Context(), time.Now().Add(Afterwards)); n != 1 || err != nil {
		t.Fatalf("Forget = %d, %v", n, err)
	}
	entries, err := b.History(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Actor+" "+e.Action+" "+e.Detail)
	}
	want := []string{"device:station-1 delivered ", "clerk:anna opened ", "clerk:anna refused nok, wish", "office forgotten refused, an hour after the decision"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestOpenRefusesWhatDoesNotFit(t *testing.T) {
	b := newBench(t)
	other := newBench(t)
	now := time.Now()
	good := b.capture(t, now, "accept")
	replayed := good
	replayed.manifest.Capture = capturedAt(now)
	old := good.manifest
	old.Capture, old.CapturedAt = capturedAt(now), now.Add(-time.Hour)
	alien := good.manifest
	alien.Capture, alien.Appointment = capturedAt(now), appointment.ID{9}
	damaged := b.capture(t, now, "accept")
	damaged.sealed[len(damaged.sealed)-1] ^= 1
	damaged.digest = envelope.Digest(sha256.Sum256(damaged.sealed))
	photo := [][]byte{[]byte("JPEG")}
	for name, c := range map[string]capture{
		"sealed for another office":            other.capture(t, now, "accept"),
		"a capture delivered under another id": replayed,
		"a capture of another appointment":     b.seal(t, alien, photo),
		"a capture with an older photo":        b.seal(t, old, photo),
		"a damaged envelope":                   damaged,
	} {
		b.deliver(t, c)
		if _, err := b.Open(t.Context(), "anna", c.manifest.Capture); !errors.Is(err, ErrUnreadable) {
			t.Errorf("%s: Open = %v, want ErrUnreadable", name, err)
		}
		if got := b.state(t, c.manifest.Capture); got != Arrived {
			t.Errorf("%s: state %s, want arrived", name, got)
		}
	}
	if _, err := b.Open(t.Context(), "anna", capturedAt(now)); !errors.Is(err, ErrUnknown) {
		t.Errorf("Open of nothing = %v, want ErrUnknown", err)
	}
	if _, err := b.Open(t.Context(), "", good.manifest.Capture); err == nil {
		t.Error("nobody opened a capture")
	}
}

func TestListAndOf(t *testing.T) {
	b := newBench(t)
	now := time.Now()
	first, second := b.capture(t, now.Add(-time.Hour), "accept"), b.capture(t, now, "accept")
	for n, c := range []capture{first, second} {
		i := Item{ID: c.manifest.Capture, Appointment: appt, Device: "d", Digest: c.digest}
		if _, _, err := b.put(t.Context(), i, bytes.NewReader(c.sealed), now.Add(time.Duration(n)*time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	day := now.Add(-time.Minute)
	list, err := b.List(t.Context(), day)
	if err != nil || len(list) != 2 || list[0].ID != second.manifest.Capture {
		t.Errorf("List = %v, %v, want two, the newest first", list, err)
	}
	if list, err := b.List(t.Context(), day.AddDate(0, 0, 1)); len(list) != 0 || err != nil {
		t.Errorf("List of tomorrow = %v, %v", list, err)
	}
	if list, err := b.Of(t.Context(), appt); len(list) != 2 || err != nil {
		t.Errorf("Of = %v, %v", list, err)
	}
	if list, err := b.Of(t.Context(), appointment.ID{}); len(list) != 0 || err != nil {
		t.Errorf("Of another = %v, %v", list, err)
	}
}

func TestLogNamesIdsOnly(t *testing.T) {
	b := newBench(t)
	c := b.capture(t, time.Now(), "accept")
	b.deliver(t, c)
	if _, err := b.Open(t.Context(), "anna", c.manifest.Capture); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.logged.String(), c.manifest.Capture.String()) {
		t.Error("log does not name the capture")
	}
	for _, secret := range []string{"JPEG", appt.String(), "09162000"} {
		if strings.Contains(b.logged.String(), secret) {
			t.Errorf("log holds %q", secret)
		}
	}
}
