// SPDX-License-Identifier: EUPL-1.2

package inbox

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

// capturedAt makes the id of a capture taken at t.
func capturedAt(t time.Time) uuid.UUID {
	id := uuid.Must(uuid.NewV7())
	ms := t.UnixMilli()
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	return id
}

func item(state State) Item {
	return Item{ID: capturedAt(noon), State: state, ReceivedAt: noon, ChangedAt: noon, ExpiresAt: noon.Add(envelope.Lifetime), Photo: -1}
}

func TestDecide(t *testing.T) {
	erased := item(Forgotten)
	erased.ErasedAt = noon.Add(envelope.Lifetime)
	in := func(d time.Duration) time.Time { return noon.Add(d) }
	tests := []struct {
		name string
		item Item
		step Step
		want State // what it is afterwards, "" when err says that it stays
		err  error
	}{
		{"a clerk opens", item(Arrived), Step{To: Opened, At: in(1), Clerk: "anna"}, Opened, nil},
		{"another clerk opens, too", item(Opened), Step{To: Opened, At: in(1), Clerk: "ben"}, Opened, nil},
		{"opened in the last moment", item(Arrived), Step{To: Opened, At: in(envelope.Lifetime - 1), Clerk: "anna"}, Opened, nil},
		{"its time is over, the bytes are still there", item(Arrived), Step{To: Opened, At: in(envelope.Lifetime), Clerk: "anna"}, "", ErrForgotten},
		{"erased", erased, Step{To: Opened, At: in(1), Clerk: "anna"}, "", ErrForgotten},
		{"taken unseen", item(Arrived), Step{To: Taken, At: in(1), Clerk: "anna", Photos: 1, Accepted: true}, "", ErrUnopened},
		{"taken", item(Opened), Step{To: Taken, At: in(1), Clerk: "anna", Photos: 1, Accepted: true}, Taken, nil},
		{"taken twice", item(Taken), Step{To: Taken, At: in(1), Clerk: "ben", Photos: 1, Accepted: true}, "", ErrTaken},
		{"no such photo", item(Opened), Step{To: Taken, At: in(1), Clerk: "anna", Photo: 2, Photos: 2, Accepted: true}, "", ErrPhoto},
		{"photo before the first", item(Opened), Step{To: Taken, At: in(1), Clerk: "anna", Photo: -1, Photos: 2, Accepted: true}, "", ErrPhoto},
		{"not accepted, no reason", item(Opened), Step{To: Taken, At: in(1), Clerk: "anna", Photos: 1}, "", ErrVeto},
		{"not accepted, obvious reason", item(Opened), Step{To: Taken, At: in(1), Clerk: "anna", Photos: 1, Veto: OKObvious}, Taken, nil},
		{"not accepted, without a reason", item(Opened), Step{To: Taken, At: in(1), Clerk: "anna", Photos: 1, Veto: OKNoReason}, Taken, nil},
		{"not accepted, taken as not good", item(Opened), Step{To: Taken, At: in(1), Clerk: "anna", Photos: 1, Veto: NOK}, "", ErrVeto},
		{"accepted, with a reason", item(Opened), Step{To: Taken, At: in(1), Clerk: "anna", Photos: 1, Accepted: true, Veto: OKObvious}, "", ErrVeto},
		{"a reason nobody knows", item(Opened), Step{To: Taken, At: in(1), Clerk: "anna", Photos: 1, Veto: "because"}, "", ErrVeto},
		{"refused", item(Opened), Step{To: Refused, At: in(1), Clerk: "anna", Why: Unsuitable}, Refused, nil},
		{"refused without a reason", item(Opened), Step{To: Refused, At: in(1), Clerk: "anna"}, "", ErrReason},
		{"refused for a reason nobody knows", item(Opened), Step{To: Refused, At: in(1), Clerk: "anna", Why: "because"}, "", ErrReason},
		{"refused unseen", item(Arrived), Step{To: Refused, At: in(1), Clerk: "anna"}, "", ErrUnopened},
		{"refused after it was taken", item(Taken), Step{To: Refused, At: in(1), Clerk: "anna"}, "", ErrTaken},
		{"refused by a slip, taken back", item(Refused), Step{To: Opened, At: in(1), Clerk: "anna", Again: true}, Opened, nil},
		{"refused, looked at", item(Refused), Step{To: Opened, At: in(1), Clerk: "anna"}, "", ErrRefused},
		{"taken, taken back", item(Taken), Step{To: Opened, At: in(1), Clerk: "anna", Again: true}, "", ErrUnrefused},
		{"taken, looked at again", item(Taken), Step{To: Opened, At: in(1), Clerk: "anna"}, Taken, nil},
		{"forgotten in time", item(Arrived), Step{To: Forgotten, At: in(envelope.Lifetime)}, Forgotten, nil},
		{"opened, never decided", item(Opened), Step{To: Forgotten, At: in(envelope.Lifetime)}, Forgotten, nil},
		{"taken stays taken", item(Taken), Step{To: Forgotten, At: in(Afterwards)}, Taken, nil},
		{"refused stays refused", item(Refused), Step{To: Forgotten, At: in(Afterwards)}, Refused, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, entry, err := test.item.Decide(test.step)
			if !errors.Is(err, test.err) {
				t.Fatalf("Decide = %v, want %v", err, test.err)
			}
			if err != nil {
				if diff := cmp.Diff(test.item, got); diff != "" || entry != (audit.Entry{}) {
					t.Errorf("item or record changed with an error: %s %+v", diff, entry)
				}
				return
			}
			if got.State != test.want || entry.Subject != "capture:"+test.item.ID.String() || entry.At != test.step.At {
				t.Errorf("state %s, entry %+v, want %s", got.State, entry, test.want)
			}
			if got.ErasedAt.IsZero() != (test.step.To != Forgotten) {
				t.Errorf("erased at %s", got.ErasedAt)
			}
		})
	}
}

