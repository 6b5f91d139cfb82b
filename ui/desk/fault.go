// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"errors"
	"net/http"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/clerks"
	"github.com/fotobox-project/fotobox/registry/devices"
	"github.com/fotobox-project/fotobox/registry/inbox"
)

// A fault is an answer that a clerk can understand: the key names its texts,
// "desk.fault.<key>" and "desk.fault.<key>.help".
type fault struct {
	status int
	key    string
}

// Error is the key.
func (f *fault) Error() string { return f.key }

var (
	errNothing     = &fault{http.StatusNotFound, "nothing"}
	errForeign     = &fault{http.StatusForbidden, "foreign"}
	errRole        = &fault{http.StatusForbidden, "role"}
	errAppointment = &fault{http.StatusNotFound, "appointment"}
	errUnreadable  = &fault{http.StatusUnprocessableEntity, "unreadable"}
	errCapture     = &fault{http.StatusNotFound, "capture"}
	errGone        = &fault{http.StatusGone, "gone"}
	errDecided     = &fault{http.StatusConflict, "decided"}
	errReason      = &fault{http.StatusUnprocessableEntity, "reason"}
	errUntaken     = &fault{http.StatusConflict, "untaken"}
	errPhoto       = &fault{http.StatusNotFound, "photo"}
	errDamaged     = &fault{http.StatusUnprocessableEntity, "damaged"}
	errForm        = &fault{http.StatusBadRequest, "form"}
	errTooLarge    = &fault{http.StatusRequestEntityTooLarge, "large"}
	errStation     = &fault{http.StatusNotFound, "station"}
	errRule        = &fault{http.StatusNotFound, "rule"}
	errStep        = &fault{http.StatusConflict, "step"}
	errMoves       = &fault{http.StatusConflict, "moves"}
	errInside      = &fault{http.StatusInternalServerError, "inside"}
)

// maxForm bounds a form in bytes.
const maxForm = 64 << 10

// parseForm reads a form, which only a browser of another's making sends damaged.
func parseForm(r *http.Request) error {
	err := r.ParseForm()
	if _, large := errors.AsType[*http.MaxBytesError](err); err == nil || large {
		return err
	}
	return errForm
}

// answer is the one place where an error becomes a page.
func (d *desk) answer(serve func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		err := serve(w, r)
		if err == nil {
			return
		}
		if r.Context().Err() != nil { // who went away halfway may read on: this is no success
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		f := faultOf(err)
		if f == errInside {
			d.Log.Error("request failed", "method", r.Method, "pattern", r.Pattern, "error", err)
		}
		v := d.view(r, "desk.fault."+f.key)
		v.Data = f.key
		if err := d.pages.write(w, "fault", f.status, v); err != nil {
			d.Log.Error("page could not be made", "pattern", r.Pattern, "error", err)
		}
	})
}

// faultOf finds the clerk's words for an error.
func faultOf(err error) *fault {
	if f, ok := errors.AsType[*fault](err); ok {
		return f
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return errTooLarge
	}
	for _, known := range []struct {
		err   error
		fault *fault
	}{
		{book.ErrNotFound, errAppointment},
		{book.ErrState, errStep},
		{book.ErrLate, errStep},
		{book.ErrStale, errStep},
		{book.ErrMoves, errMoves},
		{inbox.ErrUnknown, errCapture},
		{clerks.ErrNotFound, errNothing},
		{devices.ErrUnknown, errStation},
		{inbox.ErrForgotten, errGone},
		{inbox.ErrTaken, errDecided},
		{inbox.ErrUnopened, errDecided}, // the page opens: somebody refused it meanwhile
		{inbox.ErrRefused, errDecided},
		{inbox.ErrUnrefused, errDecided},
		{inbox.ErrReason, errReason},
		{inbox.ErrPhoto, errPhoto},
		{inbox.ErrUnreadable, errDamaged},
	} {
		if errors.Is(err, known.err) {
			return known.fault
		}
	}
	return errInside
}
