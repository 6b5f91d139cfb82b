// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/ui/text"
)

const (
	maxForm = 2 << 10 // bytes of a form; a code of 139 characters grows threefold when escaped
	maxCode = 200     // characters of a code
	// telling is how long a press may wait for the station.
	telling = 2 * time.Second
)

// press tells the station of a button.
func (k *kiosk) press(w http.ResponseWriter, r *http.Request) error {
	s, err := k.visitor(w, r)
	if err != nil {
		return err
	}
	b := session.Button(r.PostForm.Get("button"))
	if !slices.Contains(session.Buttons(), b) {
		return refusal{http.StatusBadRequest, "button", nil}
	}
	n, err := strconv.Atoi(r.PostForm.Get("photo"))
	if err != nil {
		n = s.Chosen // nothing was chosen: the one that was shown as chosen
	}
	return k.tell(w, r, pressed(s, b, n, k.screen.language))
}

// key tells the station of a tactile key, or of headphones, that a keypad at the display reports.
func (k *kiosk) key(w http.ResponseWriter, r *http.Request) error {
	s, err := k.visitor(w, r)
	if err != nil {
		return err
	}
	switch name := r.PostForm.Get("key"); name {
	case "plugged", "unplugged":
		return k.tell(w, r, session.Plugged{In: name == "plugged"})
	case string(session.LeftKey), string(session.MiddleKey), string(session.RightKey):
		if ev, ok := Keyed(s, session.Key(name), k.screen.language, time.Now()); ok {
			return k.tell(w, r, ev)
		}
		return taken(w, r)
	}
	return refusal{http.StatusBadRequest, "button", nil}
}

// language tells the station which language the person speaks.
func (k *kiosk) language(w http.ResponseWriter, r *http.Request) error {
	s, err := k.visitor(w, r)
	if err != nil {
		return err
	}
	l, ok := text.Parse(r.PostForm.Get("language"), text.Languages())
	if !ok {
		return refusal{http.StatusBadRequest, "language", nil}
	}
	return k.tell(w, r, session.Spoke{Visit: s.Visit, Language: string(l)})
}

// code hands a typed or scanned code to the station.
func (k *kiosk) code(w http.ResponseWriter, r *http.Request) error {
	if _, err := k.visitor(w, r); err != nil {
		return err
	}
	code := strings.TrimSpace(r.PostForm.Get("code"))
	switch {
	case code == "":
		return refusal{http.StatusBadRequest, "code-empty", nil}
	case len(code) > maxCode:
		return refusal{http.StatusRequestEntityTooLarge, "code-long", nil}
	}
	ctx, stop := context.WithTimeout(r.Context(), telling)
	defer stop()
	if err := k.station.Scan(ctx, code); errors.Is(err, ErrPause) {
		return refusal{http.StatusTooManyRequests, "pause", err}
	} else if err != nil {
		return refusal{http.StatusServiceUnavailable, "away", err}
	}
	return taken(w, r)
}

// visitor reads a form and the state that it was pressed on. A form of another
// visit, or of a page from before a restart, is refused.
func (k *kiosk) visitor(w http.ResponseWriter, r *http.Request) (session.State, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			return session.State{}, refusal{http.StatusRequestEntityTooLarge, "code-long", err}
		}
		return session.State{}, refusal{http.StatusBadRequest, "fault", err}
	}
	s, err := k.now(r.Context())
	if err != nil {
		return s, err
	}
	if !k.screen.boot.holds(r.PostForm.Get("visit"), s.Visit) {
		return s, refusal{http.StatusConflict, "stale", nil}
	}
	return s, nil
}

func (k *kiosk) tell(w http.ResponseWriter, r *http.Request, ev session.Event) error {
	ctx, stop := context.WithTimeout(r.Context(), telling)
	defer stop()
	if err := k.station.Tell(ctx, ev); err != nil {
		return refusal{http.StatusServiceUnavailable, "away", err}
	}
	return taken(w, r)
}

// taken answers what was taken: the outcome comes by the stream, or to a page
// without script by loading it anew.
func taken(w http.ResponseWriter, r *http.Request) error {
	if scripted(r) {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}
