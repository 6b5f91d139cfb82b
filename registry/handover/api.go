// SPDX-License-Identifier: EUPL-1.2

package handover

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/inbox"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

const (
	// atOnce is how many captures are open in memory, of at most 32 MiB each.
	atOnce = 4
	// patience is how long an answer may take: a photo of 8 MiB at 1 Mbit/s.
	patience = 2 * time.Minute
)

// Why a question is not answered. Each is also the answer.
var (
	errUnknown = problem.New(http.StatusNotFound, "unknown-handover", "no photo with this id was taken over")
	errGone    = problem.New(http.StatusGone, "gone", "photo is retrieved, or its 96 hours are over")
	errNoMatch = problem.New(http.StatusPreconditionRequired, "if-match", "header If-Match with the photo's ETag is required")
	errOther   = problem.New(http.StatusPreconditionFailed, "digest", "ETag in If-Match is not that of the photo")
	errBusy    = &problem.Problem{Type: "urn:fotobox:problem:busy", Title: "too many questions at once", Status: http.StatusServiceUnavailable, After: 2 * time.Second}
)

// Book has the office's appointments.
type Book interface {
	Get(ctx context.Context, id appointment.ID) (book.Appointment, error)
}

// API is what a registry software asks, as docs/openapi-handover.json describes it.
type API struct {
	Inbox *inbox.Inbox
	Book  Book
	// Identify gives the registry software that sent a request, or the problem to answer.
	Identify func(*http.Request) (vendor string, err error)
	Log      *slog.Logger

	places chan struct{}
}

// route is one operation of the interface.
type route struct {
	method, path string
	serve        func(w http.ResponseWriter, r *http.Request, vendor string) error
}

func (a *API) routes() []route {
	return []route{
		{http.MethodGet, "/v1/handovers", a.list},
		{http.MethodGet, "/v1/handovers/{id}/photo", a.opened("photo", a.photo)},
		{http.MethodGet, "/v1/handovers/{id}/record", a.opened("record", a.record)},
		{http.MethodPost, "/v1/handovers/{id}/retrieved", a.retrieved},
	}
}

// Handler serves the interface on a listener of its own.
func (a *API) Handler() http.Handler {
	a.places = make(chan struct{}, atOnce)
	mux := http.NewServeMux()
	for _, one := range a.routes() {
		mux.Handle(one.method+" "+one.path, problem.Handler(a.Log, func(w http.ResponseWriter, r *http.Request) error {
			http.NewResponseController(w).SetWriteDeadline(time.Now().Add(patience)) // who reads slowly holds a place no longer; a recorder in a test has none
			vendor, err := a.Identify(r)
			if err != nil {
				return err
			}
			return answer(one.serve(w, r, vendor))
		}))
		mux.Handle(one.path, problem.Only(one.method))
	}
	mux.Handle("/", problem.Missing())
	return mux
}

// answer gives errors that a registry software can act on their problem.
func answer(err error) error {
	for _, known := range []struct {
		err     error
		problem *problem.Problem
	}{
		{inbox.ErrUnknown, errUnknown},
		{inbox.ErrUntaken, errUnknown}, // what no clerk took over is nobody's
		{inbox.ErrForgotten, errGone},
		{inbox.ErrRetrieved, errGone},
	} {
		if errors.Is(err, known.err) {
			return known.problem
		}
	}
	return err
}

// by names a registry software in the record.
func by(vendor string) string { return "vendor:" + vendor }

// opened adapts an answer that needs the capture: it is opened, which is
// recorded, also where the answer is that nothing has changed.
func (a *API) opened(what string, serve func(w http.ResponseWriter, r *http.Request, o inbox.Opening) error) func(http.ResponseWriter, *http.Request, string) error {
	return func(w http.ResponseWriter, r *http.Request, vendor string) error {
		id, err := captureOf(r)
		if err != nil {
			return err
		}
		free, err := a.place()
		if err != nil {
			return err
		}
		defer free()
		o, err := a.Inbox.Fetch(r.Context(), by(vendor), what, id)
		if err != nil {
			return err
		}
		return serve(w, r, o)
	}
}

// place takes one of the places for open captures.
func (a *API) place() (free func(), err error) {
	select {
	case a.places <- struct{}{}:
		return func() { <-a.places }, nil
	default:
		return nil, errBusy
	}
}

func captureOf(r *http.Request) (uuid.UUID, error) {
	text := r.PathValue("id")
	id, err := uuid.Parse(text)
	if err != nil || id.String() != text {
		return uuid.UUID{}, errUnknown
	}
	return id, nil
}

func (a *API) photo(w http.ResponseWriter, r *http.Request, o inbox.Opening) error {
	return content(w, r, o, "image/jpeg", photoEnd, o.Fetched())
}

func (a *API) record(w http.ResponseWriter, r *http.Request, o inbox.Opening) error {
	text, err := Record(o)
	if err != nil {
		return err
	}
	return content(w, r, o, "application/xml", recordEnd, text)
}

// content answers with a file, or 304 to who has it.
func content(w http.ResponseWriter, r *http.Request, o inbox.Opening, kind, end string, data []byte) error {
	sum := sha256.Sum256(data)
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="`+stem(o.Item)+end+`"`)
	h.Set("Content-Digest", envelope.Digest(sum))
	h.Set("ETag", etag(sum))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	if has(r.Header.Values("If-None-Match"), etag(sum)) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Length", strconv.Itoa(len(data)))
	w.Write(data) // a caller that went away needs no answer
	return nil
}

// has says whether one of the entity tags of a header is tag.
func has(header []string, tag string) bool {
	for one := range strings.SplitSeq(strings.Join(header, ","), ",") {
		if one = strings.TrimSpace(one); one == "*" || strings.TrimPrefix(one, "W/") == tag {
			return true
		}
	}
	return false
}

func etag(sum [sha256.Size]byte) string { return `"` + hex.EncodeToString(sum[:]) + `"` }

// retrieved takes the word of a registry software that it has the photo, and
// the photo's ETag as proof. To be told once more changes nothing.
func (a *API) retrieved(w http.ResponseWriter, r *http.Request, vendor string) error {
	id, err := captureOf(r)
	if err != nil {
		return err
	}
	match := r.Header.Get("If-Match")
	if match == "" {
		return errNoMatch
	}
	i, err := a.Inbox.Get(r.Context(), id)
	if err != nil {
		return err
	}
	if i.RetrievedBy != by(vendor) { // the answer may have been lost
		if err := a.release(r.Context(), vendor, id, match); err != nil {
			return err
		}
	}
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (a *API) release(ctx context.Context, vendor string, id uuid.UUID, match string) error {
	raw, err := hex.DecodeString(strings.Trim(match, `"`))
	if err != nil || len(raw) != sha256.Size || etag([sha256.Size]byte(raw)) != match {
		return errOther
	}
	free, err := a.place()
	if err != nil {
		return err
	}
	defer free()
	same, err := a.Inbox.Holds(ctx, id, [sha256.Size]byte(raw))
	if err == nil && !same {
		return errOther
	}
	if err != nil {
		return err
	}
	return a.Inbox.Retrieved(ctx, by(vendor), id)
}
