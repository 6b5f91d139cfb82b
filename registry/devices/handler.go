// SPDX-License-Identifier: EUPL-1.2

package devices

import (
	"crypto/x509"
	"encoding/hex"
	"errors"
	"net/http"
	"time"

	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// longestRequest is a JSON body with a CSR and a name in it, in bytes.
const longestRequest = 16 << 10

// Handler serves enrolment, renewal and settings on the device listener.
func (d *Devices) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST "+enrolment.EnrolPath, problem.Handler(d.log, d.serveEnrol))
	mux.Handle("POST "+enrolment.RenewPath, problem.Handler(d.log, d.serveRenew))
	mux.Handle("GET "+enrolment.StationPath, problem.Handler(d.log, d.serveStation))
	mux.Handle(enrolment.EnrolPath, problem.Only(http.MethodPost))
	mux.Handle(enrolment.RenewPath, problem.Only(http.MethodPost))
	mux.Handle(enrolment.StationPath, problem.Only(http.MethodGet))
	mux.Handle("/", problem.Missing())
	return mux
}

// Identify gives the id of the station that sent r, checked against the list.
// Its error is a problem that may be answered.
func (d *Devices) Identify(r *http.Request) (device string, err error) {
	now := time.Now()
	leaf, err := certificate(r, "station", now)
	if err != nil {
		return "", err
	}
	if isVendor(leaf) || !isID(leaf.Subject.CommonName) {
		return "", ErrUnknown
	}
	id := leaf.Subject.CommonName
	return id, d.admit(r.Context(), id, now)
}

// certificate gives the one that r came with, of somebody of that kind, as long as it is valid.
func certificate(r *http.Request, kind string, now time.Time) (*x509.Certificate, error) {
	if r.TLS == nil || len(r.TLS.VerifiedChains) == 0 {
		return nil, problem.New(http.StatusUnauthorized, "no-certificate", "a "+kind+"'s certificate is required")
	}
	leaf := r.TLS.VerifiedChains[0][0]
	if now.After(leaf.NotAfter) { // a connection may live longer than its certificate
		return nil, problem.New(http.StatusUnauthorized, "certificate-expired", kind+"'s certificate is expired")
	}
	return leaf, nil
}

// isID says whether the database can be asked for it: PostgreSQL takes no NUL.
func isID(name string) bool {
	_, err := hex.DecodeString(name)
	return err == nil
}

func (d *Devices) serveEnrol(w http.ResponseWriter, r *http.Request) error {
	var q enrolment.Request
	if err := problem.Decode(w, r, longestRequest, &q); err != nil {
		return err
	}
	answer, err := d.Enrol(r.Context(), q, time.Now())
	if err != nil {
		return refusal(err)
	}
	problem.Encode(w, http.StatusCreated, answer)
	return nil
}

func (d *Devices) serveRenew(w http.ResponseWriter, r *http.Request) error {
	var q enrolment.Renewal
	if err := problem.Decode(w, r, longestRequest, &q); err != nil {
		if _, stranger := d.Identify(r); stranger != nil && r.TLS != nil && len(r.TLS.VerifiedChains) > 0 {
			return stranger // who is not let in is told so, and not how to ask
		}
		return err
	}
	id, err := d.renewing(r, q, time.Now())
	if err != nil {
		return err
	}
	cert, err := d.Renew(r.Context(), id, q, time.Now())
	if err != nil {
		return refusal(err)
	}
	problem.Encode(w, http.StatusCreated, cert)
	return nil
}

func (d *Devices) serveStation(w http.ResponseWriter, r *http.Request) error {
	id, err := d.Identify(r)
	if err != nil {
		return err
	}
	settings, err := d.Settings(r.Context(), time.Now())
	if err == nil && d.Operation != nil {
		settings.Operation, err = d.Operation(r.Context(), id)
	}
	if err == nil && d.Place != nil {
		settings.Place, err = d.Place(r.Context(), id)
	}
	if err != nil {
		return err
	}
	problem.Encode(w, http.StatusOK, settings)
	return nil
}

// refusal answers a full disk; problems and other errors stay what they are.
func refusal(err error) error {
	if errors.Is(err, store.ErrFull) {
		return problem.Full
	}
	return err
}
