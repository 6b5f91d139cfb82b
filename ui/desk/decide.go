// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/registry/inbox"
)

// takeOver moves the selected photo into the case. A photo that the check did
// not accept needs one of two reasons (TR-03121-3 Vol. 2, 3.9.1.3); one that it
// accepted needs none, and a reason given nevertheless is not recorded.
func (d *desk) takeOver(w http.ResponseWriter, r *http.Request, clerk string) error {
	v, err := d.decision(r, clerk)
	if err != nil {
		return d.late(w, r, clerk, err)
	}
	veto := inbox.Veto(r.PostForm.Get("reason"))
	if v.Shots[v.Selected-1].Accepted() {
		veto = inbox.NoVeto
	} else if veto != inbox.OKObvious && veto != inbox.OKNoReason {
		v.Missing = true
		return d.show(w, r, "capture", http.StatusUnprocessableEntity, v)
	}
	if _, err := d.Inbox.TakeOver(r.Context(), clerk, v.Item.ID, v.Selected-1, veto); err != nil {
		return d.late(w, r, clerk, err)
	}
	http.Redirect(w, r, "/captures/"+v.Item.ID.String(), http.StatusSeeOther)
	return nil
}

// decision reads the form of a capture that is not decided yet.
func (d *desk) decision(r *http.Request, clerk string) (captureView, error) {
	if err := parseForm(r); err != nil {
		return captureView{}, err
	}
	v, err := d.open(r, clerk)
	if err != nil {
		return captureView{}, err
	}
	if v.Item.State == inbox.Forgotten {
		return captureView{}, errGone
	}
	if v.Decided() {
		return captureView{}, errDecided
	}
	v.Selected, err = strconv.Atoi(r.PostForm.Get("photo"))
	if err != nil || v.Selected < 1 || v.Selected > len(v.Shots) {
		return captureView{}, errPhoto
	}
	return v, nil
}

// refuse ends the capture as not suitable and asks for a new photo.
func (d *desk) refuse(w http.ResponseWriter, r *http.Request, clerk string) error {
	if err := parseForm(r); err != nil {
		return err
	}
	why := inbox.Reason(r.PostForm.Get("why"))
	return d.turn(w, r, clerk, func(id uuid.UUID) error { return d.Inbox.Refuse(r.Context(), clerk, id, why) })
}

// reopen takes a refusal back while the photos are still there.
func (d *desk) reopen(w http.ResponseWriter, r *http.Request, clerk string) error {
	return d.turn(w, r, clerk, func(id uuid.UUID) error { return d.Inbox.Reopen(r.Context(), clerk, id) })
}

// turn does something with the capture of the address and shows it.
func (d *desk) turn(w http.ResponseWriter, r *http.Request, clerk string, do func(uuid.UUID) error) error {
	id, err := uuid.Parse(r.PathValue("id"))
	if err != nil {
		return errCapture
	}
	if err := do(id); err != nil {
		return d.late(w, r, clerk, err)
	}
	http.Redirect(w, r, "/captures/"+id.String(), http.StatusSeeOther)
	return nil
}

// late shows who decided before, and what; it may have been this clerk, who
// pressed twice. Any other fault it gives back.
func (d *desk) late(w http.ResponseWriter, r *http.Request, clerk string, fault error) error {
	id, err := uuid.Parse(r.PathValue("id"))
	if err != nil || faultOf(fault) != errDecided {
		return fault
	}
	i, err := d.Inbox.Get(r.Context(), id)
	if err != nil || waits(i.State) || i.State == inbox.Forgotten { // never opened by anybody, or gone
		return fault
	}
	v, err := d.open(r, clerk)
	if err != nil {
		return fault
	}
	v.Late = true
	return d.show(w, r, "capture", http.StatusConflict, v)
}