func TestNothingIsForgottenEarly(t *testing.T) {
	for state, due := range map[State]time.Duration{
		Arrived: envelope.Lifetime, Opened: envelope.Lifetime, Taken: Afterwards, Refused: Afterwards,
	} {
		if _, _, err := item(state).Decide(Step{To: Forgotten, At: noon.Add(due - 1)}); err == nil {
			t.Errorf("%s was forgotten early", state)
		}
	}
	late := item(Taken) // taken over in the last minute of its life
	late.ChangedAt = late.ExpiresAt.Add(-time.Minute)
	if got := late.Due(); got != late.ExpiresAt {
		t.Errorf("taken late: due at %s, want its end %s", got, late.ExpiresAt)
	}
}

func TestRecordSaysWhyAPhotoWasErased(t *testing.T) {
	for state, want := range map[State]string{
		Arrived: "arrived, 96 hours after the capture", Opened: "opened, 96 hours after the capture",
		Taken: "taken, an hour after the decision", Refused: "refused, an hour after the decision",
	} {
		_, entry, err := item(state).Decide(Step{To: Forgotten, At: noon.Add(envelope.Lifetime)})
		if err != nil || entry.Detail != want {
			t.Errorf("%s: %q, %v, want %q", state, entry.Detail, err, want)
		}
	}
}

func TestUnknownStateIsRefused(t *testing.T) {
	if _, _, err := item(Opened).Decide(Step{To: Arrived, At: noon, Clerk: "anna"}); err == nil {
		t.Error("an item arrived twice")
	}
}

