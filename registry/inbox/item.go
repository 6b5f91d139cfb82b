// SPDX-License-Identifier: EUPL-1.2

package inbox

import (
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/audit"
)

// State is how far a capture has come.
type State string

// The states of a capture. Taken is final; a refused one may be opened again
// while its bytes are there.
const (
	Arrived   State = "arrived"
	Opened    State = "opened"
	Taken     State = "taken"
	Refused   State = "refused"
	Forgotten State = "forgotten" // its time was over before a clerk decided
)

// Retrieved is no state but a step: the registry software has the photo of a
// taken capture.
const Retrieved State = "retrieved"

// Veto is why a clerk overrules the engine (TR-03121-3 Vol. 2, 3.9.1.3, UI-FI-OP).
type Veto string

// The reasons of a veto. NoVeto goes with a photo that the engine accepts.
const (
	NoVeto     Veto = ""
	OKObvious  Veto = "ok-obvious"   // good for an obvious reason, whatever the engine says
	OKNoReason Veto = "ok-no-reason" // good, and the clerk gives no reason
	NOK        Veto = "nok"          // not good, whatever the engine says
)

// Reason is why a clerk asks for a new photo.
type Reason string

// The reasons for a new photo. They stand in the record and name nobody.
const (
	Unsuitable  Reason = "photo"  // no photo of the capture is good enough
	OtherPerson Reason = "person" // the photos show another person than the one at the counter
	Wished      Reason = "wish"   // the citizen does not like them
)

// Reasons lists the reasons for a new photo, the commonest first.
func Reasons() []Reason { return []Reason{Unsuitable, OtherPerson, Wished} }

// Afterwards is how long the bytes stay after a clerk took a photo over or
// refused the capture, so that a lost transfer or a slip can be made good. It
// never reaches beyond the capture's own end. A photo that the registry software
// retrieves stays until it has, instead.
const Afterwards = time.Hour

// Why a step is not possible.
var (
	ErrUnknown   = errors.New("capture is not known")
	ErrForgotten = errors.New("capture's photos are erased")
	ErrTaken     = errors.New("capture is taken over already")
	ErrUnopened  = errors.New("capture must be opened first")
	ErrRefused   = errors.New("capture is refused, and was not taken back")
	ErrUnrefused = errors.New("capture is not refused: there is nothing to take back")
	ErrReason    = errors.New("no reason for a new photo is given")
	ErrPhoto     = errors.New("capture has no such photo")
	ErrVeto      = errors.New("reason does not fit: a photo that the engine does not accept needs ok-obvious or ok-no-reason, and no other has one")
)

// Item is what the office knows about a capture without opening it.
type Item struct {
	ID          uuid.UUID // UUIDv7: its time is the moment of capture
	Appointment appointment.ID
	Device      string // the station that delivered it
	Digest      string // of the envelope, as in Content-Digest
	Size        int64  // of the envelope, bytes
	ReceivedAt  time.Time
	ExpiresAt   time.Time // no byte of it exists afterwards
	State       State
	ChangedAt   time.Time // when State became what it is
	ChangedBy   string    // the clerk who did it, or empty
	Photo       int       // index of the photo taken over, -1 for none
	Veto        Veto
	ErasedAt    time.Time // zero while the bytes are there
	Handover    int64     // number among the photos for the registry software, 0 for none
	RetrievedAt time.Time // when that software had it, or zero
	RetrievedBy string    // "vendor:<id>" or "folder", or empty
}

// Step is something that happens to an item.
type Step struct {
	To       State // what it is meant to become
	At       time.Time
	Clerk    string // empty when the office itself forgets
	Photo    int    // Taken: index of the photo
	Photos   int    // Taken: how many there are
	Accepted bool   // Taken: the engine accepts the photo
	Veto     Veto   // Taken: why it is taken all the same
	Why      Reason // Refused: why a new photo is asked for
	Again    bool   // Opened: a refusal is taken back
	Handover int64  // Taken: its number for the registry software, 0 for none
	By       string // who retrieves it: "vendor:<id>" or "folder"
}

