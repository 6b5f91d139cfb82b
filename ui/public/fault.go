// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"errors"
	"net/http"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/link"
	"github.com/fotobox-project/fotobox/registry/wishes"
)

// A fault is an answer that a citizen can understand: the key names its texts,
// "public.fault.<key>" and "public.fault.<key>.help".
type fault struct {
	status int
	key    string
}

// Error is the key.
func (f *fault) Error() string { return f.key }

var (
	errNothing   = &fault{http.StatusNotFound, "nothing"}
	errForeign   = &fault{http.StatusForbidden, "foreign"}
	errForged    = &fault{http.StatusNotFound, "forged"}
	errEnded     = &fault{http.StatusGone, "ended"}
	errStale     = &fault{http.StatusConflict, "stale"}
	errState     = &fault{http.StatusConflict, "state"}
	errMoves     = &fault{http.StatusConflict, "moves"}
	errWish      = &fault{http.StatusGone, "wish"}
	errOfferOver = &fault{http.StatusGone, "offer"}
	errOffline   = &fault{http.StatusNotFound, "offline"}
	errForm      = &fault{http.StatusBadRequest, "form"}
	errMany      = &fault{http.StatusTooManyRequests, "many"}
	errLarge     = &fault{http.StatusRequestEntityTooLarge, "form"}
	errInside    = &fault{http.StatusInternalServerError, "inside"}
)

// maxForm bounds a form in bytes.
const maxForm = 16 << 10

// parseForm reads a form, which only a browser of another's making sends damaged.
func parseForm(r *http.Request) error {
	err := r.ParseForm()
	if _, large := errors.AsType[*http.MaxBytesError](err); err == nil || large {
		return err
	}
	return errForm
}

// answer is the one place where an error becomes a page.
func (s *site) answer(serve func(http.ResponseWriter, *http.Request) error) http.Handler {
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
			s.Log.Error("request failed", "method", r.Method, "pattern", r.Pattern, "error", err)
		}
		v := s.view(r, "public.fault."+f.key)
		v.Data = f.key
		if err := s.pages.write(w, "fault", f.status, v); err != nil {
			s.Log.Error("page could not be made", "pattern", r.Pattern, "error", err)
		}
	})
}

// faultOf finds the citizen's words for an error.
func faultOf(err error) *fault {
	if f, ok := errors.AsType[*fault](err); ok {
		return f
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return errLarge
	}
	for _, known := range []struct {
		err   error
		fault *fault
	}{
		{link.ErrForged, errForged},
		{link.ErrEnded, errEnded},
		{book.ErrNotFound, errForged}, // the link is ours, and what it names is erased
		{wishes.ErrNotFound, errWish},
		{wishes.ErrState, errOfferOver},
		{wishes.ErrLate, errOfferOver},
		{wishes.ErrWish, errForm},
		{book.ErrOffline, errOffline},
		{book.ErrStale, errStale},
		{book.ErrMoves, errMoves},
		{book.ErrState, errState},
		{book.ErrLate, errState},
	} {
		if errors.Is(err, known.err) {
			return known.fault
		}
	}
	return errInside
}
