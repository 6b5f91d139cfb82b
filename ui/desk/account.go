// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"

	"github.com/fotobox-project/fotobox/registry/clerks"
)

// accountPage is where a clerk is signed in, and what with.
type accountPage struct {
	Sessions []clerks.Open
	Passkeys []clerks.Passkey
	Keyring  bool // passkeys can be added here
	Refused  bool // the one that was to be added
	Feeds    bool // offices have calendars for calendar programs
}

func (d *desk) account(w http.ResponseWriter, r *http.Request, clerk string) error {
	return d.showAccount(w, r, clerk, http.StatusOK)
}

func (d *desk) showAccount(w http.ResponseWriter, r *http.Request, clerk string, status int) (err error) {
	p := accountPage{Keyring: d.Passkeys != nil, Feeds: d.FeedKey != nil, Refused: status != http.StatusOK}
	if p.Sessions, err = d.Staff.Sessions(r.Context(), clerk, d.token(r)); err != nil {
		return err
	}
	if p.Keyring {
		if p.Passkeys, err = d.Passkeys.List(r.Context(), clerk); err != nil {
			return err
		}
	}
	return d.show(w, r, "account", status, p)
}

// signOutEverywhere ends this session of the clerk and all others.
func (d *desk) signOutEverywhere(w http.ResponseWriter, r *http.Request, clerk string) error {
	if err := d.Staff.SignOutEverywhere(r.Context(), "clerk:"+clerk, clerk); err != nil {
		return err
	}
	d.farewell(w, r)
	return nil
}

// clerkList shows a supervisor the clerks and who is signed in.
func (d *desk) clerkList(w http.ResponseWriter, r *http.Request, _ string) error {
	list, err := d.Staff.List(r.Context())
	if err != nil {
		return err
	}
	return d.show(w, r, "clerks", http.StatusOK, list)
}

// endSessions signs another clerk out everywhere.
func (d *desk) endSessions(w http.ResponseWriter, r *http.Request, clerk string) error {
	if err := d.Staff.SignOutEverywhere(r.Context(), "clerk:"+clerk, r.PathValue("name")); err != nil {
		return err
	}
	http.Redirect(w, r, "/clerks", http.StatusSeeOther)
	return nil
}