// Decide says what the item becomes and what goes into the record, or why the
// step is not possible; then the item stays as it is.
func (i Item) Decide(s Step) (Item, audit.Entry, error) {
	if !i.ErasedAt.IsZero() {
		return i, audit.Entry{}, ErrForgotten
	}
	if s.To == Forgotten {
		return i.forget(s)
	}
	if !s.At.Before(i.ExpiresAt) { // not yet erased, and nobody's any more
		return i, audit.Entry{}, ErrForgotten
	}
	switch s.To {
	case Opened:
		return i.open(s)
	case Taken:
		return i.take(s)
	case Refused:
		return i.refuse(s)
	case Retrieved:
		return i.retrieve(s)
	}
	return i, audit.Entry{}, errors.New("inbox: capture cannot become " + string(s.To))
}

// open leaves a taken item taken: it is looked at once more, to repeat the
// transfer.
func (i Item) open(s Step) (Item, audit.Entry, error) {
	next, action := i, "opened"
	switch {
	case s.Again && i.State != Refused:
		return i, audit.Entry{}, ErrUnrefused
	case i.State == Refused && !s.Again: // looking at it must not take the refusal back
		return i, audit.Entry{}, ErrRefused
	case s.Again:
		action = "reopened"
	}
	if i.State != Taken {
		next = i.become(s)
		next.Veto = NoVeto
	}
	return next, i.entry(s, action, ""), nil
}

func (i Item) take(s Step) (Item, audit.Entry, error) {
	overruled := s.Veto == OKObvious || s.Veto == OKNoReason
	switch {
	case i.State == Taken:
		return i, audit.Entry{}, ErrTaken
	case i.State != Opened:
		return i, audit.Entry{}, ErrUnopened
	case s.Photo < 0 || s.Photo >= s.Photos:
		return i, audit.Entry{}, ErrPhoto
	case s.Accepted && s.Veto != NoVeto, !s.Accepted && !overruled:
		return i, audit.Entry{}, ErrVeto
	}
	next := i.become(s)
	next.Photo, next.Veto, next.Handover = s.Photo, s.Veto, s.Handover
	return next, i.entry(s, "taken", string(s.Veto)), nil
}

func (i Item) refuse(s Step) (Item, audit.Entry, error) {
	switch i.State {
	case Taken:
		return i, audit.Entry{}, ErrTaken
	case Opened:
		if !slices.Contains(Reasons(), s.Why) {
			return i, audit.Entry{}, ErrReason
		}
		next := i.become(s)
		next.Veto = NOK
		return next, i.entry(s, "refused", string(NOK)+", "+string(s.Why)), nil
	}
	return i, audit.Entry{}, ErrUnopened
}

// forget erases the bytes. What a clerk decided before stays known.
func (i Item) forget(s Step) (Item, audit.Entry, error) {
	if s.At.Before(i.Due()) {
		return i, audit.Entry{}, errors.New("inbox: capture's time is not over")
	}
	next := i
	if i.State != Taken && i.State != Refused {
		next = i.become(s)
	}
	next.ErasedAt = s.At
	return next, i.entry(s, "forgotten", string(i.State)+", "+i.why()), nil
}

// why says in the record which limit erased the bytes.
func (i Item) why() string {
	switch {
	case !i.RetrievedAt.IsZero():
		return "the registry software has it"
	case i.Due().Before(i.ExpiresAt):
		return "an hour after the decision"
	}
	return "96 hours after the capture"
}

// Due is when the bytes are erased.
func (i Item) Due() time.Time {
	switch {
	case i.Waits():
		return i.ExpiresAt
	case !i.RetrievedAt.IsZero():
		return i.RetrievedAt
	}
	if i.State == Taken || i.State == Refused {
		if early := i.ChangedAt.Add(Afterwards); early.Before(i.ExpiresAt) {
			return early
		}
	}
	return i.ExpiresAt
}

func (i Item) become(s Step) Item {
	i.State, i.ChangedAt, i.ChangedBy = s.To, s.At, s.Clerk
	return i
}

func (i Item) entry(s Step, action, detail string) audit.Entry {
	actor := "office"
	if s.Clerk != "" {
		actor = "clerk:" + s.Clerk
	}
	if s.By != "" {
		actor = s.By
	}
	return audit.Entry{At: s.At, Actor: actor, Action: action, Subject: "capture:" + i.ID.String(), Detail: detail}
}