// TestLife plays any sequence of steps: a take is final and happens once, what
// is forgotten has no bytes and gets none, no step is without a record, and
// nothing lives longer than 96 hours.
func TestLife(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := noon.Add(-time.Duration(rapid.Int64Range(0, int64(envelope.Lifetime)).Draw(t, "late")))
		i, _, err := arrive(Item{ID: capturedAt(now), Device: "d"}, noon)
		if err != nil && !errors.Is(err, ErrExpired) {
			t.Fatal(err)
		}
		if err != nil {
			return
		}
		takes := 0
		for at := noon; !at.After(i.ExpiresAt.Add(time.Hour)); {
			at = at.Add(time.Duration(rapid.Int64Range(1, int64(10*time.Hour)).Draw(t, "pause")))
			s := anyStep(t, at)
			before := i
			next, entry, err := i.Decide(s)
			switch {
			case err != nil:
				if next != before || entry != (audit.Entry{}) {
					t.Fatalf("refused step %+v changed %+v into %+v", s, before, next)
				}
				continue
			case entry.Actor == "" || entry.Action == "" || entry.At != at:
				t.Fatalf("step %+v leaves the record %+v", s, entry)
			case s.To == Taken:
				takes++
			}
			check(t, before, next, s)
			i = next
		}
		if takes > 1 {
			t.Fatalf("%d takes", takes)
		}
	})
}

func anyStep(t *rapid.T, at time.Time) Step {
	return Step{
		At:       at,
		To:       rapid.SampledFrom([]State{Arrived, Opened, Taken, Refused, Forgotten, "nonsense"}).Draw(t, "to"),
		Clerk:    rapid.SampledFrom([]string{"anna", "ben"}).Draw(t, "clerk"),
		Photo:    rapid.IntRange(-1, 3).Draw(t, "photo"),
		Photos:   rapid.IntRange(0, 3).Draw(t, "photos"),
		Accepted: rapid.Bool().Draw(t, "accepted"),
		Veto:     rapid.SampledFrom([]Veto{NoVeto, OKObvious, OKNoReason, NOK}).Draw(t, "veto"),
		Why:      rapid.SampledFrom(append(Reasons(), "")).Draw(t, "why"),
		Again:    rapid.Bool().Draw(t, "again"),
	}
}

func check(t *rapid.T, before, next Item, s Step) {
	known := slices.Contains([]State{Arrived, Opened, Taken, Refused, Forgotten}, next.State)
	switch {
	case !known:
		t.Fatalf("state %q", next.State)
	case before.State == Taken && (next.State != Taken || next.Photo != before.Photo || next.Veto != before.Veto):
		t.Fatalf("taken %+v became %+v", before, next)
	case !before.ErasedAt.IsZero():
		t.Fatalf("erased item took step %+v", s)
	case next.State == Forgotten && next.ErasedAt.IsZero():
		t.Fatalf("forgotten with bytes: %+v", next)
	case next.ExpiresAt != before.ExpiresAt || next.ID != before.ID || next.Digest != before.Digest:
		t.Fatalf("%+v became %+v", before, next)
	case next.State == Taken && next.ErasedAt.IsZero() && s.At.After(next.ExpiresAt):
		t.Fatalf("bytes outlive the capture: %+v", next)
	}
}

func TestArrive(t *testing.T) {
	tests := []struct {
		name    string
		taken   time.Duration // of the capture, before (-) or after now
		err     error
		expires time.Duration
	}{
		{"just now", 0, nil, envelope.Lifetime},
		{"three days late", -72 * time.Hour, nil, 24 * time.Hour},
		{"in its last millisecond", -envelope.Lifetime + time.Millisecond, nil, time.Millisecond},
		{"too late", -envelope.Lifetime, ErrExpired, 0},
		{"station's clock is ahead", 5 * time.Minute, nil, envelope.Lifetime},
		{"too far ahead", 5*time.Minute + time.Millisecond, ErrFuture, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, entry, err := arrive(Item{ID: capturedAt(noon.Add(test.taken)), Device: "d1"}, noon)
			if !errors.Is(err, test.err) || err == nil && test.err != nil {
				t.Fatalf("arrive = %v, want %v", err, test.err)
			}
			if err == nil && (got.ExpiresAt != noon.Add(test.expires) || got.State != Arrived || entry.Actor != "device:d1") {
				t.Errorf("got %+v, %+v, want end at +%s", got, entry, test.expires)
			}
		})
	}
	if _, _, err := arrive(Item{ID: uuid.New()}, noon); !errors.Is(err, ErrID) {
		t.Errorf("UUIDv4: arrive = %v, want ErrID", err)
	}
}
