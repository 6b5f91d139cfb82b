// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"context"
	"errors"
	"net/http"

	"github.com/fotobox-project/fotobox/registry/clerks"
)

// Keyring has the passkeys of a clerk who is signed in.
type Keyring interface {
	List(ctx context.Context, clerk string) ([]clerks.Passkey, error)
	Remove(ctx context.Context, clerk, id string) error
}

// Challenges asks the browser for a new passkey, and takes its answer.
type Challenges interface {
	BeginAdd(ctx context.Context, clerk string) (options []byte, journey string, err error)
	EndAdd(ctx context.Context, clerk, journey, name string, answer []byte) error
}

// Passkeys also lets clerks in who have one.
type Passkeys interface {
	Keyring
	Challenges
	BeginEnter(ctx context.Context, place string) (options []byte, journey string, err error)
	EndEnter(ctx context.Context, place, journey string, answer []byte) (token string, err error)
}

var _ Passkeys = (*clerks.Passkeys)(nil)

// enterChallenge asks a browser of nobody's for a passkey.
func (d *desk) enterChallenge(w http.ResponseWriter, r *http.Request) error {
	options, journey, err := d.Passkeys.BeginEnter(r.Context(), d.place(r))
	if err != nil {
		return d.refused(w, r, signInForm{To: "/"}, err)
	}
	return d.ask(w, r, options, journey)
}

// enter signs a clerk in whose passkey answers.
func (d *desk) enter(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	form := signInForm{To: local(r.PostForm.Get("to"))}
	token, err := d.Passkeys.EndEnter(r.Context(), d.place(r), d.journey(w, r), []byte(r.PostForm.Get("answer")))
	if err != nil {
		return d.refused(w, r, form, err)
	}
	d.welcome(w, r, token)
	http.Redirect(w, r, form.To, http.StatusSeeOther)
	return nil
}

// addChallenge asks the clerk's browser for a new passkey.
func (d *desk) addChallenge(w http.ResponseWriter, r *http.Request, clerk string) error {
	options, journey, err := d.Passkeys.BeginAdd(r.Context(), clerk)
	if err != nil {
		return err
	}
	return d.ask(w, r, options, journey)
}

// addPasskey keeps the new passkey.
func (d *desk) addPasskey(w http.ResponseWriter, r *http.Request, clerk string) error {
	if err := parseForm(r); err != nil {
		return err
	}
	err := d.Passkeys.EndAdd(r.Context(), clerk, d.journey(w, r), r.PostForm.Get("name"), []byte(r.PostForm.Get("answer")))
	if errors.Is(err, clerks.ErrJourney) || errors.Is(err, clerks.ErrPasskey) {
		return d.showAccount(w, r, clerk, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/account", http.StatusSeeOther)
	return nil
}

// removePasskey takes one away.
func (d *desk) removePasskey(w http.ResponseWriter, r *http.Request, clerk string) error {
	if err := d.Passkeys.Remove(r.Context(), clerk, r.PathValue("id")); err != nil {
		return err
	}
	http.Redirect(w, r, "/account", http.StatusSeeOther)
	return nil
}

// ask sends a question for the browser's script.
func (d *desk) ask(w http.ResponseWriter, r *http.Request, options []byte, journey string) error {
	d.setJourney(w, r, journey)
	w.Header().Set("Content-Type", "application/json")
	_, err := w.Write(options)
	return err
}
