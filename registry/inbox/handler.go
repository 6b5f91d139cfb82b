// SPDX-License-Identifier: EUPL-1.2

package inbox

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// patience is how long one delivery may take: 32 MiB at 2 Mbit/s.
const patience = 3 * time.Minute

// Answers that Put does not know.
var (
	errBusy  = &problem.Problem{Type: "urn:fotobox:problem:busy", Title: "too many deliveries at once", Status: http.StatusServiceUnavailable, After: 2 * time.Second}
	errMedia = problem.New(http.StatusUnsupportedMediaType, "media-type", "content type is not application/age")
	errOnce  = problem.New(http.StatusPreconditionRequired, "if-none-match", "header If-None-Match: * is required")
	errAppt  = problem.New(http.StatusUnprocessableEntity, "appointment", "header Fotobox-Appointment is not 16 hexadecimal digits")
)

// Handler serves PUT /v1/captures/{id} on the device listener. identify gives
// the station that sent a request, or the problem to answer.
func (b *Inbox) Handler(identify func(*http.Request) (device string, err error)) http.Handler {
	places := newPlaces()
	mux := http.NewServeMux()
	mux.Handle("PUT /v1/captures/{id}", problem.Handler(b.log, func(w http.ResponseWriter, r *http.Request) error {
		device, err := identify(r)
		if err == nil {
			err = b.servePut(w, r, device, places)
		}
		if err != nil {
			b.count(statusOf(err))
		}
		return err
	}))
	mux.Handle("/v1/captures/{id}", problem.Only(http.MethodPut))
	mux.Handle("/", problem.Missing())
	return mux
}

func (b *Inbox) servePut(w http.ResponseWriter, r *http.Request, device string, places *places) error {
	err := b.deliverIfRoom(w, r, device, places)
	if err != nil {
		// A client that still sends would meet a closed connection instead of
		// the answer.
		io.CopyN(io.Discard, r.Body, envelope.MaxSize)
	}
	return err
}

func (b *Inbox) deliverIfRoom(w http.ResponseWriter, r *http.Request, device string, places *places) error {
	connection := http.NewResponseController(w) // a recorder in a test has no deadline
	connection.SetReadDeadline(time.Now().Add(patience))
	id, appt, err := address(r)
	if err != nil {
		return err
	}
	leave, err := places.take(r.Context(), device, r.ContentLength)
	if err != nil {
		return err
	}
	defer leave()
	connection.SetReadDeadline(time.Now().Add(patience))
	return b.deliver(w, r, device, id, appt)
}

func (b *Inbox) deliver(w http.ResponseWriter, r *http.Request, device string, id uuid.UUID, appt appointment.ID) error {
	receipt, created, err := b.Put(r.Context(), device, id, appt, r.Header.Get("Content-Digest"), announced{r.Body, r.ContentLength})
	if err != nil {
		return b.answer(err)
	}
	status := http.StatusOK
	if created {
		status = http.StatusCreated
		b.log.Info("capture delivered", "capture", id.String(), "device", device)
	}
	b.count(status)
	problem.Encode(w, status, receipt) // a lost receipt is asked for again
	return nil
}

// address reads what the request says about its content.
func address(r *http.Request) (id uuid.UUID, appt appointment.ID, err error) {
	text := r.PathValue("id")
	if id, err = uuid.Parse(text); err != nil || id.String() != text || id.Version() != 7 {
		return id, appt, ErrID
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/age" {
		return id, appt, errMedia
	}
	if r.Header.Get("If-None-Match") != "*" {
		return id, appt, errOnce
	}
	if r.ContentLength > envelope.MaxSize {
		return id, appt, ErrTooLarge
	}
	if appt, err = appointment.ParseID(r.Header.Get("Fotobox-Appointment")); err != nil {
		return id, appt, errAppt
	}
	return id, appt, nil
}

// answer gives an error of the store that a station can act on its status.
func (b *Inbox) answer(err error) error {
	if errors.Is(err, store.ErrFull) {
		b.log.Error("disk is full, no capture is taken in")
		return problem.Full
	}
	return err
}

func (b *Inbox) count(status int) {
	b.figures.deliveries.WithLabelValues(strconv.Itoa(status)).Inc()
}

// statusOf is what problem.Handler answers an error with.
func statusOf(err error) int {
	if p, ok := errors.AsType[*problem.Problem](err); ok {
		return p.Status
	}
	return http.StatusInternalServerError
}
