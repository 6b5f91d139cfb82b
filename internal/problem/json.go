// SPDX-License-Identifier: EUPL-1.2

package problem

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
)

// Answers that requests with JSON share.
var (
	Malformed = New(http.StatusBadRequest, "malformed", "request is not the JSON expected here")
	TooLarge  = New(http.StatusRequestEntityTooLarge, "too-large", "request is too large")
	CutOff    = New(http.StatusRequestTimeout, "body", "content ended early or came too slowly")
	Full      = New(http.StatusInsufficientStorage, "full", "office's disk is full")
)

// Decode reads a request of at most so many bytes into what it is about, or
// gives the problem to answer. It leaves out fields that it does not know: a
// newer caller has them.
func Decode(w http.ResponseWriter, r *http.Request, most int64, into any) error {
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, most)).Decode(into)
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return TooLarge
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, os.ErrDeadlineExceeded) {
		return CutOff // asked again it may come whole
	}
	return Malformed
}

// Encode answers with JSON that nobody keeps.
func Encode(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(answer) // a caller that went away needs no answer
}
